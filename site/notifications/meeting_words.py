"""Notices about meetings, in words: as far as the person may read the meeting, asked each time."""

from __future__ import annotations

from django.urls import reverse

from look.typography import typographic
from meetings.following import followers_of, place_followed
from meetings.models import COMING, Meeting, State
from meetings.rules import may_read
from meetings.templatetags.meetings import when, whereabouts
from members.models import Level
from members.viewer import Viewer
from notifications.models import Notice

OF_MEETINGS = {Notice.Kind.MEETING_NEW}
Words = tuple[str, str, str]
"""What it says, its detail, where it leads."""


def words_of(rows: list[Notice], viewer: Viewer) -> dict[int, Words]:
    """Words of the notices about meetings that the person may read now, by the notice’s id. One SQL query, if any."""
    ids = [int(row.object_id) for row in rows if row.kind in OF_MEETINGS]
    meetings = Meeting.objects.with_place().in_bulk(ids) if ids else {}
    found = {}
    for row in rows:
        meeting = meetings.get(int(row.object_id)) if row.kind in OF_MEETINGS else None
        if meeting is not None and meeting.state != State.DRAFT and may_read(viewer, meeting):
            found[row.pk] = _words(row, meeting)
    return found


def _words(row: Notice, meeting: Meeting) -> Words:
    day, place = when(meeting), whereabouts(meeting)
    detail = f"{day[0].upper()}{day[1:]}" + (f", {place}" if place else "")
    if meeting.is_cancelled:
        detail = "Elle est annulée."
    elif meeting.is_past:
        detail = "Elle a eu lieu."
    address = reverse("meetings:meeting_by_number", args=[meeting.pk])
    return typographic(f"{row.get_kind_display()} : « {meeting.title} »"), detail, address


def unsubscribed_place(notice: Notice) -> str | None:
    """What the link of a mail about this notice ends; None where no mail was asked for, or the meeting is off."""
    if notice.kind not in OF_MEETINGS:
        return None
    meeting = Meeting.objects.filter(pk=int(notice.object_id), state__in=COMING).first()
    if meeting is None or not followers_of(meeting, Level.WATCHED).filter(person=notice.person_id).exists():
        return None
    return place_followed(meeting.region_id)
