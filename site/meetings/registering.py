"""Registration: taking a place or a rank, giving it back, and who moves up. All of it under the meeting's lock."""

from __future__ import annotations

from django.utils import timezone

from changes import Change, change
from meetings import rules
from meetings.models import Meeting, Registration
from meetings.rows import locked_meeting, person_of, save_meeting
from members.rules import NotAllowed
from members.viewer import Viewer

SEATED, WAITING, CANCELLED = Registration.State.SEATED, Registration.State.WAITING, Registration.State.CANCELLED
COUNTS = ("seated_count", "waiting_count", "last_number")


def register(*, meeting_id: int, operation: str = "", by: Viewer) -> Registration:
    """Register: a place while there are some, else a rank in the waiting list. Who may: members who read the page.

    Registered already is as wanted. Raises `NotAllowed` (closed, cancelled, begun), `Gone`, `OperationReused`.
    """
    with change(by=by) as c:
        first = c.once(operation, ["register", meeting_id])
        meeting = locked_meeting(meeting_id)
        row = Registration.objects.filter(meeting=meeting, person=person_of(by)).first()
        if row is not None and (first is not None or row.state != CANCELLED):
            return row
        if not rules.may_register(by, meeting, timezone.now()):
            raise NotAllowed("Les inscriptions à cette rencontre ne sont pas ouvertes.")
        row = _take_number(meeting, row or Registration(meeting=meeting, person=person_of(by)))
        save_meeting(c, meeting, fields=COUNTS)
        kind = "meeting.registered" if row.state == SEATED else "meeting.waiting"
        c.fact(kind, row.pk, payload={"mark": row.number})
        c.log("register", "meeting", meeting.pk, after={"state": row.state})
        c.result = str(row.pk)
    return row


def _take_number(meeting: Meeting, row: Registration) -> Registration:
    meeting.last_number += 1
    row.number, row.registered_at = meeting.last_number, timezone.now()
    if meeting.is_full:
        row.state = WAITING
        meeting.waiting_count += 1
    else:
        row.state = SEATED
        meeting.seated_count += 1
    row.save()
    return row


def leave(*, meeting_id: int, operation: str = "", by: Viewer) -> Registration:
    """Give one's place or rank back; a place goes to the first of the waiting list, who is told. Twice is once.

    Who may: whoever is registered, until the meeting begins. Raises `NotAllowed`, `Gone`, `OperationReused`.
    """
    with change(by=by) as c:
        first = c.once(operation, ["leave", meeting_id])
        meeting = locked_meeting(meeting_id)
        row = Registration.objects.filter(meeting=meeting, person=person_of(by)).first()
        if row is not None and (first is not None or row.state == CANCELLED):
            return row
        if row is None or not rules.may_leave(by, meeting, row, timezone.now()):
            raise NotAllowed("On ne peut plus se désinscrire de cette rencontre.")
        _give_back(c, meeting, row)
        c.log("leave", "meeting", meeting.pk, before={"state": row.state})
        c.result = str(row.pk)
    return row


def _give_back(c: Change, meeting: Meeting, row: Registration) -> None:
    _free(meeting, row)
    promote(c, meeting)
    save_meeting(c, meeting, fields=COUNTS)


def _free(meeting: Meeting, row: Registration) -> None:
    if row.state == SEATED:
        meeting.seated_count -= 1
    else:
        meeting.waiting_count -= 1
    row.state = CANCELLED
    row.save(update_fields=["state"])


def release(c: Change, meeting: Meeting, row: Registration) -> None:
    """Take back the place or rank of somebody who does not read the locked meeting any more; they are told so.

    Counts are changed, not saved, and nobody moves up: the caller does both once for all.
    """
    before = row.state
    _free(meeting, row)
    c.fact("meeting.released", row.pk, payload={"mark": row.number})
    c.log("release", "registration", row.pk, before={"state": before})


def promote(c: Change, meeting: Meeting) -> None:
    """Give the free places of a locked meeting to those who wait, the first first; each is told.

    Its counts are changed, not saved: the caller saves them with what else it changes.
    """
    free = meeting.seats_left
    waiting = Registration.objects.filter(meeting=meeting, state=WAITING).order_by("number")
    for row in waiting if free is None else waiting[:free]:
        row.state = SEATED
        row.save(update_fields=["state"])
        meeting.seated_count += 1
        meeting.waiting_count -= 1
        c.fact("meeting.promoted", row.pk, payload={"mark": row.number})
        c.log("promote", "registration", row.pk)
