"""Neutral fragments: a post, a topic's line and head, as a view shows them; the same in the page and in the frame.

No viewer, right, token or relative date stands in them, so one rendering serves every socket and every page. Kept by
(object, revision, view, release); what depends on the person is a strip beside them (`forum.strips`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Batch:
    """Rows of one kind, rendered by `forum/<name>.html` as `called`; more is asked for those not rendered before.

    `whole` gives back such rows with all that the template shows, `beside` what else it shows, by primary key.
    """

    name: str
    called: str
    rows: Sequence[Any]
    whole: Callable[[list[Any]], list[Any]] = list
    beside: Callable[[list[int]], Mapping[int, Any]] = lambda ids: {}

    def key(self, row: Any, variant: str) -> str:
        return f"fragment:{settings.RELEASE}:{self.name}:{row.pk}:{row.revision}:{variant}"

    def fresh(self, rows: list[Any], variant: str) -> dict[str, str]:
        """The HTML of rows by their key, rendered now."""
        rows = self.whole(rows)
        more = self.beside([row.pk for row in rows])
        return {
            self.key(row, variant): render_to_string(
                f"forum/{self.name}.html", {self.called: row, "variant": variant, "beside": more.get(row.pk)}
            ).strip()
            for row in rows
        }


def _rendered(batches: Sequence[Batch], view: str) -> list[dict[int, str]]:
    """The HTML of each batch by primary key, from the cache (asked once) where this revision was rendered before."""
    variant = _variant(view)
    kept: dict[str, str] = cache.get_many([batch.key(row, variant) for batch in batches for row in batch.rows])
    fresh: dict[str, str] = {}
    for batch in batches:
        missing = [row for row in batch.rows if batch.key(row, variant) not in kept]
        if missing:
            fresh |= batch.fresh(missing, variant)
    if fresh:
        cache.set_many(fresh, KEEP)
    kept = {**kept, **fresh}
    return [{row.pk: kept[batch.key(row, variant)] for row in batch.rows} for batch in batches]


def _posts(rows: Sequence[Post]) -> Batch:
    return Batch("post", "post", rows, _with_texts, lambda ids: attached_to("post", ids))


def _with_texts(rows: list[Post]) -> list[Post]:
    """Posts that were read for the rules alone, whole; a revision that came since then waits for its own turn."""
    if all("html" in row.__dict__ for row in rows):
        return rows
    found = Post.objects.select_related("author", "organisation").in_bulk([row.pk for row in rows])
    for row in rows:
        for field in Post._meta.concrete_fields:
            if field.attname not in row.__dict__:
                setattr(row, field.attname, getattr(found[row.pk], field.attname))
        row.author, row.organisation = found[row.pk].author, found[row.pk].organisation
    return rows


def _contents(rows: Iterable[Post], html: Mapping[int, str]) -> dict[Key, Content]:
    return {("post", str(p.pk)): Content(p.revision, html[p.pk], {"n": p.number}) for p in rows}


def posts(rows: Iterable[Post], view: str) -> dict[Key, Content]:
    """Posts in the order given, with their files (one SQL query for new ones, two where they were not read whole)."""
    listed = list(rows)
    return _contents(listed, _rendered([_posts(listed)], view)[0])


def page(topic: Topic, rows: Sequence[Post], view: str) -> dict[Key, Content]:
    """Head and accepted answer of a topic, and posts of one page of it."""
    head, answer, html = _rendered(
        [Batch("head", "topic", [topic]), Batch("answer", "topic", [topic]), _posts(rows)], view
    )
    above = {"topic": head[topic.pk], "answer": answer[topic.pk]}
    found = {(kind, str(topic.pk)): Content(topic.revision, shown, {"n": 0}) for kind, shown in above.items()}
    return {**found, **_contents(rows, html)}


def lines(rows: Iterable[Topic], view: str) -> dict[Key, Content]:
    """Topics (`for_lines`) as lines of their space's list, in the order given; `n` is the last post’s second."""
    listed = list(rows)
    html = _rendered([Batch("line", "topic", listed)], view)[0]
    return {("topic", str(t.pk)): Content(t.revision, html[t.pk], {"n": t.last_post_at.timestamp()}) for t in listed}


def heads(rows: Iterable[Topic], view: str) -> dict[Key, Content]:
    """Topics as the head of their own page: title, space, count of replies."""
    listed = list(rows)
    html = _rendered([Batch("head", "topic", listed)], view)[0]
    return {("topic", str(t.pk)): Content(t.revision, html[t.pk], {"n": 0}) for t in listed}


def answers(rows: Iterable[Topic], view: str) -> dict[Key, Content]:
    """The accepted answer of topics as it stands under their matter; an empty place where there is none."""
    listed = list(rows)
    html = _rendered([Batch("answer", "topic", listed)], view)[0]
    return {("answer", str(t.pk)): Content(t.revision, html[t.pk], {"n": 0}) for t in listed}
