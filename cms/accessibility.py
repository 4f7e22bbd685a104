"""The level of conformity that the law asks every page to state, computed from an audit, never typed."""

from __future__ import annotations

from decimal import Decimal


def level(rate: Decimal | None) -> str:
    """The level's word for a rate of conformity (0 to 100); without a valid audit it is « non conforme ».

    RGAA 4.1, obligations: « totalement » is every applicable criterion, « partiellement » at least half of them.
    """
    if rate is None or rate < 50:
        return "non conforme"
    return "totalement conforme" if rate >= 100 else "partiellement conforme"


def accessibility_status() -> str:
    """The footer's mention. No audit by a person has been entered yet, so the law's word is « non conforme »."""
    return level(None)
