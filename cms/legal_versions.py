"""Which legal text is in force: for its fixed address, and for what a person accepts."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from cms.models import LegalPage
from members.viewer import VISITOR_VIEWER

ACCEPTED = (LegalPage.Kind.TERMS, LegalPage.Kind.MODERATION)
"""What a person accepts at their first sign-in, and again at each new version."""


def in_force(kind: str, on: date | None = None) -> LegalPage | None:
    """The text of a kind (`LegalPage.Kind`) in force on a day (today): its `slug`, `version`, `in_force_on`, `url`.

    The published one, open to everybody, whose date came last; of one date the highest version. One SQL query.
    """
    rows = LegalPage.objects.visible_to(VISITOR_VIEWER).filter(kind=kind, in_force_on__lte=on or timezone.localdate())
    return rows.order_by("-in_force_on", "-version").first()


def to_accept(on: date | None = None) -> dict[str, LegalPage]:
    """The texts that a person accepts, by kind, as they are in force. One SQL query; empty before the first ones."""
    rows = LegalPage.objects.visible_to(VISITOR_VIEWER).filter(
        kind__in=ACCEPTED, in_force_on__lte=on or timezone.localdate()
    )
    return {page.kind: page for page in rows.order_by("in_force_on", "version")}
