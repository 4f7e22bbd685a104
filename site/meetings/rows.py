"""Rows under their locks, and what every change of a meeting tells."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from changes import Change
from changes.streams import PUBLIC as VISITORS
from meetings.models import PUBLIC, Meeting, Registration, State
from meetings.rules import may_read
from members.models import Person
from members.readers import holders_of
from members.rules import Gone, NotAllowed
from members.viewer import Viewer


class MeetingRefused(Exception):
    """A meeting cannot be so; the message says why (French), `field` is the one to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ReadersLost(MeetingRefused):
    """So many people are registered who would not read the meeting any more; nothing was changed."""

    def __init__(self, count: int) -> None:
        who = "1 personne inscrite ne lirait" if count == 1 else f"{count} personnes inscrites ne liraient"
        super().__init__("readers", f"{who} plus cette rencontre. Dites ce que deviennent leurs inscriptions.")
        self.count = count


class EditConflict(Exception):
    """Somebody changed the meeting since the form was opened; `meeting` is how it stands now. Nothing was changed."""

    def __init__(self, meeting: Meeting) -> None:
        super().__init__("Cette rencontre a changé depuis que vous avez ouvert cette page.")
        self.meeting = meeting


def locked_meeting(pk: int) -> Meeting:
    """The meeting, held until the change ends: all that belongs to it waits for it. Raises `Gone`."""
    rows: QuerySet[Meeting] = Meeting.objects.select_related("region", "commune")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    meeting = rows.filter(pk=pk).first()
    if meeting is None:
        raise Gone("Cette rencontre n’existe plus.")
    return meeting


def person_of(by: Viewer) -> Person:
    """The acting person. Raises `NotAllowed` for visitors."""
    if by.person is None:
        raise NotAllowed("Connectez-vous d’abord.")
    return by.person


def seen_by_visitors(meeting: Meeting) -> bool:
    """Whether pages of visitors may show it."""
    return meeting.audience == PUBLIC and meeting.state != State.DRAFT


def no_more_readers(meeting: Meeting) -> list[Registration]:
    """Registrations of people who may not read the meeting as it is now. Two SQL queries, then those of their rights.

    Who organises reads it in any case; of the others `holders_of` answers for all at once.
    """
    rows = Registration.objects.filter(meeting=meeting).exclude(state=Registration.State.CANCELLED)
    doubtful = rows.exclude(person__in=holders_of(meeting.audience)).select_related("person").order_by("number")
    return [row for row in doubtful if not may_read(Viewer.of(row.person), meeting)]


def save_meeting(c: Change, meeting: Meeting, *, before: bool = False, fields: Iterable[str] | None = None) -> None:
    """Save a locked meeting (all of it without `fields`); visitors' pages renew where they show it or did `before`."""
    meeting.changed_at = timezone.now()
    meeting.save(update_fields=[*fields, "changed_at"] if fields is not None else None)
    if before or seen_by_visitors(meeting):
        c.renew(VISITORS, VISITORS)
    c.fact("meeting.changed", meeting.pk)
