"""A time of the day in words."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

NBSP = "\u00a0"


def clock(at: datetime) -> str:
    """« 14 h 05 »."""
    local = timezone.localtime(at)
    return f"{local:%-H}{NBSP}h{NBSP}{local:%M}"
