"""Dates, places and seats of meetings, as people read them."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from look.structured import structured
from look.templatetags.look import quantity
from look.typography import NBSP
from meetings import ical, rules
from meetings.models import PUBLIC, AgendaItem, Meeting, State

register = template.Library()
OTHER_CLOCKS = {"01", "02", "03", "04", "06"}
"""Régions whose clocks are not those of Paris, in which all hours of the site are."""


@register.filter
def hour(at: datetime) -> str:
    """« 9 h », « 14 h 30 »."""
    local = timezone.localtime(at)
    return f"{local:%-H}{NBSP}h" + (f"{NBSP}{local:%M}" if local.minute else "")


@register.filter
def when(meeting: Meeting) -> str:
    """« jeudi 12 novembre 2026, de 9 h 30 à 16 h », or from day to day."""
    begins, ends = timezone.localtime(meeting.begins_at), timezone.localtime(meeting.ends_at)
    if meeting.lasts_days:
        words = f"du {_day(begins)} à {hour(begins)} au {_day(ends)} à {hour(ends)}"
    else:
        words = f"{_day(begins)}, de {hour(begins)} à {hour(ends)}"
    return f"{words} (heure de Paris)" if meeting.region_id in OTHER_CLOCKS else words


def _day(at: datetime) -> str:
    text = date_format(at, "l j F Y")
    return text.replace(" 1 ", " 1er ")


@register.filter
def whereabouts(meeting: Meeting) -> str:
    """« Halle Martenot, 12 place des Lices, Rennes », « En ligne »."""
    return ical.place_in_words(meeting)


@register.filter
def short_place(meeting: Meeting) -> str:
    """Where, in a line of a list: the commune, else the place, else « en ligne »."""
    if meeting.commune:
        return meeting.commune.name
    return meeting.place or "en ligne"


@register.filter
def seats(meeting: Meeting) -> str:
    """« 12 places restantes », « complet, 3 personnes en attente »; nothing where it is not open."""
    if not rules.takes_registrations(meeting, timezone.now()):
        return "inscriptions closes" if meeting.state == State.OPEN else ""
    left = meeting.seats_left
    if left is None:
        return "inscriptions ouvertes"
    if left:
        return quantity(left, "place restante,places restantes")
    waiting = quantity(meeting.waiting_count, "personne en attente,personnes en attente")
    return f"complet, {waiting}" if meeting.waiting_count else "complet"


@register.filter
def spoken(item: AgendaItem) -> str:
    """« 9 h 30 (45 min) »: when an item begins and how long it takes, as far as that is known."""
    words = hour(item.starts_at) if item.starts_at else ""
    if item.starts_at and item.meeting.lasts_days:
        words = f"{date_format(timezone.localtime(item.starts_at), 'l')} {words}"
    length = f"{item.minutes}{NBSP}min" if item.minutes else ""
    return f"{words} ({length})" if words and length else words or length


@register.filter
def in_order(rank: int) -> str:
    """« 1er », « 3e »."""
    return "1er" if rank == 1 else f"{rank}e"


@register.inclusion_tag("meetings/_tile.html")
def date_tile(meeting: Meeting) -> dict[str, object]:
    """The day as a tile, for lists and heads of pages; what it says stands in words beside it."""
    return {"at": timezone.localtime(meeting.begins_at), "cancelled": meeting.is_cancelled}


@register.inclusion_tag("meetings/_state.html")
def state_badge(meeting: Meeting) -> dict[str, object]:
    """What is to be known at once: a draft, cancelled, under way, full."""
    return {"meeting": meeting, "state": State}


@register.simple_tag
def meeting_data(meeting: Meeting, address: str) -> SafeString | str:
    """A public meeting for search engines, without its video room; nothing of others."""
    if meeting.audience != PUBLIC or meeting.state == State.DRAFT:
        return ""
    place = ical.place_in_words(meeting)
    return structured(
        "Event",
        name=meeting.title,
        description=meeting.summary,
        url=address,
        startDate=timezone.localtime(meeting.begins_at).isoformat(),
        endDate=timezone.localtime(meeting.ends_at).isoformat(),
        eventStatus="https://schema.org/" + ("EventCancelled" if meeting.is_cancelled else "EventScheduled"),
        location={"@type": "Place", "name": place, "address": place} if meeting.place else None,
        organizer={"@type": "Organization", "name": settings.SITE_NAME},
    )
