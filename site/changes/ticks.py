"""Scheduled work: `@tick(every=60)` on a function; whichever worker takes the row does it, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.utils import timezone

from changes.models import Fact, Tick
from changes.writing import SYSTEM, change

log = structlog.get_logger(__name__)
_ticks: dict[str, tuple[int, Callable[[], None]]] = {}
KEEP_DONE_DAYS = 7


def tick(*, every: int) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run the function every `every` seconds, by one worker at a time; it must be safe to run twice."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        _ticks[f"{function.__module__}.{function.__name__}"] = (every, function)
        return function

    return register


def run_due_ticks() -> list[str]:
    """Take and run what is due; returns the names. An error in one is logged and does not stop the others."""
    ran = []
    now = timezone.now()
    due = dict(Tick.objects.values_list("name", "next_at"))
    for name, (every, function) in _ticks.items():
        if name in due and due[name] > now:
            continue
        with change(by=SYSTEM):
            following = now + timedelta(seconds=every)
            if name in due:
                mine = Tick.objects.filter(name=name, next_at=due[name]).update(next_at=following) == 1
            else:
                mine = Tick.objects.get_or_create(name=name, defaults={"next_at": following})[1]
        if not mine:
            continue
        try:
            function()
        except Exception:
            log.exception("tick failed", tick=name)
        ran.append(name)
    return ran


@tick(every=3600)
def purge_done_facts() -> None:
    """Facts done more than a week ago go; those set aside stay until somebody looks."""
    limit = timezone.now() - timedelta(days=KEEP_DONE_DAYS)
    with change(by=SYSTEM):
        Fact.objects.filter(done_at__lt=limit).delete()
