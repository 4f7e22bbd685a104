"""The consumer `search`: facts become documents. Where an engine is away, the fact waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page

from changes.facts import Later, handles, handles_together, put_off
from changes.models import Fact
from changes.ticks import tick
from forum.models import Post, Topic
from members.models import Membership
from projects.models import Project
from search import indexing
from search.engines import choosing
from search.engines.base import EngineAway
from search.settling import settle

RESTS = "le moteur ne répond pas"
AGAIN = 15.0  # seconds until a fact is tried again while an engine is away
Keys = Callable[[str], Iterator[str]]


def _post(pk: str) -> Iterator[str]:
    yield f"post:{pk}"
    yield from (f"topic:{topic}" for topic in Post.objects.filter(pk=pk).values_list("topic", flat=True))


def _topic(pk: str) -> Iterator[str]:
    yield f"topic:{pk}"
    yield from _all("post", Post.objects.filter(topic=int(pk), number__gt=1))


def _space(pk: str) -> Iterator[str]:
    yield from _all("topic", Topic.objects.filter(space=int(pk)))
    yield from _all("post", Post.objects.filter(topic__space=int(pk), number__gt=1))


def _page(pk: str) -> Iterator[str]:
    yield f"page:{pk}"


def _subtree(pk: str) -> Iterator[str]:
    yield f"page:{pk}"
    top = Page.objects.filter(pk=pk).first()
    if top is not None:
        yield from _all("page", top.get_descendants())


def _meeting(pk: str) -> Iterator[str]:
    yield f"meeting:{pk}"


def _person(pk: str) -> Iterator[str]:
    yield f"person:{pk}"
    held = Membership.objects.filter(person=int(pk)).values_list("organisation", flat=True)
    yield from (f"organisation:{organisation}" for organisation in held.distinct())


def _projects(pk: str) -> Iterator[str]:
    yield from _all("project", Project.objects.all())


def _all(name: str, rows: QuerySet[Any]) -> Iterator[str]:
    """Keys of rows, by primary key, in parts: a list of any length."""
    after = 0
    while True:
        part = list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[: indexing.BATCH])
        yield from (f"{name}:{pk}" for pk in part)
        if len(part) < indexing.BATCH:
            return
        after = part[-1]


CONCERNED: dict[str, tuple[str, Keys]] = {
    "forum.post": ("post", _post),
    "forum.post_changed": ("post", _post),
    "forum.topic_changed": ("topic", _topic),
    "forum.space_changed": ("space", _space),
    "meeting.changed": ("meeting", _meeting),
    "members.person_changed": ("person", _person),
    "page.published": ("page", _page),
    "page.unpublished": ("page", _page),
    "page.deleted": ("page", _page),
    "page.moved": ("page", _subtree),
    "projects.imported": ("projects", _projects),
}
"""Of each kind of fact: the kind of its object as an embargo names it, and the documents that it concerns."""


def index(fact: Fact) -> None:
    """Write what the fact concerns. Safe to run twice, and in any order: rows are read now.

    While Elasticsearch rests, nothing is read for it: one fact tries it after the rest, all others wait by one
    statement. The embedded engine beside it takes each fact once meanwhile.
    """
    kind, keys = CONCERNED[fact.kind]
    beside = len(choosing.written()) > 1
    if choosing.resting() and (fact.error or not beside):
        raise Later(AGAIN, fact.error or RESTS)
    try:
        indexing.renew(keys(fact.object_id), containers=[f"{kind}:{fact.object_id}"])
    except EngineAway as away:
        if choosing.resting():
            put_off("search", AGAIN, tried=beside)
        raise Later(AGAIN, str(away) or RESTS) from away


@handles_together("search")
def index_together(taken: Sequence[Fact]) -> None:
    """Write what many facts concern, each document once. Raises `EngineAway`, `Refused`: then each fact tries alone."""
    if choosing.resting():
        raise EngineAway(RESTS)
    concerned = [(*CONCERNED[fact.kind], fact.object_id) for fact in taken]
    keys = (key for _, keys_of, object_id in concerned for key in keys_of(object_id))
    indexing.renew(keys, containers=[f"{kind}:{object_id}" for kind, _, object_id in concerned])


for _kind in CONCERNED:
    handles("search", _kind)(index)


@tick(every=120)
def complete() -> None:
    """Where an index holds not as many documents as there are, and no fact waits to be taken, write what differs.

    So a new installation, a restored database or a first Elasticsearch need no command; otherwise it counts, no more.
    Where the counts differ even then, it is not compared again for an hour (see `search.settling`).
    """
    if Fact.objects.filter(consumer="search", done_at=None, aside_at=None).exists():
        return
    for engine in choosing.written():
        try:
            settle(engine)
        except EngineAway:
            continue
