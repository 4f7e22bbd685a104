"""What meetings do at dates: they begin, end, are reminded of and archived, to the minute."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from changes import SYSTEM, Change, change
from changes.ticks import tick
from meetings.models import COMING, Meeting, State
from meetings.rows import locked_meeting, save_meeting

REMINDER = timedelta(days=1)
"""How long before a meeting those who have a place are reminded of it."""
ARCHIVED_AFTER = timedelta(days=365)


@tick(every=60)
def advance_meetings() -> None:
    """Each meeting whose date has come takes its next state; its reminder leaves; visitors' pages follow.

    Safe to run twice: each meeting is asked again under its lock.
    """
    now = timezone.now()
    begun = Meeting.objects.filter(state__in=COMING, begins_at__lte=now)
    ended = Meeting.objects.filter(state=State.LIVE, ends_at__lte=now)
    closed = Meeting.objects.filter(state=State.OPEN, closing_told=False, registration_closes_at__lte=now)
    soon = Meeting.objects.filter(state__in=COMING, reminded_at=None, begins_at__gt=now, begins_at__lte=now + REMINDER)
    old = Meeting.objects.filter(state__in=(State.ENDED, State.REPORTED), ends_at__lte=now - ARCHIVED_AFTER)
    over = Meeting.objects.filter(state=State.CANCELLED, closing_told=False, ends_at__lte=now)
    for rows in (begun, ended, closed, soon, old, over):
        for pk in rows.values_list("pk", flat=True):
            with change(by=SYSTEM) as c:
                _advance(c, locked_meeting(pk))


def _advance(c: Change, meeting: Meeting) -> None:
    now = timezone.now()
    before = (meeting.state, meeting.closing_told, meeting.reminded_at)
    if meeting.state in COMING and meeting.begins_at <= now:
        meeting.state = State.LIVE
    if meeting.state == State.LIVE and meeting.ends_at <= now:
        meeting.state = State.ENDED
    if meeting.state in (State.ENDED, State.REPORTED) and meeting.ends_at <= now - ARCHIVED_AFTER:
        meeting.state = State.ARCHIVED
    if meeting.state == State.CANCELLED and meeting.ends_at <= now:
        meeting.closing_told = True  # it leaves the list of what is to come
    if meeting.state == State.OPEN and meeting.last_call <= now:
        meeting.closing_told = True
    if meeting.state in COMING and meeting.reminded_at is None and meeting.begins_at <= now + REMINDER:
        meeting.reminded_at = now
        c.fact("meeting.soon", meeting.pk, payload={"mark": meeting.moves})
    if before == (meeting.state, meeting.closing_told, meeting.reminded_at):
        return
    save_meeting(c, meeting, fields=["state", "closing_told", "reminded_at"])
    if meeting.state != before[0]:
        c.log("advance", "meeting", meeting.pk, before={"state": before[0]}, after={"state": meeting.state})
