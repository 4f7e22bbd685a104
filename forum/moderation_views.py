"""Pages of moderators and of the bureau: hide, move, pin, reports, the journal, spaces and who may do what there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from files.queries import attached_to
from forum import actions, queries, rules
from forum.finding import crumbs, the_post, the_topic
from forum.forms import DecisionForm, MoveForm, PinForm, ReasonForm, SpaceForm
from forum.journal import in_words, lines_for
from forum.models import Report, Space, State
from forum.reporting import moderated_spaces, reports_for
from forum.rights import looked_at_by, matrix_for, staff_of
from forum.spaces import SpaceRefused
from look.pages import page_of
from members.middleware import ClubRequest
from members.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: ClubRequest, pk: int) -> HttpResponse:
    """Hide a message with a reason (moderators)."""
    shown = the_post(request, pk)
    if rules.may_show(request.viewer, shown):  # hidden already, by whoever was first
        return redirect(shown)
    if not rules.may_hide(request.viewer, shown):
        raise Http404
    hint = "L’auteur et les modérateurs le liront. Par exemple : « Données personnelles d’un habitant »."
    form = ReasonForm(request.POST or None, hint=hint)
    if request.method == "POST" and form.is_valid():
        actions.hide_post(post_id=pk, reason=form.cleaned_data["reason"], by=request.viewer)
        messages.success(request, "Le message est masqué. Seuls les modérateurs le voient encore.")
        return redirect(shown)
    context = {"form": form, "post": shown, "crumbs": crumbs(shown.topic.space, shown.topic, "Masquer un message")}
    return render(request, "forum/hide.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hide_topic(request: ClubRequest, pk: int) -> HttpResponse:
    """Hide a whole topic with a reason, or show it again (`show` in the form; moderators)."""
    shown = the_topic(request, pk)
    if not rules.may_moderate(request.viewer, shown.space):
        raise Http404
    if request.method == "POST" and "show" in request.POST:
        actions.show_topic(topic_id=pk, by=request.viewer)
        messages.success(request, "La discussion est de nouveau visible.")
        return redirect(shown)
    form = ReasonForm(request.POST or None, hint="Les modérateurs le liront. Par exemple : « Publicité ».")
    if request.method == "POST" and form.is_valid():
        actions.hide_topic(topic_id=pk, reason=form.cleaned_data["reason"], by=request.viewer)
        messages.success(request, "La discussion est masquée. Seuls les modérateurs la voient encore.")
        return redirect(shown)
    context = {"form": form, "topic": shown, "crumbs": crumbs(shown.space, shown, "Masquer la discussion")}
    return render(request, "forum/hide_topic.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: ClubRequest, pk: int) -> HttpResponse:
    """Move a topic to another space (whoever moderates both)."""
    shown = the_topic(request, pk)
    if not rules.may_moderate(request.viewer, shown.space):
        raise Http404
    # sent twice, it finds the topic where it wanted it: that is done, not refused
    here = [shown.space] if request.method == "POST" else []
    form = MoveForm(request.POST or None, targets=[*queries.move_targets(request.viewer, shown), *here])
    if request.method == "POST" and form.is_valid():
        target = form.cleaned_data["target"]
        actions.move_topic(topic_id=pk, target=target, by=request.viewer)
        messages.success(request, f"La discussion est maintenant dans « {target.title} ».")
        return redirect(shown)
    context = {"form": form, "topic": shown, "crumbs": crumbs(shown.space, shown, "Déplacer")}
    return render(request, "forum/move.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: ClubRequest, pk: int) -> HttpResponse:
    """Put a topic first in its list until a day, or end that (`stop` in the form; moderators)."""
    shown = the_topic(request, pk)
    if not rules.may_pin(request.viewer, shown):
        raise Http404
    if request.method == "POST" and "stop" in request.POST:
        actions.unpin_topic(topic_id=pk, by=request.viewer)
        messages.success(request, "La discussion a repris sa place parmi les autres.")
        return redirect(shown)
    form = PinForm(request.POST or None, everywhere=rules.may_pin(request.viewer, shown, everywhere=True))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.pin_topic(topic_id=pk, until=data["until"], everywhere=data.get("everywhere", False), by=request.viewer)
        messages.success(request, "La discussion est en tête. Elle en descendra d’elle-même.")
        return redirect(shown)
    context = {"form": form, "topic": shown, "crumbs": crumbs(shown.space, shown, "Mettre en tête")}
    return render(request, "forum/pin.html", context)


def _as_moderator(request: ClubRequest) -> list[Space]:
    spaces = moderated_spaces(request.viewer)
    if not spaces:
        raise Http404
    return spaces


@require_safe
def reports(request: ClubRequest) -> HttpResponse:
    """What was reported in the spaces that I moderate and waits, the oldest first."""
    _as_moderator(request)
    page = page_of(reports_for(request.viewer), request)
    context = {"page": page, "crumbs": crumbs(last="Signalements")}
    return render(request, "forum/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: ClubRequest, pk: int) -> HttpResponse:
    """Keep a reported message or hide it with a reason; all that waits about it is decided (moderators)."""
    shown = the_post(request, pk)
    if not rules.may_decide_reports(request.viewer, shown) or shown.state == State.DELETED:
        raise Http404
    waiting = Report.objects.filter(post=shown, outcome=Report.Outcome.WAITING).select_related("person")
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        hiding = request.POST.get("outcome") == "hide"
        actions.decide_reports(post_id=pk, hide=hiding, answer=form.cleaned_data["answer"], by=request.viewer)
        done = "Le message est masqué." if hiding else "Le message est conservé."
        messages.success(request, f"{done} Les personnes concernées sont prévenues.")
        return redirect("forum:reports")
    files = attached_to("post", [shown.pk])[shown.pk]
    context = {
        "form": form,
        "post": shown,
        "files": files,
        "reports": waiting,
        "crumbs": crumbs(last="Décider d’un signalement"),
    }
    return render(request, "forum/decide.html", context)


@require_safe
def journal(request: ClubRequest) -> HttpResponse:
    """Who did what in the spaces that I moderate, the newest first."""
    spaces = _as_moderator(request)
    page = page_of(lines_for(spaces, everywhere=rules.may_keep_spaces(request.viewer)), request)
    context = {"page": page, "lines": in_words(list(page.object_list)), "crumbs": crumbs(last="Journal")}
    return render(request, "forum/journal.html", context)


def _as_bureau(request: ClubRequest) -> None:
    if not rules.may_keep_spaces(request.viewer):
        raise Http404


@require_safe
def keep_spaces(request: ClubRequest) -> HttpResponse:
    """Every space with who reads, writes and moderates it; as one person, whom the address names (the bureau)."""
    _as_bureau(request)
    asked = request.GET.get("personne", "").replace("\x00", "").strip()[:120]
    person = Person.objects.filter(email__iexact=asked).first() if asked else None
    if person is not None:
        looked_at_by(person, by=request.viewer)
    context = {
        "rows": matrix_for(person) if person else matrix_for(None),
        "staff": staff_of(),
        "person": person,
        "asked": asked,
        "crumbs": crumbs(last="Espaces et droits"),
    }
    return render(request, "forum/keep_spaces.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def keep_space(request: ClubRequest, pk: int | None = None) -> HttpResponse:
    """Open a space or change one (the bureau)."""
    _as_bureau(request)
    space = get_object_or_404(Space, pk=pk) if pk is not None else None
    form = SpaceForm(request.POST or None, space=space)
    if request.method == "POST" and form.is_valid():
        kept: dict[str, Any] = form.kept
        try:
            made = actions.keep_space(space=space, by=request.viewer, **kept)
        except SpaceRefused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, f"L’espace « {made.title} » est enregistré.")
            return redirect("forum:keep_spaces")
    last = "Ouvrir un espace" if space is None else f"Modifier « {space.title} »"
    return render(request, "forum/keep_space.html", {"form": form, "space": space, "crumbs": crumbs(last=last)})
