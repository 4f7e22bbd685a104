"""What pages read of meetings: each a known number of SQL queries, over rows that the viewer may read now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from files.models import Upload
from files.queries import attached_to
from meetings import rules
from meetings.keeping import HOLDER
from meetings.models import PAST, UNFINISHED, AgendaItem, Kind, Meeting, MeetingQuerySet, Registration, Speaker, State
from members.queries import with_mandate
from members.viewer import Viewer
from territories.models import Region

Seat = Registration.State
SHOWN = 3
MOST_IN_A_MONTH = 200


@dataclass(frozen=True)
class Details:
    """What a meeting's page shows beside the meeting itself."""

    items: list[AgendaItem]
    speakers: list[Speaker]
    documents: list[Upload]
    registration: Registration | None
    rank: int


def meeting_of(viewer: Viewer, pk: int) -> Meeting | None:
    """A meeting that the viewer may read: announced and for them, or one that they organise. One SQL query."""
    rows = Meeting.objects.select_related("region", "commune", "organiser", "organisation")
    meeting = rows.filter(pk=pk).first()
    return meeting if meeting is not None and rules.may_read(viewer, meeting) else None


def details_of(viewer: Viewer, meeting: Meeting) -> Details:
    """Agenda, speakers, documents, and the viewer's own registration. Five SQL queries at most; visitors cost four."""
    speakers = list(meeting.speakers.all())
    items = list(meeting.agenda_items.prefetch_related(Prefetch("speakers", Speaker.objects.order_by("pk"))))
    registration = registration_of(viewer, meeting)
    rank = getattr(registration, "ahead", 0) + 1 if registration and registration.state == Seat.WAITING else 0
    return Details(items, speakers, attached_to(HOLDER, [meeting.pk])[meeting.pk], registration, rank)


def registration_of(viewer: Viewer, meeting: Meeting) -> Any:
    """The viewer's registration with how many wait before them (`ahead`). One SQL query; visitors cost none."""
    if viewer.person is None:
        return None
    before = Registration.objects.filter(meeting=OuterRef("meeting"), state=Seat.WAITING, number__lt=OuterRef("number"))
    count = before.order_by().values("meeting").annotate(count=Count("pk")).values("count")
    rows = Registration.objects.filter(meeting=meeting, person=viewer.person)
    registration: Any = rows.annotate(waiting_before=Subquery(count)).first()
    if registration is not None:
        registration.ahead = registration.waiting_before or 0
    return registration


def next_meetings(viewer: Viewer, region: str | None = None, limit: int = SHOWN) -> list[Meeting]:
    """The next meetings that the viewer reads, of a région where one is named. One SQL query."""
    rows = Meeting.objects.visible_to(viewer).filter(state__in=UNFINISHED)
    if region is not None:
        rows = rows.filter(region=region)
    return list(rows.with_place().order_by("begins_at", "id")[:limit])


def next_by_region(viewer: Viewer, codes: Collection[str], each: int = 2) -> dict[str, list[Meeting]]:
    """The next meetings of each of these régions that the viewer reads. One SQL query; none without région."""
    found: dict[str, list[Meeting]] = {code: [] for code in codes}
    if not found:
        return found
    rows = Meeting.objects.visible_to(viewer).filter(state__in=UNFINISHED, region__in=list(found))
    nth = Window(RowNumber(), partition_by=F("region"), order_by=[F("begins_at").asc(), F("id").asc()])
    for meeting in rows.annotate(nth=nth).filter(nth__lte=each).with_place().order_by("begins_at", "id"):
        found[meeting.region_id or ""].append(meeting)
    return found


def meetings_of(viewer: Viewer, limit: int = SHOWN) -> list[Registration]:
    """Where the person has a place or a rank and which are not over, cancelled ones too. One SQL query; visitors none.

    Each carries its `meeting` with the place. A meeting that they may not read any more is not among them.
    """
    if viewer.person is None:
        return []
    shown = Meeting.objects.visible_to(viewer).unfinished().order_by()
    rows = Registration.objects.filter(person=viewer.person, meeting__in=shown).exclude(state=Seat.CANCELLED)
    rows = rows.select_related("meeting__region", "meeting__commune")
    return list(rows.order_by("meeting__begins_at", "meeting_id")[:limit])


@dataclass(frozen=True)
class Filters:
    """What the address of the list asks for; what it cannot mean is left out."""

    kind: str = ""
    region: str = ""
    year: int | None = None

    @classmethod
    def of(cls, asked: dict[str, str]) -> Filters:
        """From `?nature=visit&region=53&annee=2025`."""
        kind, region, year = asked.get("nature", ""), asked.get("region", ""), asked.get("annee", "")
        return cls(
            kind if kind in Kind.values else "",
            region if region.isascii() and region.isalnum() and len(region) <= 3 else "",
            int(year) if year.isascii() and year.isdecimal() and 2000 <= int(year[:5]) <= 2100 else None,
        )


def _filtered(rows: MeetingQuerySet, filters: Filters) -> MeetingQuerySet:
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.region:
        rows = rows.filter(region=filters.region)
    return rows


def listed(viewer: Viewer, filters: Filters) -> MeetingQuerySet:
    """The meetings of the list: those to come, the next first; of a past year, the latest first."""
    rows = _filtered(Meeting.objects.visible_to(viewer), filters).with_place()
    if filters.year is None:
        return rows.unfinished()
    begin, end = _day(date(filters.year, 1, 1)), _day(date(filters.year + 1, 1, 1))
    over = Q(state__in=PAST) | Q(state=State.CANCELLED, ends_at__lte=timezone.now())
    return rows.filter(over, begins_at__gte=begin, begins_at__lt=end).order_by("-begins_at", "-id")


def _day(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def past_years(viewer: Viewer) -> list[int]:
    """The years of past meetings that the viewer reads, the latest first. One SQL query."""
    rows = Meeting.objects.visible_to(viewer).filter(state__in=PAST)
    return [one.year for one in rows.datetimes("begins_at", "year", order="DESC")]


def region_choices(viewer: Viewer) -> list[tuple[str, str]]:
    """The régions that have meetings which the viewer reads. One SQL query."""
    held = Meeting.objects.visible_to(viewer).filter(region__isnull=False).values("region")
    return list(Region.objects.filter(pk__in=held).order_by("name").values_list("code", "name"))


def in_days(viewer: Viewer, first: date, end: date, filters: Filters) -> list[Meeting]:
    """Meetings that touch the days from `first` to before `end`, in their order. One SQL query."""
    rows = _filtered(Meeting.objects.visible_to(viewer), filters).with_place()
    rows = rows.filter(begins_at__lt=_day(end), ends_at__gt=_day(first))
    return list(rows.order_by("begins_at", "id")[:MOST_IN_A_MONTH])


def first_and_last_day(viewer: Viewer) -> tuple[date, date]:
    """The days between which the viewer's meetings lie, today among them. One SQL query."""
    today = timezone.localdate()
    found = Meeting.objects.visible_to(viewer).aggregate(first=Min("begins_at"), last=Max("begins_at"))
    days = [timezone.localdate(at) for at in found.values() if at is not None]
    return min([today, *days]), max([today, *days])


KEPT_IN_CALENDARS = timedelta(days=365)
MOST_IN_CALENDARS = 500


def for_calendar(viewer: Viewer, region: str | None = None) -> list[Meeting]:
    """Meetings of a calendar: those of the last year and to come, cancelled ones too, so that they disappear from the
    calendars that hold them. One SQL query.
    """
    rows = Meeting.objects.visible_to(viewer).filter(ends_at__gt=timezone.now() - KEPT_IN_CALENDARS)
    if region is not None:
        rows = rows.filter(region=region)
    return list(rows.with_place().order_by("begins_at", "id")[:MOST_IN_CALENDARS])


def organised_by(viewer: Viewer) -> QuerySet[Meeting]:
    """The meetings that the viewer organises and that are not over, drafts first, then the next ones."""
    rows = Meeting.objects.managed_by(viewer).exclude(state__in=PAST).exclude(state=State.CANCELLED)
    return rows.with_place().order_by("begins_at", "id")


def registrations(meeting: Meeting) -> QuerySet[Any]:
    """Who has a place, then who waits, each in their order, with `function` and `organisation` in words."""
    rows = Registration.objects.filter(meeting=meeting).exclude(state=Seat.CANCELLED).select_related("person")
    return with_mandate(rows).order_by("state", "number")


def miscounted() -> QuerySet[Meeting]:
    """Meetings whose counts are not what their registrations say: there are none."""

    def counted(state: str) -> Subquery:
        rows = Registration.objects.filter(meeting=OuterRef("pk"), state=state).order_by().values("meeting")
        return Subquery(rows.annotate(count=Count("pk")).values("count"))

    rows = Meeting.objects.annotate(seated=counted(Seat.SEATED), waiting=counted(Seat.WAITING))
    right = (Q(seated=F("seated_count")) | Q(seated=None, seated_count=0)) & (
        Q(waiting=F("waiting_count")) | Q(waiting=None, waiting_count=0)
    )
    return rows.exclude(right)
