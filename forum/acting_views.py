"""What one does with a message or a topic: one POST each, then back to where it stands."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum import actions, rules
from forum.finding import crumbs, the_post, the_topic
from forum.forms import ReasonForm, ReportForm
from forum.models import Post
from forum.versions import versions_of
from members.middleware import ClubRequest
from members.rules import Gone
from realtime.kinds import number_of


def _act(request: ClubRequest, pk: int, action: Callable[..., Post], done: str) -> HttpResponse:
    """Carry out an act on a post and go back to where it stands."""
    shown = the_post(request, pk)
    try:
        action(post_id=pk, by=request.viewer)
    except Gone as gone:
        messages.warning(request, str(gone))
        return redirect(shown.topic)
    messages.success(request, done)
    return redirect(shown)


@require_POST
def delete(request: ClubRequest, pk: int) -> HttpResponse:
    """Withdraw one's reply; it can be taken back for 24 hours."""
    return _act(
        request, pk, actions.delete_post, "Votre réponse est retirée. Vous pouvez la rétablir pendant 24 heures."
    )


@require_POST
def restore(request: ClubRequest, pk: int) -> HttpResponse:
    """Take back a withdrawal."""
    return _act(request, pk, actions.restore_post, "Votre réponse est rétablie.")


@require_POST
def show(request: ClubRequest, pk: int) -> HttpResponse:
    """Show a hidden message again (moderators)."""
    return _act(request, pk, actions.show_post, "Le message est de nouveau visible.")


@require_POST
def accept(request: ClubRequest, pk: int) -> HttpResponse:
    """Mark a reply as the one that answers."""
    return _act(
        request, pk, actions.accept_answer, "Cette réponse est retenue : elle est montrée sous la première publication."
    )


@require_POST
def withdraw_acceptance(request: ClubRequest, pk: int) -> HttpResponse:
    """No reply is the accepted one any more."""
    shown = the_topic(request, pk)
    actions.withdraw_acceptance(topic_id=pk, by=request.viewer)
    messages.success(request, "Aucune réponse n’est plus retenue.")
    return redirect(shown)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: ClubRequest, pk: int) -> HttpResponse:
    """Close a topic with a reason (whoever opened it, moderators)."""
    shown = the_topic(request, pk)
    if not rules.may_close(request.viewer, shown):
        raise Http404
    hint = "Tout le monde le lira. Par exemple : « Réglé avec l’entreprise, merci à tous »."
    form = ReasonForm(request.POST or None, hint=hint)
    if request.method == "POST" and form.is_valid():
        actions.close_topic(topic_id=pk, reason=form.cleaned_data["reason"], by=request.viewer)
        messages.success(request, "La discussion est close. Elle reste lisible ; vous pouvez la rouvrir.")
        return redirect(shown)
    context = {"form": form, "topic": shown, "crumbs": crumbs(shown.space, shown, "Clore")}
    return render(request, "forum/close.html", context)


@require_POST
def reopen(request: ClubRequest, pk: int) -> HttpResponse:
    """Take a closed topic up again."""
    shown = the_topic(request, pk)
    actions.reopen_topic(topic_id=pk, by=request.viewer)
    messages.success(request, "La discussion est rouverte.")
    return redirect(shown)


@require_POST
def we_too(request: ClubRequest, pk: int) -> HttpResponse:
    """A collectivité has the same difficulty, or has it no more (`stop` in the form)."""
    shown = the_topic(request, pk)
    organisation = number_of(request.POST.get("organisation", ""))
    if "stop" in request.POST:
        actions.say_we_no_more(topic_id=pk, organisation_id=organisation, by=request.viewer)
        messages.success(request, "Votre collectivité n’est plus comptée.")
    else:
        actions.say_we_too(topic_id=pk, organisation_id=organisation, by=request.viewer)
        messages.success(request, "C’est noté : votre collectivité est concernée aussi. Vous suivez la discussion.")
    return redirect(shown)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: ClubRequest, pk: int) -> HttpResponse:
    """Tell the moderators of a message (signed-in people)."""
    shown = the_post(request, pk)
    if not rules.may_report(request.viewer, shown):
        raise Http404
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.report_post(post_id=pk, reason=data["reason"], note=data["note"], by=request.viewer)
        messages.success(request, "Merci. Les modérateurs vont regarder ce message ; vous saurez ce qu’il en est.")
        return redirect(shown)
    context = {"form": form, "post": shown, "crumbs": crumbs(shown.topic.space, shown.topic, "Signaler")}
    return render(request, "forum/report.html", context)


@require_safe
def versions(request: ClubRequest, pk: int) -> HttpResponse:
    """What a message was before its edits, and what changed (members who read it)."""
    shown = the_post(request, pk)
    if not rules.may_see_versions(request.viewer, shown):
        raise Http404
    moderates = rules.may_moderate(request.viewer, shown.topic.space)
    context = {
        "post": shown,
        "versions": versions_of(shown, with_hidden=moderates),
        "moderates": moderates,
        "crumbs": crumbs(shown.topic.space, shown.topic, "Versions d’un message"),
    }
    return render(request, "forum/versions.html", context)


@require_POST
def hide_version(request: ClubRequest, pk: int) -> HttpResponse:
    """Hide an earlier text of a message (moderators)."""
    the_post(request, pk)
    revision = number_of(request.POST.get("revision", ""))
    actions.hide_version(post_id=pk, revision=revision, by=request.viewer)
    messages.success(request, "Cette version n’est plus visible que des modérateurs.")
    return redirect("forum:versions", pk)
