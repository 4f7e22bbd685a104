"""A circuit: after three failures in a row an engine is left alone for a while, instead of making everybody wait."""

from __future__ import annotations

import threading
import time

FAILURES = 3
REST = 15.0  # seconds


class Circuit:
    """Of one process: it only spares waiting, what it knows may be forgotten at any time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the engine is not asked now. After the rest one asker tries; the others follow if it answers."""
        with self._lock:
            if self._failures < FAILURES:
                return False
            if time.monotonic() < self._until:
                return True
            self._until = time.monotonic() + REST
            return False

    @property
    def is_resting(self) -> bool:
        """The same, without being the one that tries."""
        with self._lock:
            return self._failures >= FAILURES and time.monotonic() < self._until

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._until = time.monotonic() + REST

    def answered(self) -> None:
        with self._lock:
            self._failures = 0
