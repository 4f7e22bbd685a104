"""Neutral fragments: a post, a topic's line and head, as a view shows them; the same in the page and in the frame.

No viewer, right, token or relative date stands in them, so one rendering serves every socket and every page. Kept by
(object, revision, view, release); what depends on the person is a strip beside them (`forum.strips`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string

from files.queries import attached_to
from forum.models import Post, Topic
from realtime.kinds import Content, Key

KEEP = 600  # seconds: the names that stand in a fragment may change without moving its revision


def _variant(view: str) -> str:
    """Visitors and members see the same fragment; moderators see what is hidden, and why."""
    return "mod" if view == "mod" else "reader"


def _rendered(
    name: str,
    rows: Iterable[Any],
    view: str,
    context_name: str,
    beside: Callable[[list[int]], Mapping[int, Any]] = lambda ids: {},
) -> dict[str, str]:
    """The HTML of rows by primary key, from the cache where this revision was rendered before.

    `beside` is asked, for those that are not there, for what else their template shows (as `beside`).
    """
    listed = list(rows)
    variant = _variant(view)
    keys = {str(row.pk): f"fragment:{settings.RELEASE}:{name}:{row.pk}:{row.revision}:{variant}" for row in listed}
    kept: Mapping[str, str] = cache.get_many(keys.values())
    found, fresh = {}, {}
    more = beside([row.pk for row in listed if keys[str(row.pk)] not in kept])
    for row in listed:
        key = keys[str(row.pk)]
        html = kept.get(key)
        if html is None:
            context = {context_name: row, "variant": variant, "beside": more.get(row.pk)}
            html = fresh[key] = render_to_string(f"forum/{name}.html", context).strip()
        found[str(row.pk)] = html
    if fresh:
        cache.set_many(fresh, KEEP)
    return found


def posts(rows: Iterable[Post], view: str) -> dict[Key, Content]:
    """Posts with author and organisation joined, in the order given, with their files (one SQL query for new ones)."""
    listed = list(rows)
    html = _rendered("post", listed, view, "post", lambda ids: attached_to("post", ids))
    return {("post", str(p.pk)): Content(p.revision, html[str(p.pk)], {"n": p.number}) for p in listed}


def lines(rows: Iterable[Topic], view: str) -> dict[Key, Content]:
    """Topics (`for_lines`) as lines of their space's list, in the order given; `n` is the last post’s second."""
    listed = list(rows)
    html = _rendered("line", listed, view, "topic")
    return {
        ("topic", str(t.pk)): Content(t.revision, html[str(t.pk)], {"n": t.last_post_at.timestamp()}) for t in listed
    }


def heads(rows: Iterable[Topic], view: str) -> dict[Key, Content]:
    """Topics as the head of their own page: title, space, count of replies."""
    listed = list(rows)
    html = _rendered("head", listed, view, "topic")
    return {("topic", str(t.pk)): Content(t.revision, html[str(t.pk)], {"n": 0}) for t in listed}


def answers(rows: Iterable[Topic], view: str) -> dict[Key, Content]:
    """The accepted answer of topics as it stands under their matter; an empty place where there is none."""
    listed = list(rows)
    html = _rendered("answer", listed, view, "topic")
    return {("answer", str(t.pk)): Content(t.revision, html[str(t.pk)], {"n": 0}) for t in listed}
