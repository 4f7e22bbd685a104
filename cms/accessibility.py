"""The level of conformity that the law asks every page to state, computed from an audit, never typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone
from wagtail.models import Page

from cms.models import AccessibilityAudit, AuditRow

YEARS = 3
"""How long an audit is valid."""
PLANS = ("schema-pluriannuel-daccessibilite", "plan-daction-daccessibilite")
"""Slugs of the pages on which the bureau keeps the plan of three years and that of the year."""
KEY = "accessibility-status"
KEEP = 300  # seconds; whoever saves an audit forgets it at once


@dataclass(frozen=True)
class State:
    """What the declaration says."""

    level: str
    rate: Decimal | None = None
    audit: AccessibilityAudit | None = None
    met: int = 0
    not_met: int = 0
    faults: list[Any] = field(default_factory=list)


def level(rate: Decimal | None) -> str:
    """The level's word for a rate of conformity (0 to 100); without a valid audit it is « non conforme ».

    RGAA 4.1, obligations: « totalement » is every applicable criterion, « partiellement » at least half of them.
    """
    if rate is None or rate < 50:
        return "non conforme"
    return "totalement conforme" if rate >= 100 else "partiellement conforme"


def _valid_audits(today: date) -> Any:
    """Audits whose three years have not passed, the latest first, with how many criteria are met (`met`) and not."""
    try:
        oldest = today.replace(year=today.year - YEARS)
    except ValueError:  # 29 February
        oldest = today.replace(year=today.year - YEARS, day=28)
    return (
        AccessibilityAudit.objects.filter(audited_on__gt=oldest, audited_on__lte=today)
        .annotate(
            met=Count("rows", filter=Q(rows__status=AuditRow.Status.MET)),
            not_met=Count("rows", filter=Q(rows__status=AuditRow.Status.NOT_MET)),
        )
        .order_by("-audited_on", "-pk")
    )


def _rate(met: int, not_met: int) -> Decimal | None:
    """Met criteria among those that apply, in percent, rounded down: 99,99 % are not « totalement »."""
    applicable = met + not_met
    return None if not applicable else (Decimal(met * 10_000 // applicable) / 100)


def state(today: date | None = None) -> State:
    """What the last valid audit says. Two SQL queries."""
    audit = _valid_audits(today or timezone.localdate()).first()
    if audit is None:
        return State(level(None))
    rate = _rate(audit.met, audit.not_met)
    faults = list(AuditRow.objects.filter(audit=audit, status=AuditRow.Status.NOT_MET).order_by("sort_order", "pk"))
    return State(level(rate), rate, audit, audit.met, audit.not_met, faults)


def plans() -> list[Page]:
    """The published pages of the plans, that of three years first; the oldest of a slug. One SQL query."""
    found = {page.slug: page for page in Page.objects.live().public().filter(slug__in=PLANS).order_by("-pk")}
    return [found[slug] for slug in PLANS if slug in found]


def accessibility_status() -> str:
    """The footer's mention: « non conforme » until a person has entered an audit. One SQL query in five minutes."""
    word: str | None = cache.get(KEY)
    if word is None:
        audit = _valid_audits(timezone.localdate()).first()
        word = level(_rate(audit.met, audit.not_met) if audit is not None else None)
        cache.set(KEY, word, KEEP)
    return word


def last_known_status() -> str:
    """The mention for a page that may ask the database nothing: the one kept last, else that of no audit."""
    word: str = cache.get(KEY) or level(None)
    return word


def forget() -> None:
    """An audit was saved or deleted: the mention is asked again."""
    cache.delete(KEY)
