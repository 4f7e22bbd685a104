"""The agenda of a meeting, its speakers and its documents: kept by its organisers, under the meeting's lock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max

from changes import Change, change
from files.actions import Chosen, settle
from meetings import rules
from meetings.keeping import HOLDER
from meetings.models import AgendaItem, Meeting, Speaker
from meetings.rows import MeetingRefused, locked_meeting, save_meeting
from members.rules import Gone, NotAllowed
from members.viewer import Viewer

MOST = 60
"""Items of one agenda, speakers of one meeting."""


def _meeting_to_edit(meeting_id: int, by: Viewer) -> Meeting:
    meeting = locked_meeting(meeting_id)
    if not rules.may_edit_programme(by, meeting):
        raise NotAllowed("Le programme de cette rencontre ne se modifie plus.")
    return meeting


def _saved(c: Change, meeting: Meeting, verb: str, title: str) -> None:
    save_meeting(c, meeting, fields=[])
    c.log(verb, "meeting", meeting.pk, after={"title": title})


def keep_item(
    *,
    meeting_id: int,
    item_id: int | None = None,
    title: str,
    starts_at: datetime | None = None,
    minutes: int | None = None,
    speakers: Collection[int] = (),
    operation: str = "",
    by: Viewer,
) -> AgendaItem:
    """Add an item at the end of the agenda, or change one. Who may: its organisers.

    `speakers` are ids among the meeting's own; others are left out. Raises `NotAllowed`, `Gone`, `MeetingRefused`,
    `OperationReused`.
    """
    with change(by=by) as c:
        told = [meeting_id, item_id, title, starts_at, minutes, sorted(speakers)]
        if first := c.once(operation, told):
            return AgendaItem.objects.get(pk=first)
        meeting = _meeting_to_edit(meeting_id, by)
        item = _item(meeting, item_id) if item_id is not None else _next_item(meeting)
        item.title, item.starts_at, item.minutes = title, starts_at, minutes
        item.save()
        item.speakers.set(Speaker.objects.filter(meeting=meeting, pk__in=speakers))
        _saved(c, meeting, "keep_item", title)
        c.result = str(item.pk)
    return item


def _item(meeting: Meeting, item_id: int) -> AgendaItem:
    item = AgendaItem.objects.filter(meeting=meeting, pk=item_id).first()
    if item is None:
        raise Gone("Ce point du programme n’existe plus.")
    return item


def _next_item(meeting: Meeting) -> AgendaItem:
    rows = AgendaItem.objects.filter(meeting=meeting)
    if rows.count() >= MOST:
        raise MeetingRefused("title", f"Un programme compte {MOST} points au plus.")
    last = rows.aggregate(last=Max("position"))["last"] or 0
    return AgendaItem(meeting=meeting, position=last + 1)


def move_item(*, meeting_id: int, item_id: int, up: bool, by: Viewer) -> None:
    """Let an item change places with the one above or below it; at the end of the list nothing happens.

    Who may: its organisers. Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        meeting = _meeting_to_edit(meeting_id, by)
        item = _item(meeting, item_id)
        order = list(AgendaItem.objects.filter(meeting=meeting).order_by("position").values_list("pk", flat=True))
        place = order.index(item.pk)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(order):
            return
        order[place], order[other] = order[other], order[place]
        _renumber(meeting, order)
        _saved(c, meeting, "move_item", item.title)


def remove_item(*, meeting_id: int, item_id: int, by: Viewer) -> None:
    """Take an item off the agenda. Who may: its organisers. Raises `NotAllowed`, `Gone`."""
    with change(by=by) as c:
        meeting = _meeting_to_edit(meeting_id, by)
        item = _item(meeting, item_id)
        item.delete()
        order = AgendaItem.objects.filter(meeting=meeting).order_by("position").values_list("pk", flat=True)
        _renumber(meeting, list(order))
        _saved(c, meeting, "remove_item", item.title)


def _renumber(meeting: Meeting, order: Sequence[int]) -> None:
    """Positions from 1, in this order; by way of others, because each stands only once."""
    AgendaItem.objects.filter(meeting=meeting).update(position=F("position") + 1000)
    for position, pk in enumerate(order, start=1):
        AgendaItem.objects.filter(pk=pk).update(position=position)


def keep_speaker(
    *,
    meeting_id: int,
    speaker_id: int | None = None,
    name: str,
    function: str = "",
    organisation: str = "",
    operation: str = "",
    by: Viewer,
) -> Speaker:
    """Name somebody who speaks, or change how they are named. Who may: its organisers.

    Raises `NotAllowed`, `Gone`, `MeetingRefused`, `OperationReused`.
    """
    with change(by=by) as c:
        if first := c.once(operation, [meeting_id, speaker_id, name, function, organisation]):
            return Speaker.objects.get(pk=first)
        meeting = _meeting_to_edit(meeting_id, by)
        speaker = _speaker(meeting, speaker_id) if speaker_id is not None else _next_speaker(meeting)
        speaker.name, speaker.function, speaker.organisation = name, function, organisation
        speaker.save()
        _saved(c, meeting, "keep_speaker", name)
        c.result = str(speaker.pk)
    return speaker


def _speaker(meeting: Meeting, speaker_id: int) -> Speaker:
    speaker = Speaker.objects.filter(meeting=meeting, pk=speaker_id).first()
    if speaker is None:
        raise Gone("Cette personne n’est plus parmi les intervenants.")
    return speaker


def _next_speaker(meeting: Meeting) -> Speaker:
    if Speaker.objects.filter(meeting=meeting).count() >= MOST:
        raise MeetingRefused("name", f"Une rencontre compte {MOST} intervenants au plus.")
    return Speaker(meeting=meeting)


def remove_speaker(*, meeting_id: int, speaker_id: int, by: Viewer) -> None:
    """Name somebody no more. Who may: its organisers. Raises `NotAllowed`, `Gone`."""
    with change(by=by) as c:
        meeting = _meeting_to_edit(meeting_id, by)
        speaker = _speaker(meeting, speaker_id)
        speaker.delete()
        _saved(c, meeting, "remove_speaker", speaker.name)


def keep_documents(*, meeting_id: int, files: Sequence[Chosen], seen: Collection[UUID], by: Viewer) -> Meeting:
    """Let a meeting hold these documents, in this order, and those that came since `seen` was shown.

    Who may: its organisers. Raises `NotAllowed`, `Gone`, `FileRefused`.
    """
    with change(by=by) as c:
        meeting = _meeting_to_edit(meeting_id, by)
        settle(files, holder_kind=HOLDER, holder_id=meeting.pk, by=by, seen=seen)
        save_meeting(c, meeting, fields=[])
        c.log("documents", "meeting", meeting.pk, after={"count": len(files)})
    return meeting
