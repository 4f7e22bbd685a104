"""Words of the home's lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils import timezone

from look.typography import NBSP
from meetings.models import Meeting

register = template.Library()


@register.filter
def waited(since: datetime) -> str:
    """« attend depuis 6 jours »: by days of the calendar, as people count them."""
    days = (timezone.localdate() - timezone.localdate(since)).days
    if days < 1:
        return "attend depuis aujourd’hui"
    return "attend depuis hier" if days == 1 else f"attend depuis {days}{NBSP}jours"


@register.filter
def of_region(meetings: Mapping[str, list[Meeting]], code: str) -> list[Meeting]:
    """The next meetings of a région."""
    return meetings.get(code, [])
