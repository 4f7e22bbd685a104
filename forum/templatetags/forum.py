"""Words and numbers of the forum's pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.core.paginator import Paginator
from django.forms import BoundField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe

from forum.clock import NBSP, clock
from forum.lists import Filters
from forum.models import Space
from forum.queries import TopicPage

register = template.Library()
register.filter("clock", clock)


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
def get(found: Mapping[str, Any], key: object) -> Any:
    """What a dictionary has under a key; nothing where it has none."""
    return found.get(str(key))


@register.filter
def grouped_options(widget: Any, field: BoundField) -> list[tuple[str, list[dict[str, Any]], int]]:
    """The groups of a widget with several choices: name, options (value, label, selected)."""
    chosen = [str(one) for one in field.value() or []]
    return [(name or "", options, index) for name, options, index in widget.optgroups(field.html_name, chosen)]


@register.filter
def over_a_minute(at: datetime) -> bool:
    """Whether it is long enough ago to say how long."""
    return timezone.now() - at >= timedelta(minutes=1)


@register.filter
def line_title(html: str) -> str:
    """The title in a topic's line as it is shown; it is HTML already."""
    found = re.search(r'class="club-line__title"[^>]*>(.*?)</a>', html, re.S)
    return mark_safe(found[1]) if found else ""  # noqa: S308  # a part of our own template's output


@register.inclusion_tag("forum/active_filters.html")
def active_filters(filters: Filters, choices: Mapping[str, Any]) -> dict[str, Any]:
    """The filters of a space's list, each with the address of the list without it."""
    commitments = {one.number: str(one) for one in choices["commitments"]}
    regions = dict(choices["regions"])
    labels = {
        "kind": dict(choices["kinds"]).get(filters.kind, ""),
        "step": dict(choices["steps"]).get(filters.step, ""),
        "commitment": commitments.get(filters.commitment, ""),
        "region": regions.get(filters.region, filters.region),
        "mine": "Mes discussions" if filters.mine else "",
        "no_expert": "Sans réponse d’un expert" if filters.no_expert else "",
    }
    none = Filters()
    return {
        "active": [(label, filters.address(**{name: getattr(none, name)})) for name, label in labels.items() if label]
    }


@register.inclusion_tag("forum/moderators.html")
def moderators(staff: Mapping[str, list[Any]], space: Space) -> dict[str, Any]:
    """Who moderates a space: for the nation, its region, itself."""
    scopes = ["nation", f"region:{space.region_id}", f"space:{space.pk}"]
    return {"people": [person for scope in scopes for person in staff.get(scope, [])]}
