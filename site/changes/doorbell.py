"""The doorbell: after a commit, tell the hubs of other processes to look. Best effort, never raises, never slow.

On one machine with SQLite nobody rings: hubs see the commit by themselves (`PRAGMA data_version`). With Redis it is a
message without content; where Redis is away the hubs' own sweep finds the change within a second.
"""

from __future__ import annotations

import threading
import time
from functools import cache
from typing import Any

import structlog
from django.conf import settings

log = structlog.get_logger(__name__)
CHANNEL = "club:bell"
PAUSE = 5.0  # seconds without a try after a failure: a request waits for a dead Redis at most once in that time
_lock = threading.Lock()
_away_until = 0.0


@cache
def _redis(url: str) -> Any:
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return redis.Redis.from_url(
        url, socket_connect_timeout=0.2, socket_timeout=0.5, retry=Retry(NoBackoff(), 0), protocol=2
    )


def ring() -> None:
    """Ring once, where there is a bell and it answered lately."""
    global _away_until
    if not settings.REDIS_URL or time.monotonic() < _away_until:
        return
    try:
        _redis(settings.REDIS_URL).publish(CHANNEL, "")
    except Exception as error:
        with _lock:
            _away_until = time.monotonic() + PAUSE
        log.warning("doorbell away", error=type(error).__name__)
