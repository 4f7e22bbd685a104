"""The worker: facts of every consumer, ticks, until it is told to stop. Any number of them may run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from changes import facts, ticks
from changes.models import Fact

log = structlog.get_logger(__name__)
IDLE = 0.5  # seconds between two looks when nothing waits
TOGETHER = 50  # facts that a consumer may act on at once
TICKS = 5.0  # seconds between two looks at the ticks


class Worker:
    """Takes facts until `stop()`; what it holds and has not begun is given back."""

    def __init__(self, consumers: list[str] | None = None) -> None:
        self.consumers = consumers or list(settings.FACT_CONSUMERS)
        self._stopping = threading.Event()
        self._ticks_at = 0.0

    def stop(self) -> None:
        """End after the fact in hand (called by a signal handler: it only sets a flag)."""
        self._stopping.set()

    def run(self, parent_alive: Callable[[], bool] = lambda: True) -> None:
        """Work until told to stop or until the parent is gone; a lost database is waited for, never fatal."""
        while not self._stopping.is_set() and parent_alive():
            try:
                close_old_connections()
                busy = self.once()
            except (OperationalError, InterfaceError) as error:
                log.warning("database away, trying again", error=type(error).__name__)
                connection.close()
                busy = False
            if not busy:
                self._stopping.wait(IDLE)
        connection.close()

    def once(self) -> bool:
        """One round over all consumers and, every few seconds, the ticks; True when something was done."""
        done = False
        for consumer in self.consumers:
            done = self._round(consumer) or done
        if time.monotonic() - self._ticks_at > TICKS:
            self._ticks_at = time.monotonic()
            ticks.run_due_ticks()
        return done

    def _round(self, consumer: str) -> bool:
        taken = facts.claim(consumer, limit=1 if consumer == "jobs" else 200)
        left = taken
        while left:
            if self._stopping.is_set():
                facts.release(left)
                break
            part, left = left[:TOGETHER], left[TOGETHER:]
            if not self._together(part):
                for index, fact in enumerate(part):
                    if self._stopping.is_set():
                        left = part[index:] + left
                        break
                    self._alone(fact)
        return bool(taken)

    def _together(self, part: list[Fact]) -> bool:
        """Facts of one consumer at once, where it works so; False where each is to be done by itself."""
        if len(part) < 2 or not facts.is_together(part[0].consumer):
            return False
        ours = facts.renew(*part)
        with kept(ours):
            return facts.work_together(ours)

    def _alone(self, fact: Fact) -> None:
        if not facts.renew(fact):  # waited behind the others of its batch until its lease passed to somebody else
            return
        with kept([fact]):
            ok = facts.work(fact)
        if not ok:
            log.error("fact failed", consumer=fact.consumer, kind=fact.kind, fact=fact.id, attempt=fact.attempt)


@contextmanager
def kept(taken: Sequence[Fact]) -> Iterator[None]:
    """Renew the leases from a thread while facts are worked on, so that only a dead worker loses them."""
    ended = threading.Event()

    def renewing() -> None:
        while not ended.wait(settings.FACT_LEASE_SECONDS / 3):
            try:
                facts.renew(*taken)
            except (OperationalError, InterfaceError):
                log.warning("leases not renewed", facts=[fact.id for fact in taken])
        connection.close()

    thread = threading.Thread(target=renewing, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
