"""What a member's home reads: a fixed number of SQL queries, each over rows that the viewer may read now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from directory.desk import regions_by_role
from directory.waiting import waiting
from forum.lists import ASKING
from forum.models import Draft, Post, Reading, Space, State, Topic, TopicQuerySet
from forum.queries import unread_posts
from members.models import Follow, Level, Membership, Role, RoleAssignment
from members.queries import animators
from members.viewer import Viewer
from notifications.queries import told
from territories.models import Region

SHOWN = 3
NEWS = 5
REGIONS = 3
"""Régions on one home; whoever has more finds the others among the spaces."""
PEOPLE = 4
YEAR = timedelta(days=365)
LATEST = 2 * SHOWN  # candidates: some of them stand among the unanswered already


@dataclass(frozen=True)
class Drafts:
    """How many drafts a person has, and the latest one."""

    count: int = 0
    latest: Draft | None = None

    @property
    def words(self) -> str:
        """The latest one's title, or how its text begins."""
        content = self.latest.content if self.latest is not None else {}
        return str(content.get("title") or content.get("source") or "")


@dataclass(frozen=True)
class RegionNews:
    """What a home says of a région."""

    region: Region
    spaces: list[Space]
    waiting: list[Topic]
    latest: list[Topic]
    people: list[RoleAssignment]


def replies(viewer: Viewer) -> list[Any]:
    """Topics that the person opened or follows with something unread, the latest first: `topic`, `messages`.

    One more than `NEWS` where there are more. One SQL query.
    """
    if viewer.person is None:
        return []
    followed = Follow.objects.filter(
        person=viewer.person, kind="topic", level=Level.WATCHED, object_id=Cast(OuterRef("topic"), CharField())
    )
    unread = unread_posts(viewer.person, of="topic").order_by().values("topic")
    rows = told(viewer).filter(Exists(followed), unread=True).select_related("topic__space")
    return list(rows.annotate(messages=Subquery(unread.annotate(count=Count("pk")).values("count")))[: NEWS + 1])


def asked_by(viewer: Viewer) -> list[Topic]:
    """The person's latest difficulties and questions. One SQL query."""
    rows = Topic.objects.visible_to(viewer).filter(author=viewer.person, kind__in=ASKING)
    return list(rows.order_by("-last_post_at", "-id")[:SHOWN])


def drafts(viewer: Viewer) -> Drafts:
    """How many drafts the person has (a hundred at most are kept), and the latest. One SQL query."""
    own = Draft.objects.filter(person=viewer.person).exclude(content={})
    count = own.order_by().values("person").annotate(count=Count("pk")).values("count")
    latest = own.annotate(total=Subquery(count)).order_by("-saved_at", "-id").first()
    return Drafts(latest.total, latest) if latest is not None else Drafts()


def _nth(rows: QuerySet[Any], place: int) -> Subquery:
    return Subquery(rows.values("pk")[place : place + 1])


def regions(viewer: Viewer) -> list[Any]:
    """The person's régions, those of their mandates before those of their roles. One SQL query.

    Each carries keys of others' topics: the unanswered difficulties (`waits_0`…), the latest (`latest_0`…).
    """
    if viewer.person is None:
        return []
    mandates = Membership.objects.current().filter(person=viewer.person, organisation__region=OuterRef("pk"))
    own = Q(region=OuterRef("pk")) | Q(space__region=OuterRef("pk"))
    waits = waiting(viewer).filter(own).exclude(author=viewer.person)
    latest = Topic.objects.visible_to(viewer).filter(region=OuterRef("pk")).exclude(author=viewer.person)
    latest = latest.order_by("-last_post_at", "-id")
    rows = Region.objects.annotate(
        by_mandate=Exists(mandates),
        **{f"waits_{place}": _nth(waits, place) for place in range(SHOWN)},
        **{f"latest_{place}": _nth(latest, place) for place in range(LATEST)},
    )
    rows = rows.filter(Q(by_mandate=True) | Q(code__in=regions_by_role(viewer, Role)))
    return list(rows.order_by("-by_mandate", "name")[:REGIONS])


def spaces(viewer: Viewer, codes: Collection[str]) -> list[Any]:
    """The spaces that the viewer reads; those of these régions carry keys of others' latest topics. One SQL query."""
    topics = Topic.objects.filter(space=OuterRef("pk"), state=State.VISIBLE).exclude(author=viewer.person)
    topics = topics.order_by("-last_post_at", "-id")
    places = range(LATEST if codes else 0)
    latest = {
        f"latest_{place}": Case(When(region__in=list(codes), then=_nth(topics, place)), default=None)
        for place in places
    }
    return list(Space.objects.visible_to(viewer).annotate(**latest))


def _keys(row: Any, name: str, count: int) -> list[int]:
    found = (getattr(row, f"{name}_{place}", None) for place in range(count))
    return [pk for pk in found if pk is not None]


def region_news(viewer: Viewer, own: list[Any], readable: list[Any]) -> list[RegionNews]:
    """What each région has, from what `regions` and `spaces` found. Two SQL queries; none without région."""
    if not own:
        return []
    of = {region.pk: [space for space in readable if space.region_id == region.pk] for region in own}
    wanted = {
        pk
        for region in own
        for row, name in ((region, "waits"), (region, "latest"), *((space, "latest") for space in of[region.pk]))
        for pk in _keys(row, name, LATEST)
    }
    topics = {
        topic.pk: topic
        for topic in Topic.objects.visible_to(viewer).filter(pk__in=wanted).select_related("space", "organisation")
    }
    people = animators([region.pk for region in own], without=viewer.person, each=PEOPLE)
    found = []
    for region in own:
        waits = [topics[pk] for pk in _keys(region, "waits", SHOWN) if pk in topics]
        keys = {*_keys(region, "latest", LATEST), *(pk for one in of[region.pk] for pk in _keys(one, "latest", LATEST))}
        others = [topics[pk] for pk in keys if pk in topics and topics[pk] not in waits]
        others.sort(key=lambda topic: (topic.last_post_at, topic.pk), reverse=True)
        found.append(RegionNews(region, of[region.pk], waits, others[:SHOWN], people.get(region.pk, [])))
    return found


def latest_first(rows: TopicQuerySet) -> TopicQuerySet:
    """Topics of many spaces, the latest first; that each has a post is what the index `topic_recent` asks to hear."""
    return rows.filter(last_number__gt=0).order_by("-last_post_at", "-id")


def unread_elsewhere(viewer: Viewer, codes: Collection[str]) -> TopicQuerySet:
    """Topics of the year outside these régions that the person reads and has not read, nor follows, nor muted.

    What was said before they joined counts too: to a newcomer the whole club is new.
    """
    person = viewer.person
    said = Follow.objects.filter(person=person)
    of_topic = said.filter(kind="topic", object_id=Cast(OuterRef("pk"), CharField()))
    of_space = said.filter(kind="space", level=Level.MUTED, object_id=Cast(OuterRef("space"), CharField()))
    read = Reading.objects.filter(person=person, topic=OuterRef("topic")).values("number")
    posts = Post.objects.filter(topic=OuterRef("pk"), state=State.VISIBLE).exclude(author=person)
    unread = posts.filter(number__gt=Coalesce(Subquery(read), 0))
    rows = Topic.objects.visible_to(viewer).filter(Exists(unread), last_post_at__gt=timezone.now() - YEAR)
    rows = rows.exclude(Exists(of_topic)).exclude(Exists(of_space))
    if codes:
        rows = rows.exclude(region__in=list(codes)).exclude(space__region__in=list(codes))
    return latest_first(rows).select_related("space", "organisation")


def elsewhere(viewer: Viewer, codes: Collection[str]) -> list[Topic]:
    """The latest three of `unread_elsewhere`. One SQL query."""
    return list(unread_elsewhere(viewer, codes)[:SHOWN])


def latest_public(viewer: Viewer) -> list[Topic]:
    """The latest topics that a visitor reads. One SQL query."""
    rows = latest_first(Topic.objects.visible_to(viewer))
    return list(rows.select_related("space", "organisation")[:SHOWN])


def first_space(readable: Iterable[Space], own: Iterable[Any]) -> Space | None:
    """Where to state a difficulty first: the space of one's région, else the first one. No SQL query."""
    codes = {region.pk for region in own}
    listed = list(readable)
    return next((space for space in listed if space.region_id in codes), listed[0] if listed else None)
