"""Lists of topics: a space's list with its filters, what is first in it, and what is unread where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import CharField, Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import cached_property

from forum import rules
from forum.models import Kind, Post, Space, State, Status, Step, Topic, TopicQuerySet
from forum.queries import unread_posts
from members.models import Follow, Level, Person, Role
from members.viewer import Viewer
from projects.models import Commitment

LATEST = 100
"""Topics of a space, the latest, among which those unread are counted on the page of spaces."""
MOST = 1000
"""A list is counted and paged up to here: beyond, filters and search lead further. Counting costs the same for ever."""
RECENT = timedelta(days=90)
"""What has not moved for this long is not called unread any more (it stays unread in its topic)."""
ASKING = (Kind.DIFFICULTY, Kind.QUESTION)
EXPERTS = (Role.FACILITATOR, Role.CORRESPONDENT, Role.NATIONAL_OFFICE, Role.PARTNER_AUTHOR)
"""Roles whose answer is an expert's, held when it was written."""
TABS = {"": "Tout", "sans-reponse": "Sans réponse", "non-lues": "Non lues", "resolues": "Résolues"}
KINDS = {"difficultes": Kind.DIFFICULTY, "questions": Kind.QUESTION, "pistes": Kind.TRACK, "infos": Kind.INFORMATION}


@dataclass(frozen=True)
class Filters:
    """What the address of a list asks for; whatever it does not know is left out. They combine."""

    tab: str = ""
    kind: str = ""
    mine: bool = False
    region: str = ""
    step: str = ""
    commitment: int = 0
    no_expert: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str], viewer: Viewer) -> Filters:
        """The filters of an address; those that need a person are left out for visitors."""
        signed_in = viewer.person is not None
        tab, commitment = query.get("etat", ""), query.get("engagement", "")
        region = query.get("region", "")
        return cls(
            tab=tab if tab in TABS and (signed_in or tab != "non-lues") else "",
            kind=query.get("nature", "") if query.get("nature", "") in KINDS else "",
            mine=signed_in and query.get("miennes", "") == "1",
            region=region if region.isascii() and region.isalnum() and len(region) <= 3 else "",
            step=query.get("etape", "") if query.get("etape", "") in Step.values else "",
            no_expert=query.get("sans_expert", "") == "1",
            commitment=int(commitment) if commitment in {str(number) for number in range(1, 21)} else 0,
        )

    @property
    def is_empty(self) -> bool:
        return self == Filters()

    def address(self, **changes: Any) -> str:
        """The query string of these filters with some changed: the same list for whoever is sent it."""
        one = replace(self, **changes)
        named = {
            "etat": one.tab,
            "nature": one.kind,
            "miennes": "1" if one.mine else "",
            "region": one.region,
            "etape": one.step,
            "engagement": one.commitment or "",
            "sans_expert": "1" if one.no_expert else "",
        }
        return "?" + urlencode({name: value for name, value in named.items() if value})

    def narrow(self, rows: TopicQuerySet, viewer: Viewer) -> TopicQuerySet:
        """Those of the topics that answer to the filters."""
        if self.kind:
            rows = rows.filter(kind=KINDS[self.kind])
        if self.mine and viewer.person is not None:
            rows = rows.filter(author=viewer.person)
        if self.region:
            rows = rows.filter(Q(region=self.region) | Q(space__region=self.region))
        if self.step:
            rows = rows.filter(step=self.step)
        if self.commitment:
            number = Subquery(Commitment.objects.filter(number=self.commitment).values("pk"))
            tagged = Topic.commitments.through.objects.filter(topic=OuterRef("pk"), commitment=number)
            rows = rows.filter(Exists(tagged))
        if self.no_expert:
            answered = Post.objects.filter(topic=OuterRef("pk"), number__gt=1, state=State.VISIBLE, role__in=EXPERTS)
            rows = rows.filter(~Exists(answered), kind__in=ASKING)
        return self._in_tab(rows, viewer)

    def _in_tab(self, rows: TopicQuerySet, viewer: Viewer) -> TopicQuerySet:
        if self.tab == "sans-reponse":
            return rows.filter(unanswered())
        if self.tab == "resolues":
            return rows.filter(status=Status.ANSWERED)
        if self.tab == "non-lues" and viewer.person is not None:
            return unread_topics(rows, viewer.person)
        return rows


def unanswered() -> Q:
    """Somebody waits for a first answer."""
    return Q(kind__in=ASKING, status=Status.OPEN, reply_count=0)


def unread_topics(rows: TopicQuerySet, person: Person) -> TopicQuerySet:
    """Those of the topics in which something moved lately that the person has not read."""
    unread = unread_posts(person, of="pk")
    since = max(person.joined_at, timezone.now() - RECENT)
    return rows.filter(Exists(unread), last_post_at__gt=since)


def unread_per_space(viewer: Viewer) -> dict[int, int]:
    """How many of the `LATEST` topics of each space that the viewer reads hold something new, where any does.

    Spaces that they muted are left out. One SQL query, however many spaces, and however long they are.
    """
    if viewer.person is None:
        return {}
    quiet = Follow.objects.filter(
        person=viewer.person, kind="space", level=Level.MUTED, object_id=Cast(OuterRef("pk"), CharField())
    )
    latest = Topic.objects.filter(space=OuterRef(OuterRef("pk")), state=State.VISIBLE).order_by("-last_post_at", "-id")
    unread = unread_topics(Topic.objects.filter(pk__in=latest.values("pk")[:LATEST]), viewer.person).order_by()
    count = unread.annotate(one=Value(1)).values("one").annotate(count=Count("pk")).values("count")
    rows = Space.objects.visible_to(viewer).exclude(Exists(quiet)).annotate(unread=Subquery(count))
    return {pk: found for pk, found in rows.order_by().values_list("pk", "unread") if found}


def topics_of(space: Space, viewer: Viewer, filters: Filters | None = None) -> TopicQuerySet:
    """A space's topics, latest first; moderators see the hidden ones. For a paginator."""
    states = [State.VISIBLE, State.HIDDEN] if rules.may_moderate(viewer, space) else [State.VISIBLE]
    rows = Topic.objects.filter(space=space, state__in=states)
    return (filters or Filters()).narrow(rows, viewer).for_lines().order_by("-last_post_at", "-id")


def pinned_in(space: Space, viewer: Viewer) -> list[Topic]:
    """What stands first in a space's list now, but what the person put back among the others. One SQL query."""
    rows = Topic.objects.filter(space=space, state=State.VISIBLE, pinned_until__gt=timezone.now())
    return list(_not_dismissed(rows, viewer).for_lines().order_by("-pinned_until", "-id")[:5])


def announced(viewer: Viewer) -> list[Topic]:
    """What is announced in the whole forum, as far as the viewer reads it. One SQL query."""
    rows = Topic.objects.visible_to(viewer).filter(pinned_everywhere=True, pinned_until__gt=timezone.now())
    return list(_not_dismissed(rows, viewer).for_lines().select_related("space").order_by("-pinned_until", "-id")[:3])


def _not_dismissed(rows: Any, viewer: Viewer) -> Any:
    if viewer.person is None:
        return rows
    away = Follow.objects.filter(
        person=viewer.person, kind="pin", level=Level.MUTED, object_id=Cast(OuterRef("pk"), CharField())
    )
    return rows.exclude(Exists(away))


class Counted(Paginator):
    """A paginator whose rows were counted before, up to `MOST`."""

    def __init__(self, rows: TopicQuerySet, size: int, counted: int) -> None:
        super().__init__(rows, size)
        self.counted = counted

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most `MOST`. No SQL query."""
        return self.counted


class Tally(NamedTuple):
    """How many there are; where `more`, at least so many."""

    total: int
    more: bool


def counts_of(space: Space, viewer: Viewer, filters: Filters) -> dict[str, Tally]:
    """How many topics stand behind each tab, among the `MOST` latest that the other filters let through.

    One SQL query, one more for the tab that is open where the space holds more than that or where it is that of what is
    unread (which is counted there alone).
    """
    rows = topics_of(space, viewer, replace(filters, tab="")).values("kind", "status", "reply_count")[:MOST]
    found = rows.aggregate(
        all=Count("kind"),
        waiting=Count("kind", filter=unanswered()),
        solved=Count("kind", filter=Q(status=Status.ANSWERED)),
    )
    more = found["all"] == MOST
    tallies = {
        "": Tally(found["all"], more),
        "sans-reponse": Tally(found["waiting"], more),
        "resolues": Tally(found["solved"], more),
    }
    if filters.tab == "non-lues" or (filters.tab and more):
        count = topics_of(space, viewer, filters).order_by().values("pk")[:MOST].count()
        tallies[filters.tab] = Tally(count, count == MOST)
    return tallies
