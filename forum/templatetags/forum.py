"""Words and numbers of the forum's pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Paginator
from django.forms import BoundField
from django.utils import timezone
from django.utils.formats import date_format

from forum.models import Space
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


@register.filter
def clock(at: datetime) -> str:
    """« 14 h 05 »."""
    return f"{timezone.localtime(at):%-H}{NBSP}h{NBSP}{timezone.localtime(at):%M}"


@register.filter
def get(found: Mapping[str, Any], key: object) -> Any:
    """What a dictionary has under a key; nothing where it has none."""
    return found.get(str(key))


@register.filter
def grouped_options(widget: Any, field: BoundField) -> list[tuple[str, list[dict[str, Any]], int]]:
    """The groups of a widget with several choices: name, options (value, label, selected)."""
    chosen = [str(one) for one in field.value() or []]
    return [(name or "", options, index) for name, options, index in widget.optgroups(field.html_name, chosen)]


@register.filter
def facts(told: Mapping[str, Any]) -> str:
    """What a line of the journal holds, for a reader: « audience public, title Espace national »."""
    return ", ".join(f"{name} {value}" for name, value in told.items() if value not in (None, ""))


@register.inclusion_tag("forum/moderators.html")
def moderators(staff: Mapping[str, list[Any]], space: Space) -> dict[str, Any]:
    """Who moderates a space: for the nation, its region, itself."""
    scopes = ["nation", f"region:{space.region_id}", f"space:{space.pk}"]
    return {"people": [person for scope in scopes for person in staff.get(scope, [])]}
