"""Pages of the forum that are read: its spaces, a space, a topic; and what a reader does there without writing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changes import OperationReused
from files.refusal import FileRefused
from forum import actions, answering, fragments, lists, queries, rules
from forum.drafting import drafts_of
from forum.finding import crumbs, number_in, the_post, the_space, the_topic
from forum.forms import ReplyForm, previewed
from forum.lists import Filters
from forum.models import Kind, Post, Space, Status, Step, Topic
from forum.reporting import moderated_spaces
from forum.streams import view_in
from forum.strips import rendered, rendered_lines
from forum.targets import places_of
from forum.tree import tree_of
from forum.writing import EmptyText, Meanwhile, Shown
from members.middleware import ClubRequest
from members.models import Membership, Organisation
from members.queries import mandates_of, speaks_for_several
from members.rules import NotAllowed
from members.viewer import Viewer
from projects.models import Commitment
from territories.models import Region


@require_safe
def spaces(request: ClubRequest) -> HttpResponse:
    """The spaces that the viewer reads, with what is unread in each and what is announced."""
    context = {
        "groups": tree_of(queries.spaces(request.viewer), request.viewer, lists.unread_per_space(request.viewer)),
        "announced": lists.announced(request.viewer),
        "moderates": bool(request.viewer.person and moderated_spaces(request.viewer)),
        "keeps_spaces": rules.may_keep_spaces(request.viewer),
        "crumbs": crumbs(),
    }
    return render(request, "forum/spaces.html", context)


@require_safe
def space(request: ClubRequest, slug: str) -> HttpResponse:
    """A space: who reads it, what is first in it, its topics, latest first, under the filters of the address."""
    shown = the_space(request, slug)
    if shown.slug != slug:
        return _moved(request, shown)
    viewer = request.viewer
    view = view_in(viewer, shown) or "public"
    pos = queries.positions(shown.stream).get(view, 0)
    filters = Filters.of(request.GET, viewer)
    rows = lists.topics_of(shown, viewer, filters)
    first = lists.pinned_in(shown, viewer) if filters.is_empty else []
    counts = lists.counts_of(shown, viewer, filters)
    rows = rows.exclude(pk__in=[topic.pk for topic in first])
    page = lists.Counted(rows, 25, counts[filters.tab].total - len(first)).get_page(request.GET.get("page"))
    lines = fragments.lines(page.object_list, view)
    pinned = fragments.lines(first if page.number == 1 else [], view)
    strips = rendered_lines(request, [*first, *page.object_list]) if viewer.person is not None else {}
    context = {
        "space": shown,
        "page": page,
        "pinned": [(f"topic-{pk}", pk, content, strips.get(pk, "")) for (_, pk), content in pinned.items()],
        "rows": [(f"topic-{pk}", content, strips.get(pk, "")) for (_, pk), content in lines.items()],
        "filters": filters,
        "tabs": _tabs(filters, counts, signed_in=viewer.person is not None),
        "choices": _choices(shown),
        "level": queries.level_of(viewer, "space", shown.pk),
        "stream": shown.stream,
        "pos": pos,
        "may_write": rules.may_write(viewer, shown),
        "may_moderate": rules.may_moderate(viewer, shown),
        "crumbs": crumbs(shown),
    }
    return render(request, "forum/space.html", context)


def _tabs(filters: Filters, counts: dict[str, lists.Tally], *, signed_in: bool) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "address": filters.address(tab=tab),
            "current": filters.tab == tab,
            "tally": counts.get(tab),
        }
        for tab, name in lists.TABS.items()
        if tab != "non-lues" or signed_in
    ]


def _choices(space: Space) -> dict[str, object]:
    """What the filters offer; regions and engagements are kept for an hour."""
    regions, commitments = cache.get("forum:choices") or ([], [])
    if not commitments:
        regions = list(Region.objects.in_force().order_by("name").values_list("code", "name"))
        commitments = list(Commitment.objects.all())
        if commitments:
            cache.set("forum:choices", (regions, commitments), 3600)
    return {
        "kinds": [(key, kind.label) for key, kind in lists.KINDS.items()],
        "steps": Step.choices,
        "regions": [] if space.region_id else regions,
        "commitments": commitments,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def topic(request: ClubRequest, pk: int, slug: str = "") -> HttpResponse:
    """A topic, a page of posts at a time; members reply at its end. An older title in the address leads here."""
    at = queries.positions(Topic(pk=pk).stream)
    shown = the_topic(request, pk)
    if slug != shown.slug and request.method != "POST":
        return _moved(request, shown)
    if request.method != "POST":
        return _topic_page(request, shown, at, None)
    viewer = request.viewer
    form = ReplyForm(request.POST, request.FILES, viewer=viewer, mandates=mandates_of(viewer))
    if not form.is_valid() or "preview" in request.POST:
        return _topic_page(request, shown, at, form, preview="preview" in request.POST)
    data = form.cleaned_data
    try:
        post = actions.reply_to_topic(
            topic_id=shown.pk,
            source=data["source"],
            files=data["attachments"],
            organisation_id=form.organisation_id,
            shown=Shown(data["readers"], data["last_seen"]),
            operation=data["operation"],
            by=request.viewer,
        )
    except Meanwhile as meanwhile:
        now = the_topic(request, pk)
        again = _again(form, now, viewer)
        return _topic_page(request, now, at, again, arrived=meanwhile.posts, other=not meanwhile.posts, status=409)
    except NotAllowed:
        now = the_topic(request, pk)
        if now.status != Status.CLOSED:
            raise
        return _topic_page(request, now, at, form, status=409)
    except EmptyText as empty:
        form.add_error("source", str(empty))
        return _topic_page(request, shown, at, form)
    except FileRefused as refusal:
        form.add_error("attachments", str(refusal))
        return _topic_page(request, shown, at, form)
    except OperationReused as first:
        address = reverse("forum:post", args=[first.result])
        return _topic_page(request, shown, at, _again(form, shown, viewer), published=address, status=409)
    return redirect(post)


def _moved(request: ClubRequest, shown: Space | Topic) -> HttpResponse:
    """An older address leads to the one of now, with its query."""
    query = request.META.get("QUERY_STRING", "")
    answer = redirect(f"{shown.get_absolute_url()}{'?' if query else ''}{query}", permanent=True)
    answer["Cache-Control"] = "no-cache"  # else a name that goes back to what it was makes a loop in browsers
    return answer


def _again(form: ReplyForm, shown: Topic, viewer: Viewer) -> ReplyForm:
    """The same text under a new operation, with what is on screen now."""
    data = form.again()
    data["operation"], data["last_seen"] = str(uuid.uuid4()), str(shown.last_number)
    data["readers"] = shown.space.audience
    again = ReplyForm(data, viewer=viewer, mandates=mandates_of(viewer))
    again.is_valid()
    return again


def _topic_page(
    request: ClubRequest,
    shown: Topic,
    at: queries.Positions,
    form: ReplyForm | None,
    *,
    published: str = "",
    arrived: Sequence[Post] = (),
    other: bool = False,
    preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    page = queries.topic_page(viewer, shown, at, number_in(request, "page") or 1)
    own = queries.mine(viewer, shown)
    me = viewer.person.pk if viewer.person is not None else None
    new = next((post for post in page.posts if post.number > own.read and post.author_id != me), None)
    if page.posts and page.posts[-1].number > own.read and request.method == "GET":
        actions.mark_read(topic=shown, number=page.posts[-1].number, by=viewer)
    may_reply = rules.may_reply(viewer, shown)
    asked = viewer.is_member and (speaks_for_several(viewer) or shown.kind == Kind.DIFFICULTY)
    mandates = mandates_of(viewer) if asked else []
    if form is None and may_reply:
        initial = {"source": own.draft, "last_seen": shown.last_number, "readers": shown.space.audience}
        form = ReplyForm(initial=initial, viewer=viewer, mandates=mandates)
    strips = rendered(request, page.posts) if viewer.person is not None else {}
    context = {
        "topic": shown,
        "page": page,
        "rows": [(f"post-{p.pk}", page.fragments[("post", str(p.pk))], strips.get(str(p.pk), "")) for p in page.posts],
        "form": form,
        "mine": own,
        "draft": shown.stream,
        "first_new": f"post-{new.pk}" if new is not None and own.read else "",
        "level": own.level,
        "published": published,
        "arrived": arrived,
        "other": other,
        "preview": previewed(form.source_typed) if preview and form is not None else "",
        "may_reply": may_reply,
        "may_close": rules.may_close(viewer, shown),
        "may_decide": rules.may_decide_answer(viewer, shown),
        "we_too": _we_too(request, shown, mandates),
        "may_moderate": rules.may_moderate(viewer, shown.space),
        "crumbs": crumbs(shown.space, shown),
    }
    return render(request, "forum/topic.html", context, status=status)


def _we_too(request: ClubRequest, shown: Topic, mandates: list[Membership]) -> list[tuple[Organisation, bool]]:
    """The collectivités of the viewer that may say that they have the difficulty, each with whether they did."""
    if shown.kind != Kind.DIFFICULTY:
        return []
    own = [one.organisation for one in mandates]
    asked = [one for one in own if rules.may_say_we_too(request.viewer, shown, one)]
    said = answering.said_by(shown, asked) if asked else set()
    return [(one, one.pk in said) for one in asked]


@require_safe
def unread(request: ClubRequest, pk: int) -> HttpResponse:
    """The first message not read yet, found at the click; all read: the last one; visitors: the top."""
    shown = the_topic(request, pk)
    found = queries.first_unread(request.viewer, shown)
    if found is not None:
        return redirect(found)
    if request.viewer.person is None:
        return redirect(shown)
    return redirect(f"{shown.get_absolute_url()}?page={max(1, -(-shown.last_number // queries.PAGE))}")


@require_safe
def go(request: ClubRequest, pk: int) -> HttpResponse:
    """The message of a number (`?numero=`) or the first one of a day (`?jour=2026-11-24`); the nearest there is."""
    shown = the_topic(request, pk)
    try:
        day = date.fromisoformat(request.GET.get("jour", ""))
    except ValueError:
        day = None
    found = queries.post_at(shown, number=number_in(request, "numero"), day=day)
    return redirect(found or shown)


@require_POST
def read(request: ClubRequest, pk: int) -> HttpResponse:
    """What came while the page was open was shown up to a number (the page says so by script)."""
    shown = the_topic(request, pk)
    number = request.POST.get("number", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 9):
        return HttpResponseBadRequest("numéro attendu")
    actions.mark_read(topic=shown, number=int(number), by=request.viewer)
    return HttpResponse(status=204)


@require_POST
def follow(request: ClubRequest, pk: int) -> HttpResponse:
    """Follow a topic, or stop (`stop` in the form)."""
    shown = the_topic(request, pk)
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
    shown = the_space(request, slug)
    if "stop" in request.POST:
        actions.unfollow_space(space=shown, by=request.viewer)
        messages.success(request, "Vous ne serez plus prévenu des discussions de cet espace.")
    else:
        actions.follow_space(space=shown, by=request.viewer)
        messages.success(request, "Vous serez prévenu des nouvelles discussions de cet espace.")
    return redirect(shown)


@require_POST
def dismiss(request: ClubRequest, pk: int) -> HttpResponse:
    """Put what stands first in a list back among the others, for oneself."""
    shown = the_topic(request, pk)
    actions.dismiss_pin(topic=shown, by=request.viewer)
    return redirect(shown.space)


@require_safe
def concerned(request: ClubRequest, pk: int) -> HttpResponse:
    """The collectivités that have the same difficulty (members)."""
    shown = the_topic(request, pk)
    if not request.viewer.is_member:
        return redirect_to_login(request.get_full_path())
    context = {
        "topic": shown,
        "rows": queries.concerned_by(shown),
        "crumbs": crumbs(shown.space, shown, "Collectivités concernées"),
    }
    return render(request, "forum/concerned.html", context)


@require_safe
def post(request: ClubRequest, pk: int) -> HttpResponse:
    """A permalink: leads to the page of its topic on which the post stands now."""
    shown = the_post(request, pk)
    number = queries.page_of_post(shown)
    query = f"?page={number}" if number > 1 else ""
    return redirect(f"{shown.topic.get_absolute_url()}{query}#post-{shown.pk}")


@require_safe
def drafts(request: ClubRequest) -> HttpResponse:
    """What I have begun to write, the latest first (signed-in people)."""
    if request.viewer.person is None:
        return redirect_to_login(request.get_full_path())
    rows = places_of(drafts_of(request.viewer), request.viewer)
    return render(request, "forum/drafts.html", {"rows": rows, "crumbs": crumbs(last="Mes brouillons")})
