"""How a hub hears of commits at once: SQLite's own counter, or Redis. Without either its sweep finds them in a second.

Each is a coroutine that calls `ring` and never ends by itself; an error means "away for now, try again".
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

import structlog
from django.conf import settings
from django.db import connections

from changes.doorbell import CHANNEL

log = structlog.get_logger(__name__)
POLL = 0.05  # seconds between two looks at SQLite's counter: 4 µs each
PAUSE = 1.0


Ring = Callable[[], None]


def bell() -> Callable[[Ring], Coroutine[Any, Any, None]] | None:
    """The coroutine that listens to the bell of this installation, if it has one."""
    if connections["default"].vendor == "sqlite":
        return sqlite_bell
    return redis_bell if settings.REDIS_URL else None


async def sqlite_bell(ring: Ring) -> None:
    """Ring when another connection, of this or of another process, has committed (`PRAGMA data_version`)."""
    name = str(connections["default"].settings_dict["NAME"])
    while True:
        try:
            opened = sqlite3.connect(f"file:{quote(name)}?mode=ro", uri=True)
        except sqlite3.Error:
            await asyncio.sleep(PAUSE)
            continue
        try:
            last = None
            while True:
                (version,) = opened.execute("PRAGMA data_version").fetchone()
                if version != last and last is not None:
                    ring()
                last = version
                await asyncio.sleep(POLL)
        except sqlite3.Error as error:
            log.warning("doorbell away", error=type(error).__name__)
        finally:
            opened.close()
        await asyncio.sleep(PAUSE)


async def redis_bell(ring: Ring) -> None:
    """Ring at each message of the doorbell's channel; an idle connection is no dead one."""
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    while True:
        client = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=None, protocol=2)
        heard = client.pubsub(ignore_subscribe_messages=True)
        try:
            await heard.subscribe(CHANNEL)
            ring()  # what happened while nobody listened
            async for _ in heard.listen():
                ring()
        except (RedisError, OSError) as error:
            log.warning("doorbell away", error=type(error).__name__)
        finally:
            try:
                await heard.aclose()
                await client.aclose()
            except (RedisError, OSError):
                pass
        await asyncio.sleep(PAUSE)
