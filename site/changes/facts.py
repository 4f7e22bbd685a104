"""Taking facts: lease, work outside any transaction, mark done; retries with back-off, aside after too many."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from changes.models import Fact
from changes.writing import SYSTEM, change

log = structlog.get_logger(__name__)
Handler = Callable[[Fact], None]
Together = Callable[[Sequence[Fact]], None]


class Later(Exception):
    """What a handler needs is away: the fact is tried again after `seconds`, and that counts as no failure."""

    def __init__(self, seconds: float, why: str = "") -> None:
        super().__init__(why)
        self.seconds = seconds


_handlers: dict[tuple[str, str], Handler] = {}
_together: dict[str, Together] = {}


def handles(consumer: str, kind: str) -> Callable[[Handler], Handler]:
    """Register the function with which `consumer` acts on facts of `kind` (in an app's `consumers.py`)."""

    def register(handler: Handler) -> Handler:
        _handlers[consumer, kind] = handler
        return handler

    return register


def handles_together(consumer: str) -> Callable[[Together], Together]:
    """Register how a consumer acts on many facts at once, of any of its kinds.

    It does all or raises; then each is done by its own handler, which says what is wrong with it.
    """

    def register(handler: Together) -> Together:
        _together[consumer] = handler
        return handler

    return register


def is_together(consumer: str) -> bool:
    """Whether the consumer acts on many facts at once."""
    return consumer in _together


def waiting(consumer: str) -> models.QuerySet[Fact]:
    """Facts of a consumer that are due and that no living lease holds, oldest first."""
    now = timezone.now()
    return (
        Fact.objects.filter(consumer=consumer, done_at=None, aside_at=None, not_before__lte=now)
        .filter(models.Q(lease_until=None) | models.Q(lease_until__lt=now))
        .order_by("not_before", "id")
    )


def claim(consumer: str, limit: int = 200) -> list[Fact]:
    """Lease up to `limit` (at most 200) due facts in one short transaction.

    PostgreSQL skips the rows another worker is taking; SQLite's transactions are exclusive from their start, where
    `skip_locked` would silently do nothing.
    """
    if not waiting(consumer).exists():
        return []
    with change(by=SYSTEM):
        due = waiting(consumer)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        taken = list(due[: min(limit, 200)])
        until = timezone.now() + timedelta(seconds=settings.FACT_LEASE_SECONDS)
        for fact in taken:
            fact.lease_until, fact.attempt = until, fact.attempt + 1
        Fact.objects.bulk_update(taken, ["lease_until", "attempt"])
    return taken


def renew(*taken: Fact) -> list[Fact]:
    """Lengthen the leases of facts in hand; those that are still ours. One statement, as a rule."""
    with change(by=SYSTEM):
        until = timezone.now() + timedelta(seconds=settings.FACT_LEASE_SECONDS)
        rows = Fact.objects.filter(id__in=[fact.id for fact in taken], done_at=None, aside_at=None)
        count = sum(
            rows.filter(attempt=attempt).update(lease_until=until) for attempt in {one.attempt for one in taken}
        )
        if count == len(taken):
            return list(taken)
        held = set(rows.values_list("id", "attempt"))
    return [fact for fact in taken if (fact.id, fact.attempt) in held]


def work_together(taken: Sequence[Fact]) -> bool:
    """Act on several leased facts of one consumer at once and mark them.

    False where it failed: then each is to be done by itself.
    """
    try:
        if taken:
            _together[taken[0].consumer](taken)
    except Exception as error:
        log.warning("facts not done together, each by itself", consumer=taken[0].consumer, error=type(error).__name__)
        return False
    with change(by=SYSTEM):
        for attempt in {fact.attempt for fact in taken}:
            same = [fact.id for fact in taken if fact.attempt == attempt]
            rows = Fact.objects.filter(id__in=same, attempt=attempt)
            rows.update(done_at=timezone.now(), lease_until=None, error="", payload={})
    return True


def work(fact: Fact) -> bool:
    """Act on one leased fact and mark it; True when it is done. An error never leaves this function."""
    handler = _handlers.get((fact.consumer, fact.kind))
    try:
        if handler is None:
            raise LookupError(f"consumer {fact.consumer!r} has no handler for {fact.kind!r}")
        handler(fact)
    except Later as later:
        _put_off(fact, later)
        return False
    except Exception:
        _failed(fact, traceback.format_exc(limit=-6))
        return False
    with change(by=SYSTEM):
        Fact.objects.filter(id=fact.id, attempt=fact.attempt).update(
            done_at=timezone.now(), lease_until=None, error="", payload={}
        )
    return True


def _put_off(fact: Fact, later: Later) -> None:
    with change(by=SYSTEM):
        Fact.objects.filter(id=fact.id, attempt=fact.attempt, done_at=None).update(
            lease_until=None,
            attempt=fact.attempt - 1,
            not_before=timezone.now() + timedelta(seconds=later.seconds),
            error=str(later)[-4000:],
        )


def put_off(consumer: str, seconds: float, *, tried: bool = False) -> int:
    """Have what waits for a consumer, and nobody holds, wait so long at least; returns how much. One statement.

    For a consumer whose server is away: one fact tries it, the others need not. With `tried`, only facts that were
    tried before. No failure is counted.
    """
    until = timezone.now() + timedelta(seconds=seconds)
    rows = Fact.objects.filter(consumer=consumer, done_at=None, aside_at=None, lease_until=None, not_before__lt=until)
    with change(by=SYSTEM):
        return (rows.exclude(error="") if tried else rows).update(not_before=until)


def _failed(fact: Fact, error: str) -> None:
    """Back off 5 s, 10 s, 20 s… up to an hour; aside after `settings.FACT_ATTEMPTS`."""
    now = timezone.now()
    delay = min(3600, 5 * 2 ** (fact.attempt - 1))
    with change(by=SYSTEM):
        Fact.objects.filter(id=fact.id, attempt=fact.attempt, done_at=None).update(
            lease_until=None,
            not_before=now + timedelta(seconds=delay),
            aside_at=now if fact.attempt >= settings.FACT_ATTEMPTS else None,
            error=error[-4000:],
        )


def release(facts: list[Fact]) -> None:
    """Give back facts that were leased and not begun (graceful stop): the attempt is not counted."""
    with change(by=SYSTEM):
        for fact in facts:
            Fact.objects.filter(id=fact.id, attempt=fact.attempt, done_at=None).update(
                lease_until=None, attempt=fact.attempt - 1
            )


def replay(fact_ids: list[int], *, by: str) -> int:
    """Put facts that were set aside back in line; returns how many."""
    with change(by=by) as c:
        count = Fact.objects.filter(id__in=fact_ids, aside_at__isnull=False).update(
            aside_at=None, attempt=0, lease_until=None, not_before=timezone.now()
        )
        for fact_id in fact_ids:
            c.log("replay", "fact", fact_id)
    return count


def aside(limit: int = 100) -> list[Fact]:
    """Facts set aside after too many failures, the latest first. One SQL query."""
    return list(Fact.objects.filter(aside_at__isnull=False, done_at=None).order_by("-aside_at", "-id")[:limit])


def backlog() -> dict[str, dict[str, int]]:
    """Per consumer: facts that wait and facts set aside. One SQL query."""
    counts = {name: {"waiting": 0, "aside": 0} for name in settings.FACT_CONSUMERS}
    for row in (
        Fact.objects.filter(done_at=None)
        .values("consumer")
        .annotate(
            waiting=models.Count("id", filter=models.Q(aside_at=None)),
            aside=models.Count("id", filter=models.Q(aside_at__isnull=False)),
        )
    ):
        counts[row["consumer"]] = {"waiting": row["waiting"], "aside": row["aside"]}
    return counts
