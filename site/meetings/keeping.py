"""What organisers do with a meeting: create, edit, announce, open, cancel, report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from changes import Change, change
from files.actions import detach
from meetings import rules
from meetings.models import COMING, MEMBERS, PUBLIC, AgendaItem, Meeting, State
from meetings.registering import promote, release
from meetings.rows import (
    EditConflict,
    MeetingRefused,
    ReadersLost,
    locked_meeting,
    no_more_readers,
    person_of,
    save_meeting,
    seen_by_visitors,
)
from members.rules import NotAllowed
from members.viewer import Viewer

FIELDS = (
    "kind", "title", "summary", "description", "region_id", "audience", "begins_at", "ends_at", "place", "address",
    "commune_id", "link", "capacity", "registration_closes_at", "organisation_id",
)  # fmt: skip
WHERE_AND_WHEN = ("begins_at", "ends_at", "place", "address", "commune_id", "link")
"""What the registered are told of when it changes."""
IN_CALENDARS = (*WHERE_AND_WHEN, "title", "summary", "kind")
HOLDER = "meeting"
LONGEST = timedelta(days=15)


def create_meeting(*, operation: str = "", by: Viewer, **fields: Any) -> Meeting:
    """Write the draft of a meeting. Who may: its région's correspondents and facilitators, the bureau everywhere.

    Raises `NotAllowed`, `MeetingRefused`, `OperationReused`; the same operation gives the first draft again.
    """
    if not rules.may_create_in(by, fields.get("region_id")):
        raise NotAllowed("Vous organisez des rencontres dans vos régions seulement.")
    with change(by=by) as c:
        if first := c.once(operation, fields):
            return Meeting.objects.get(pk=first)
        meeting = Meeting(organiser=person_of(by), **_known(fields))
        _check(meeting, closing=True)
        save_meeting(c, meeting)
        c.log("create", "meeting", meeting.pk, after=_told(meeting))
        c.result = str(meeting.pk)
    return meeting


def edit_meeting(
    *, meeting_id: int, revision: int, releasing: bool = False, operation: str = "", by: Viewer, **fields: Any
) -> Meeting:
    """Change a meeting as it stood at `revision`. Who may: its organisers, until it has ended.

    A new date or place is told to everybody registered; more places go to the waiting list; items of the agenda move
    with the beginning. Where people registered would not read the meeting any more, it is refused with their number,
    unless `releasing`: their places are given back and they are told. Raises `NotAllowed`, `Gone`, `MeetingRefused`,
    `EditConflict`, `OperationReused`.
    """
    with change(by=by) as c:
        if c.once(operation, [meeting_id, fields]) is not None:
            return Meeting.objects.get(pk=meeting_id)
        meeting = locked_meeting(meeting_id)
        if not rules.may_edit(by, meeting):
            raise NotAllowed("Cette rencontre ne se modifie plus.")
        if not rules.may_create_in(by, fields.get("region_id", meeting.region_id)):
            raise NotAllowed("Vous organisez des rencontres dans vos régions seulement.")
        if revision != meeting.revision:
            raise EditConflict(meeting)
        _edit(c, meeting, _known(fields), releasing)
        c.result = str(meeting.pk)
    return meeting


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = fields.keys() - set(FIELDS)
    if unknown:
        raise TypeError(f"no field of a meeting: {sorted(unknown)}")
    return fields


def _told(meeting: Meeting) -> dict[str, Any]:
    """What the journal keeps of a meeting: the video room's address is nobody's who reads the journal."""
    kept = {name: getattr(meeting, name) for name in FIELDS if name not in ("link", "description")}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in kept.items()}


def _edit(c: Change, meeting: Meeting, fields: dict[str, Any], releasing: bool) -> None:
    old = {name: getattr(meeting, name) for name in FIELDS}
    before, shown, begun = _told(meeting), seen_by_visitors(meeting), meeting.begins_at
    for name, value in fields.items():
        setattr(meeting, name, value)
    changed = {name for name in FIELDS if getattr(meeting, name) != old[name]}
    if not changed:
        return
    if meeting.state == State.LIVE and "begins_at" in changed:
        raise MeetingRefused("day", "La rencontre a commencé : sa date ne change plus.")
    _check(meeting, closing="registration_closes_at" in changed)
    _take_over(c, meeting, changed, begun)
    if "audience" in changed and meeting.state in COMING:
        _let_go(c, meeting, releasing)
    meeting.revision += 1
    promote(c, meeting)
    save_meeting(c, meeting, before=shown)
    c.log("change", "meeting", meeting.pk, before=before, after=_told(meeting))


def _take_over(c: Change, meeting: Meeting, changed: set[str], begun: datetime) -> None:
    """What follows from the fields that changed: agenda, calendars, mails, reminder, last call."""
    if meeting.begins_at != begun:
        _move_items(meeting, begun)
        meeting.reminded_at = None
    if "registration_closes_at" in changed:
        meeting.closing_told = False
    if "audience" in changed:
        c.narrow("meeting", meeting.pk)
    if meeting.state != State.DRAFT and changed & set(IN_CALENDARS):
        meeting.sequence += 1
    if meeting.state in COMING and changed & set(WHERE_AND_WHEN):
        meeting.moves += 1
        c.fact("meeting.moved", meeting.pk, payload={"mark": meeting.moves})


def _let_go(c: Change, meeting: Meeting, releasing: bool) -> None:
    """Whoever is registered and does not read the meeting any more gives their place back, once that was agreed to."""
    rows = no_more_readers(meeting)
    if rows and not releasing:
        raise ReadersLost(len(rows))
    for row in rows:
        release(c, meeting, row)


def _move_items(meeting: Meeting, begun: datetime) -> None:
    """Items keep their distance from the beginning, by the clock on the wall: a change of hour shifts nothing."""
    by = _wall(meeting.begins_at) - _wall(begun)
    for item in AgendaItem.objects.filter(meeting=meeting, starts_at__isnull=False):
        assert item.starts_at is not None  # noqa: S101 - the line above asked for it
        item.starts_at = timezone.make_aware(_wall(item.starts_at) + by)
        item.save(update_fields=["starts_at"])


def _wall(at: datetime) -> datetime:
    return timezone.make_naive(at)


def _check(meeting: Meeting, *, closing: bool) -> None:
    """Refuse what no meeting can be, with the field to mend; with `closing`, a last day to register that is over."""
    if meeting.ends_at <= meeting.begins_at:
        raise MeetingRefused("ends", "La fin doit suivre le début.")
    if meeting.ends_at - meeting.begins_at > LONGEST:
        raise MeetingRefused("last_day", "Une rencontre dure quinze jours au plus.")
    if meeting.state in (State.DRAFT, *COMING) and meeting.begins_at <= timezone.now():
        raise MeetingRefused("day", "Choisissez une date à venir.")
    if meeting.state != State.DRAFT and not (meeting.place or meeting.link):
        raise MeetingRefused("place", "Donnez un lieu ou une salle en ligne.")
    if meeting.audience not in (PUBLIC, MEMBERS) and meeting.audience != f"region:{meeting.region_id}":
        raise MeetingRefused("readers", "Une rencontre réservée à une région est celle de cette région.")
    if meeting.capacity is not None and meeting.capacity < max(1, meeting.seated_count):
        raise MeetingRefused("capacity", f"{meeting.seated_count} personnes ont déjà une place.")
    closes = meeting.registration_closes_at
    if closes is not None and meeting.state in (State.DRAFT, *COMING):
        if timezone.localdate(closes) > timezone.localdate(meeting.begins_at):
            raise MeetingRefused("closes", "On s’inscrit au plus tard le jour où la rencontre commence.")
        if closing and closes <= timezone.now():
            raise MeetingRefused("closes", "Ce jour est passé : les inscriptions seraient déjà closes.")


def announce_meeting(*, meeting_id: int, opening: bool = True, by: Viewer) -> Meeting:
    """Show a draft to its readers; with `opening`, registration opens at once. Who may: its organisers. Twice is once.

    Raises `NotAllowed`, `Gone`, `MeetingRefused`: no place yet, a date or a last day to register that has passed.
    """
    with change(by=by) as c:
        meeting = locked_meeting(meeting_id)
        if meeting.state in COMING and rules.may_manage(by, meeting):
            return meeting
        if not rules.may_announce(by, meeting):
            raise NotAllowed("Cette rencontre ne peut plus être annoncée.")
        meeting.state = State.ANNOUNCED
        _check(meeting, closing=True)
        if opening:
            _open(meeting)
        save_meeting(c, meeting)
        c.fact("meeting.announced", meeting.pk, payload={"by": person_of(by).pk})
        c.log("announce", "meeting", meeting.pk, after={"state": meeting.state})
    return meeting


def open_registration(*, meeting_id: int, by: Viewer) -> Meeting:
    """Let members register for an announced meeting. Who may: its organisers. Twice is once.

    Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        meeting = locked_meeting(meeting_id)
        if meeting.state == State.OPEN and rules.may_manage(by, meeting):
            return meeting
        if not rules.may_open(by, meeting):
            raise NotAllowed("Les inscriptions à cette rencontre ne peuvent pas s’ouvrir.")
        _open(meeting)
        save_meeting(c, meeting, fields=["state", "opened_at"])
        c.log("open", "meeting", meeting.pk)
    return meeting


def _open(meeting: Meeting) -> None:
    meeting.state, meeting.opened_at = State.OPEN, timezone.now()


def cancel_meeting(*, meeting_id: int, reason: str, by: Viewer) -> Meeting:
    """Cancel an announced meeting with a reason that everybody reads; who is registered or waits is told by mail.

    Who may: its organisers, until it begins. Twice is once. Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        meeting = locked_meeting(meeting_id)
        if meeting.state == State.CANCELLED and rules.may_manage(by, meeting):
            return meeting
        if not rules.may_cancel(by, meeting) or not reason.strip():
            raise NotAllowed("Cette rencontre ne peut plus être annulée.")
        before = meeting.state
        meeting.state, meeting.cancel_reason = State.CANCELLED, reason.strip()
        meeting.sequence += 1
        meeting.closing_told = False  # visitors' lists are told once its date has passed
        save_meeting(c, meeting, fields=["state", "cancel_reason", "sequence", "closing_told"])
        c.fact("meeting.cancelled", meeting.pk, payload={"mark": meeting.moves})
        c.log("cancel", "meeting", meeting.pk, before={"state": before}, reason=meeting.cancel_reason)
    return meeting


def discard_draft(*, meeting_id: int, by: Viewer) -> None:
    """Throw a draft away for ever, with its documents. Who may: its organisers. Raises `NotAllowed`, `Gone`."""
    with change(by=by) as c:
        meeting = locked_meeting(meeting_id)
        if not rules.may_discard(by, meeting):
            raise NotAllowed("Seul un brouillon se supprime ; une rencontre annoncée s’annule.")
        detach(holder_kind=HOLDER, holder_id=meeting.pk, by=by)
        c.log("discard", "meeting", meeting.pk, before={"title": meeting.title})
        meeting.delete()


def publish_report(*, meeting_id: int, address: str, by: Viewer) -> Meeting:
    """Say where the report of a past meeting stands. Who may: its organisers. Raises `NotAllowed`, `Gone`."""
    with change(by=by) as c:
        meeting = locked_meeting(meeting_id)
        if not rules.may_report(by, meeting):
            raise NotAllowed("Le compte rendu se publie après la rencontre.")
        before = meeting.report
        meeting.report = address
        if meeting.state == State.ENDED:
            meeting.state = State.REPORTED
        save_meeting(c, meeting, fields=["report", "state"])
        c.log("report", "meeting", meeting.pk, before={"report": before}, after={"report": address})
    return meeting
