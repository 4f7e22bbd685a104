"""Words and numbers of the forum's pages."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.formats import date_format

from forum.queries import TopicPage

register = template.Library()
NBSP = "\u00a0"


@register.filter
def moment(at: datetime) -> str:
    """« 24 novembre 2026 à 14 h 05 »: exact, the same for everybody; the client makes the recent ones relative."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'j F Y')} à {local:%-H}{NBSP}h{NBSP}{local:%M}"


@register.filter
def machine_moment(at: datetime) -> str:
    """The same for machines, to the second: `2026-11-24T14:05:09+01:00`."""
    return timezone.localtime(at).isoformat(timespec="seconds")


@register.filter
def page_numbers(page: TopicPage) -> list[int | None]:
    """The pages to offer around this one; None stands for those left out."""
    paginator = Paginator(range(page.pages), 1)
    elided = paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in elided]
