"""What a person may do with each post: the strip beside its neutral fragment, in the page and from `/me/`."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from forum import queries, rules
from forum.models import Post, Topic
from forum.shown import post_shown_in
from forum.streams import view_in
from members.viewer import Viewer
from realtime.kinds import number_of
from realtime.strips import strips_of

NAMES = {
    "accept": "Retenir comme réponse",
    "unaccept": "Ne plus retenir",
    "delete": "Retirer",
    "restore": "Rétablir",
    "show": "Réafficher",
}
"""The acts that are one POST, as their buttons say them."""
ADDRESSES = ("accept", "edit", "delete", "restore", "hide", "show", "report", "versions")


def acts(viewer: Viewer, post: Post, now: datetime) -> tuple[str, ...]:
    """What the viewer may do with a post, in the order of its buttons."""
    may = {
        "accept": rules.may_accept(viewer, post) and post.topic.accepted_id != post.pk,
        "unaccept": post.topic.accepted_id == post.pk and rules.may_decide_answer(viewer, post.topic),
        "edit": rules.may_edit(viewer, post),
        "delete": rules.may_delete(viewer, post),
        "restore": rules.may_restore(viewer, post, now),
        "hide": rules.may_hide(viewer, post),
        "show": rules.may_show(viewer, post),
        "report": rules.may_report(viewer, post),
        "versions": post.edited_at is not None and rules.may_see_versions(viewer, post),
    }
    return tuple(name for name, allowed in may.items() if allowed)


@functools.lru_cache(maxsize=1024)
def _pattern(acts: tuple[str, ...], mine: bool) -> str:
    """The strip of any post with these acts; `{post}`, `{number}`, `{topic}` and `{token}` stand for its own."""
    addresses = {name: reverse(f"forum:{name}", args=[0]).replace("/0/", "/{post}/") for name in ADDRESSES}
    addresses["unaccept"] = reverse("forum:withdraw_acceptance", args=[0]).replace("/0/", "/{topic}/")
    context = {
        "acts": [(name, addresses[name]) for name in acts],
        "names": NAMES,
        "mine": mine,
        "number": "{number}",
        "csrf_token": "{token}",
    }
    return render_to_string("forum/strip.html", context).strip()


def rendered(request: HttpRequest, posts: Iterable[Post]) -> dict[str, str]:
    """Strips of posts that the request's viewer sees, by primary key. No SQL query."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by members.middleware
    me, token, now = viewer.person.pk if viewer.person is not None else None, get_token(request), timezone.now()
    return {
        str(post.pk): _pattern(acts(viewer, post, now), me is not None and post.author_id == me).format(
            post=post.pk, number=post.number, topic=post.topic_id, token=token
        )
        for post in posts
    }


def rendered_lines(request: HttpRequest, topics: Iterable[Topic]) -> dict[str, str]:
    """Strips of topics in a list: what is unread in each, by primary key. One SQL query."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by members.middleware
    listed = list(topics)
    unread = queries.unread_in(viewer, [topic.pk for topic in listed])
    return {
        str(topic.pk): render_to_string("forum/line_strip.html", {"topic": topic, "unread": unread[topic.pk]}).strip()
        for topic in listed
        if topic.pk in unread
    }


@strips_of("topic")
def topic_strips(request: HttpRequest, ids: Sequence[str]) -> Mapping[str, str]:
    """Strips of the topics among these that the viewer sees. Two SQL queries."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # as above
    rows = Topic.objects.filter(pk__in=[number_of(one) for one in ids]).select_related("space")
    return rendered_lines(request, [topic for topic in rows if rules.may_see_topic(viewer, topic)])


@strips_of("post")
def strips(request: HttpRequest, ids: Sequence[str]) -> Mapping[str, str]:
    """Strips of the posts among these that the viewer sees. One SQL query."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # as above
    rows = Post.objects.filter(pk__in=[number_of(one) for one in ids]).select_related("topic__space")
    seen = [
        post
        for post in rows
        if rules.may_see_topic(viewer, post.topic) and (view_in(viewer, post.topic.space) or "") in post_shown_in(post)
    ]
    return rendered(request, seen)
