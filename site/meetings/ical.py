"""Meetings for calendars: RFC 5545, times in UTC, an identifier that stays, a sequence that moves with each change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vDuration

from meetings.models import Meeting, State

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=6)


def calendar_of(meetings: Iterable[Meeting], *, name: str = "", with_link: bool = False) -> bytes:
    """A calendar of these meetings; `name` where it is one to subscribe to.

    `with_link` gives the video room's address away: for who may see it (`rules.may_see_link`) and nobody else.
    """
    made = Calendar()
    made.add("prodid", f"-//{settings.SITE_NAME}//Agenda//FR")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    if name:
        made.add("name", name)
        made.add("x-wr-calname", name)
        made.add("x-wr-timezone", settings.TIME_ZONE)
        made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
        made.add("x-published-ttl", vDuration(REFRESH))
    for meeting in meetings:
        made.add_component(_event(meeting, with_link))
    return made.to_ical()


def uid_of(meeting: Meeting) -> str:
    """What a calendar knows the meeting by, for ever."""
    return f"rencontre-{meeting.pk}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def _event(meeting: Meeting, with_link: bool) -> Event:
    address = settings.SITE_URL + meeting.get_absolute_url()
    event = Event()
    event.add("uid", uid_of(meeting))
    event.add("dtstamp", _utc(meeting.changed_at))
    event.add("last-modified", _utc(meeting.changed_at))
    event.add("created", _utc(meeting.created_at))
    event.add("sequence", meeting.sequence)
    event.add("dtstart", _utc(meeting.begins_at))
    event.add("dtend", _utc(meeting.ends_at))
    event.add("summary", f"{'Annulée : ' if meeting.is_cancelled else ''}{meeting.title}")
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("categories", [meeting.get_kind_display()])
    event.add("url", address)
    if where := place_in_words(meeting):
        event.add("location", where)
    event.add("description", "\n\n".join(_said(meeting, address, with_link)))
    return event


def _said(meeting: Meeting, address: str, with_link: bool) -> list[str]:
    parts = []
    if meeting.state == State.CANCELLED:
        parts.append(f"Rencontre annulée : {meeting.cancel_reason}")
    if meeting.summary:
        parts.append(meeting.summary)
    if with_link and meeting.link:
        parts.append(f"Salle en ligne : {meeting.link}")
    return [*parts, address]


def place_in_words(meeting: Meeting) -> str:
    """« Halle Martenot, 12 place des Lices, Rennes »; « En ligne » where there is a room and no place."""
    commune = meeting.commune.name if meeting.commune else ""
    address = meeting.address
    parts = [meeting.place, address, "" if commune and commune in address else commune]
    words = ", ".join(part for part in parts if part)
    return words or ("En ligne" if meeting.link else "")


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
