"""Pages of the forum: a view reads a form, calls one action, answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changes import OperationReused
from forum import actions, queries, rules
from forum.forms import EditForm, HideForm, MoveForm, ReplyForm, TopicForm
from forum.models import Post, Space, Topic
from forum.rows import Gone
from forum.streams import view_in
from forum.strips import rendered, rendered_lines
from forum.text import markdown_of
from forum.writing import EditConflict, EmptyText
from look.pages import page_of
from members.middleware import ClubRequest

FORUM = "Forum"
Crumbs = list[tuple[str, str]]


def _space(request: ClubRequest, slug: str) -> Space:
    space = queries.space_of(request.viewer, slug)
    if space is None:
        raise Http404
    return space


def _topic(request: ClubRequest, pk: int) -> Topic:
    topic = queries.topic_of(request.viewer, pk)
    if topic is None:
        raise Http404
    return topic


def _post(request: ClubRequest, pk: int) -> Post:
    post = queries.post_of(request.viewer, pk)
    if post is None:
        raise Http404
    return post


def _crumbs(space: Space | None = None, topic: Topic | None = None, last: str = "") -> Crumbs:
    crumbs: Crumbs = [(FORUM, reverse("forum:spaces"))]
    if space is not None:
        crumbs.append((space.title, space.get_absolute_url()))
    if topic is not None:
        crumbs.append((topic.title, topic.get_absolute_url()))
    return [*crumbs, (last, "")] if last else [*crumbs[:-1], (crumbs[-1][0], "")]


def _page_number(request: ClubRequest) -> int:
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 8 else 1


@require_safe
def spaces(request: ClubRequest) -> HttpResponse:
    """The spaces that the viewer reads."""
    return render(request, "forum/spaces.html", {"spaces": queries.spaces(request.viewer), "crumbs": _crumbs()})


@require_safe
def space(request: ClubRequest, slug: str) -> HttpResponse:
    """A space: who reads it, its topics, latest first."""
    shown = _space(request, slug)
    view = view_in(request.viewer, shown) or "public"
    pos = queries.positions(shown.stream).get(view, 0)
    page = page_of(queries.topics_of(shown, request.viewer), request)
    lines = queries.lines_of(page, view)
    strips = rendered_lines(request, page.object_list) if request.viewer.person is not None else {}
    context = {
        "space": shown,
        "page": page,
        "rows": [(f"topic-{pk}", content, strips.get(pk, "")) for (_, pk), content in lines.items()],
        "level": queries.level_of(request.viewer, "space", shown.pk),
        "stream": shown.stream,
        "pos": pos,
        "may_write": rules.may_write(request.viewer, shown),
        "crumbs": _crumbs(shown),
    }
    return render(request, "forum/space.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: ClubRequest, slug: str) -> HttpResponse:
    """Open a topic (members)."""
    shown = _space(request, slug)
    if not rules.may_write(request.viewer, shown):
        raise Http404
    form = TopicForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "space": shown, "crumbs": _crumbs(shown, last="Nouvelle discussion")}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            topic = actions.start_topic(
                space=shown,
                title=data["title"],
                source=data["source"],
                operation=data["operation"],
                by=request.viewer,
            )
        except EmptyText as empty:
            form.add_error("source", str(empty))
        except OperationReused as first:
            return _published_before(
                request, form, "forum/start.html", context, reverse("forum:topic_by_number", args=[first.result])
            )
        else:
            return redirect(topic)
    return render(request, "forum/start.html", context)


def _published_before(
    request: ClubRequest, form: Any, template: str, context: dict[str, Any], address: str
) -> HttpResponse:
    """« Déjà publié »: the form was carried out with another text; the new one stands in it under a new id."""
    data = form.data.copy()
    data["operation"] = str(uuid.uuid4())
    fresh = type(form)(data)
    fresh.is_valid()
    return render(request, template, {**context, "form": fresh, "published": address}, status=409)


def _to_title(request: ClubRequest, shown: Topic) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    answer = redirect(f"{shown.get_absolute_url()}{'?' if query else ''}{query}", permanent=True)
    answer["Cache-Control"] = "no-cache"  # else a title that goes back to what it was makes a loop in browsers
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: ClubRequest, pk: int, slug: str = "") -> HttpResponse:
    """A topic, a page of posts at a time; members reply at its end. An older title in the address leads here."""
    at = queries.positions(Topic(pk=pk).stream)
    shown = _topic(request, pk)
    if slug != shown.slug and request.method != "POST":
        return _to_title(request, shown)
    form = ReplyForm(request.POST or None)
    if request.method != "POST":
        return _topic_page(request, shown, at, ReplyForm())
    if form.is_valid():
        data = form.cleaned_data
        try:
            post = actions.reply_to_topic(
                topic_id=shown.pk, source=data["source"], operation=data["operation"], by=request.viewer
            )
        except EmptyText as empty:
            form.add_error("source", str(empty))
        except OperationReused as first:
            again = ReplyForm({"source": data["source"], "operation": str(uuid.uuid4())})
            again.is_valid()
            return _topic_page(
                request, shown, at, again, published=reverse("forum:post", args=[first.result]), status=409
            )
        else:
            return redirect(post)
    return _topic_page(request, shown, at, form)


def _topic_page(
    request: ClubRequest,
    shown: Topic,
    at: queries.Positions,
    form: ReplyForm,
    *,
    published: str = "",
    status: int = 200,
) -> HttpResponse:
    page = queries.topic_page(request.viewer, shown, at, _page_number(request))
    read = queries.read_number(request.viewer, shown)
    new = next((p for p in page.posts if p.number > read and p.author_id != _person_id(request)), None)
    if page.posts and page.posts[-1].number > read and request.method == "GET":
        actions.mark_read(topic=shown, number=page.posts[-1].number, by=request.viewer)
    strips = rendered(request, page.posts) if request.viewer.person is not None else {}
    rows = [(f"post-{p.pk}", page.fragments[("post", str(p.pk))], strips.get(str(p.pk), "")) for p in page.posts]
    context = {
        "topic": shown,
        "page": page,
        "rows": rows,
        "form": form,
        "first_new": f"post-{new.pk}" if new is not None and read else "",
        "level": queries.level_of(request.viewer, "topic", shown.pk),
        "published": published,
        "may_reply": rules.may_reply(request.viewer, shown),
        "may_moderate": rules.may_moderate(request.viewer, shown.space),
        "crumbs": _crumbs(shown.space, shown),
    }
    return render(request, "forum/topic.html", context, status=status)


def _person_id(request: ClubRequest) -> int | None:
    return request.viewer.person.pk if request.viewer.person is not None else None


@require_safe
def unread(request: ClubRequest, pk: int) -> HttpResponse:
    """The first message not read yet, found at the click; all read: the last one; visitors: the top."""
    shown = _topic(request, pk)
    found = queries.first_unread(request.viewer, shown)
    if found is not None:
        return redirect(found)
    if request.viewer.person is None:
        return redirect(shown)
    return redirect(f"{shown.get_absolute_url()}?page={max(1, -(-shown.last_number // queries.PAGE))}")


@require_POST
def read(request: ClubRequest, pk: int) -> HttpResponse:
    """What came while the page was open was shown up to a number (the page says so by script)."""
    shown = _topic(request, pk)
    number = request.POST.get("number", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 9):
        return HttpResponseBadRequest("numéro attendu")
    actions.mark_read(topic=shown, number=int(number), by=request.viewer)
    return HttpResponse(status=204)


@require_POST
def follow(request: ClubRequest, pk: int) -> HttpResponse:
    """Follow a topic, or stop (`stop` in the form)."""
    shown = _topic(request, pk)
    if "stop" in request.POST:
        actions.unfollow_topic(topic=shown, by=request.viewer)
        messages.success(request, "Vous ne serez plus prévenu des réponses à cette discussion.")
    else:
        actions.follow_topic(topic=shown, by=request.viewer)
        messages.success(request, "Vous serez prévenu des réponses à cette discussion.")
    return redirect(shown)


@require_POST
def follow_space(request: ClubRequest, slug: str) -> HttpResponse:
    """Follow a space, or stop (`stop` in the form)."""
    shown = _space(request, slug)
    if "stop" in request.POST:
        actions.unfollow_space(space=shown, by=request.viewer)
        messages.success(request, "Vous ne serez plus prévenu des discussions de cet espace.")
    else:
        actions.follow_space(space=shown, by=request.viewer)
        messages.success(request, "Vous serez prévenu des nouvelles discussions de cet espace.")
    return redirect(shown)


@require_safe
def post(request: ClubRequest, pk: int) -> HttpResponse:
    """A permalink: leads to the page of its topic on which the post stands now."""
    shown = _post(request, pk)
    number = queries.page_of_post(shown)
    query = f"?page={number}" if number > 1 else ""
    return redirect(f"{shown.topic.get_absolute_url()}{query}#post-{shown.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: ClubRequest, pk: int) -> HttpResponse:
    """Edit one's message; where it changed meanwhile both versions are shown and nothing is lost."""
    shown = _post(request, pk)
    if not rules.may_edit(request.viewer, shown):
        raise Http404
    crumbs = _crumbs(shown.topic.space, shown.topic, "Modifier")
    if request.method != "POST":
        form = EditForm(initial={"source": markdown_of(shown.html), "revision": shown.revision})
        return render(request, "forum/edit.html", {"form": form, "post": shown, "crumbs": crumbs})
    form = EditForm(request.POST)
    context: dict[str, Any] = {"form": form, "post": shown, "crumbs": crumbs}
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.edit_post(
                post_id=pk,
                revision=data["revision"],
                source=data["source"],
                operation=data["operation"],
                by=request.viewer,
            )
        except EmptyText as empty:
            form.add_error("source", str(empty))
        except (EditConflict, OperationReused):
            now = _post(request, pk)
            fresh = EditForm({"source": data["source"], "revision": now.revision, "operation": str(uuid.uuid4())})
            fresh.is_valid()
            return render(request, "forum/edit.html", {**context, "form": fresh, "conflict": now}, status=409)
        else:
            return redirect(shown)
    return render(request, "forum/edit.html", context)


def _act(request: ClubRequest, pk: int, action: Callable[..., Post], done: str) -> HttpResponse:
    """Carry out an act on a post and go back to where it stands."""
    shown = _post(request, pk)
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


@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: ClubRequest, pk: int) -> HttpResponse:
    """Hide a message with a reason (moderators)."""
    shown = _post(request, pk)
    if rules.may_show(request.viewer, shown):  # hidden already, by whoever was first
        return redirect(shown)
    if not rules.may_hide(request.viewer, shown):
        raise Http404
    form = HideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.hide_post(post_id=pk, reason=form.cleaned_data["reason"], by=request.viewer)
        messages.success(request, "Le message est masqué. Seuls les modérateurs le voient encore.")
        return redirect(shown)
    crumbs = _crumbs(shown.topic.space, shown.topic, "Masquer un message")
    return render(request, "forum/hide.html", {"form": form, "post": shown, "crumbs": crumbs})


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: ClubRequest, pk: int) -> HttpResponse:
    """Move a topic to another space (whoever moderates both)."""
    shown = _topic(request, pk)
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
    crumbs = _crumbs(shown.space, shown, "Déplacer")
    return render(request, "forum/move.html", {"form": form, "topic": shown, "crumbs": crumbs})
