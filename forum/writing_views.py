"""Pages on which one writes: a new topic, another text for a message, drafts and previews."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from changes import OperationReused
from files.refusal import FileRefused
from forum import actions, rules
from forum.clock import clock
from forum.drafting import OlderDraft, draft_for
from forum.finding import crumbs, the_post, the_space
from forum.forms import DifficultyForm, EditForm, TopicForm, draft_fields, previewed, project_choices, typed
from forum.markdown import markdown_of
from forum.matter import matter_source
from forum.models import Difficulty, Draft, Kind, Post, Space, Topic
from forum.targets import PATHS, writes_at
from forum.text import LIMIT, html_of, plain
from forum.versions import changed
from forum.writing import EditConflict, EmptyText, Meanwhile, Shown
from members.middleware import ClubRequest
from members.queries import mandates_of
from realtime.kinds import number_of

TITLES = {
    Kind.DIFFICULTY: "Exposer une difficulté",
    Kind.QUESTION: "Poser une question",
    Kind.TRACK: "Partager une piste de progrès",
    Kind.INFORMATION: "Donner une information",
}


TITLE = 160
"""Characters of a title."""


def _topic_form(kind: Kind, request: ClubRequest, chosen: int | None = None, **kwargs: Any) -> TopicForm:
    mandates = mandates_of(request.viewer)
    form = DifficultyForm if kind == Kind.DIFFICULTY else TopicForm
    return form(
        kind=kind, viewer=request.viewer, mandates=mandates, projects=project_choices(mandates, chosen), **kwargs
    )


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: ClubRequest, slug: str, nature: str = "question") -> HttpResponse:
    """Open a topic of a kind (members): its form, found again as one left it; its preview; its publication."""
    shown = the_space(request, slug)
    if nature not in PATHS or not rules.may_write(request.viewer, shown):
        raise Http404
    kind = PATHS[nature]
    target = f"{shown.stream}:{kind}"
    draft = draft_for(request.viewer, target)
    context: dict[str, Any] = {
        "space": shown,
        "kind": kind,
        "title": TITLES[kind],
        "draft": target,
        "draft_of": draft,
        "others": [(TITLES[one], path) for path, one in PATHS.items() if one != kind],
        "crumbs": crumbs(shown, last=TITLES[kind]),
    }
    if request.method != "POST":
        context["form"] = _topic_form(kind, request, initial=_begun(request, shown, draft))
        return render(request, "forum/start.html", context)
    form = context["form"] = _topic_form(kind, request, data=request.POST, files=request.FILES)
    if "preview" in request.POST:
        return render(request, "forum/start.html", {**context, "preview": _preview_of(form)})
    if not form.is_valid():
        return render(request, "forum/start.html", context)
    return _start(request, shown, kind, form, context)


def _begun(request: ClubRequest, space: Space, draft: Draft | None) -> dict[str, Any]:
    """A draft as it was left; else the title of the address (`?titre=`), handed over by a search that found nothing."""
    title = " ".join(request.GET.get("titre", "").replace("\x00", " ").split())[:TITLE]
    return {**(draft.content if draft else {"title": title}), "readers": space.audience}


def _preview_of(form: Any) -> str:
    return previewed(_matter_typed({name: form.data.get(name, "") for name in form.fields}))


def _matter_typed(data: Mapping[str, str]) -> str:
    return matter_source(*(str(data.get(name, ""))[:LIMIT] for name in ("source", "tried", "wanted")))


def _start(request: ClubRequest, space: Space, kind: Kind, form: TopicForm, context: dict[str, Any]) -> HttpResponse:
    try:
        topic = actions.start_topic(
            space=space,
            title=form.cleaned_data["title"],
            source=form.cleaned_data["source"],
            kind=kind,
            guided=form.guided,
            files=form.cleaned_data["attachments"],
            organisation_id=form.organisation_id,
            shown=Shown(form.cleaned_data["readers"]),
            operation=form.cleaned_data["operation"],
            by=request.viewer,
        )
    except EmptyText as empty:
        form.add_error("source", str(empty))
        return render(request, "forum/start.html", context)
    except Meanwhile:
        fresh = _again(form, kind, request, readers=Space.objects.get(pk=space.pk).audience)
        space.refresh_from_db()
        return render(request, "forum/start.html", {**context, "form": fresh, "other": True}, status=409)
    except FileRefused as refusal:
        form.add_error("attachments", str(refusal))
        return render(request, "forum/start.html", context)
    except OperationReused as first:
        fresh = _again(form, kind, request)
        published = reverse("forum:topic_by_number", args=[first.result])
        return render(request, "forum/start.html", {**context, "form": fresh, "published": published}, status=409)
    return redirect(topic)


def _again(form: TopicForm, kind: Kind, request: ClubRequest, **changes: str) -> TopicForm:
    """The same text under a new operation."""
    data = form.again()
    data["operation"] = str(uuid.uuid4())
    for name, value in changes.items():
        data[name] = value
    fresh = _topic_form(kind, request, data=data)
    fresh.is_valid()
    return fresh


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ClubRequest, pk: int) -> HttpResponse:
    """Edit one's message, a topic's matter with its title; where it changed meanwhile both versions are shown."""
    shown = the_post(request, pk)
    if not rules.may_edit(request.viewer, shown):
        raise Http404
    target = f"post:{shown.pk}"
    draft = draft_for(request.viewer, target)
    context: dict[str, Any] = {
        "post": shown,
        "draft": target,
        "draft_of": draft,
        "crumbs": crumbs(shown.topic.space, shown.topic, "Modifier"),
    }
    kept = draft.content if draft else {}
    if request.method != "POST":
        context["form"] = _edit_form(request, shown, initial={**_as_it_is(shown), **kept, "revision": shown.revision})
        return render(request, "forum/edit.html", context)
    form = context["form"] = _edit_form(request, shown, data=request.POST, files=request.FILES)
    if "preview" in request.POST:
        return render(request, "forum/edit.html", {**context, "preview": _preview_of(form)})
    if not form.is_valid():
        return render(request, "forum/edit.html", context)
    try:
        _edit(request, shown, form)
    except EmptyText as empty:
        form.add_error("source", str(empty))
        return render(request, "forum/edit.html", context)
    except FileRefused as refusal:
        form.add_error("attachments", str(refusal))
        return render(request, "forum/edit.html", context)
    except (EditConflict, OperationReused):
        now = the_post(request, pk)
        data = form.again()
        data["revision"], data["operation"] = str(now.revision), str(uuid.uuid4())
        fresh = _edit_form(request, now, data=data)
        fresh.is_valid()
        differs = changed(plain(now.html), plain(previewed(_matter_typed(fresh.data))))
        shown_both = {**context, "form": fresh, "conflict": now, "differs": differs}
        return render(request, "forum/edit.html", shown_both, status=409)
    return redirect(the_post(request, pk))


def _edit_form(request: ClubRequest, post: Post, **kwargs: Any) -> Any:
    """A reply has its text alone, a matter what its topic's form asked."""
    held = ("post", post.pk)
    if post.number > 1:
        return EditForm(viewer=request.viewer, holder=held, **kwargs)
    return _with_revision(_topic_form(Kind(post.topic.kind), request, post.topic.project_id, holder=held, **kwargs))


def _with_revision(form: TopicForm) -> TopicForm:
    form.fields["revision"] = EditForm.base_fields["revision"]
    form.fields.pop("organisation", None)
    return form


def _as_it_is(post: Post) -> dict[str, Any]:
    """What the form of an edit begins with."""
    topic = post.topic
    if post.number > 1:
        return {"source": markdown_of(post.html)}
    told = Difficulty.objects.filter(topic=topic).first()
    numbers = topic.commitments.values_list("number", flat=True)
    fields = {"title": topic.title, "project": str(topic.project_id or ""), "step": topic.step}
    fields |= {"commitments": [str(number) for number in numbers]}  # type: ignore[dict-item]  # a list of numbers
    if told is None:
        return {**fields, "source": markdown_of(post.html)}
    return {**fields, "source": told.context, "tried": told.tried, "wanted": told.wanted}


def _edit(request: ClubRequest, post: Post, form: Any) -> Post | Topic:
    data = form.cleaned_data
    common = {name: data[name] for name in ("revision", "source", "operation")}
    common["files"] = data["attachments"]
    if post.number > 1:
        return actions.edit_post(post_id=post.pk, by=request.viewer, **common)
    return actions.edit_matter(
        topic_id=post.topic_id, title=data["title"], guided=form.guided, by=request.viewer, **common
    )


@require_POST
def preview(request: ClubRequest) -> HttpResponse:
    """A text as it would be published, for the page that is writing it (members).

    `as`: its `source` alone, as the editor (`html`) or the bare text area (`markdown`) takes it up.
    """
    if not request.viewer.is_member:
        raise Http404
    sent, wanted = typed(request.POST), request.POST.get("as", "")
    if wanted in ("html", "markdown"):
        source = str(sent.get("source", ""))[: 2 * LIMIT]
        return HttpResponse(html_of(source) if wanted == "html" else source, content_type="text/plain; charset=utf-8")
    return HttpResponse(previewed(_matter_typed(sent)))


@require_POST
def keep_draft(request: ClubRequest) -> HttpResponse:
    """Keep what is being written (`target`, `sequence` and the form's fields): the page says so while one types.

    200 with the next sequence; 409 where another page saved a newer one; 404 where the person may not write there.
    """
    target = request.POST.get("target", "")[:40]
    if request.viewer.person is None or not writes_at(request.viewer, target):
        raise Http404
    number = number_of(request.POST.get("sequence", ""))
    try:
        draft = actions.save_draft(
            target=target, sequence=number, content=draft_fields(request.POST), by=request.viewer
        )
    except OlderDraft as newer:
        return JsonResponse({"sequence": newer.draft.sequence, "at": clock(newer.draft.saved_at)}, status=409)
    return JsonResponse({"sequence": draft.sequence, "at": clock(draft.saved_at)})


@require_POST
def drop_draft(request: ClubRequest) -> HttpResponse:
    """Throw a draft away (signed-in people, their own)."""
    if request.viewer.person is None:
        raise Http404
    actions.drop_draft(target=request.POST.get("target", "")[:40], by=request.viewer)
    messages.success(request, "Le brouillon est supprimé.")
    return redirect("forum:drafts")
