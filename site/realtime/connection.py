"""One socket as the hub sees it: what it follows, how far each stream was sent, what it has not acknowledged."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from realtime import figures, frames
from realtime.frames import Code
from realtime.viewers import Looker

log = structlog.get_logger(__name__)
WINDOW_FRAMES = 8
WINDOW_BYTES = 64 * 1024
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Follow:
    """One stream that a socket follows, in the one view that its viewer has."""

    __slots__ = ("sent", "stream", "view")

    def __init__(self, stream: str, view: str, sent: int) -> None:
        self.stream, self.view, self.sent = stream, view, sent


class Connection:
    """No queue but a slot per stream: up to date, or behind; a slow reader costs its window and nothing more.

    Daphne never applies back-pressure (daphne #170), so only acknowledgements tell how fast the other side reads.
    """

    __slots__ = (
        "_send", "_sizes", "_unread", "_waiting_since", "browser", "closed", "cookies", "follows", "last_sent",
        "looker", "received", "task",
    )  # fmt: skip

    def __init__(self, send: Send, cookies: Mapping[str, str], task: asyncio.Task[Any] | None = None) -> None:
        self._send = send
        self.cookies = dict(cookies)
        self.task = task
        self.looker = Looker(None)  # nobody, until the hub has asked
        self.browser = ""
        self.follows: dict[str, Follow] = {}
        self.closed = False
        self.received = 0  # frames that the client says it has
        self._sizes: deque[int] = deque()  # bytes of each frame it has not acknowledged
        self._unread = 0
        self._waiting_since = 0.0
        self.last_sent = time.monotonic()

    @property
    def open_window(self) -> bool:
        """Whether another frame may be sent now."""
        return len(self._sizes) < WINDOW_FRAMES and self._unread < WINDOW_BYTES

    @property
    def waits(self) -> float:
        """Seconds since the oldest frame that was not acknowledged was sent; 0 where all were."""
        return time.monotonic() - self._waiting_since if self._sizes else 0.0

    def acknowledge(self, received: int) -> bool:
        """The client has this many frames in all; False for a number that cannot be."""
        fresh = received - self.received
        if fresh < 0 or fresh > len(self._sizes):
            return False
        for _ in range(fresh):
            self._unread -= self._sizes.popleft()
        self.received = received
        if fresh:
            self._waiting_since = time.monotonic()
        return True

    async def send(self, text: str, kind: str) -> None:
        """Send one frame. One that cannot be sent ends the socket: its client must not wait for what never comes."""
        if self.closed:
            return
        now = time.monotonic()
        if not self._sizes:
            self._waiting_since = now
        size = len(text)
        self._sizes.append(size)
        self._unread += size
        if kind != "here":  # it tells no position: what was lost in silence is still to be told by a heartbeat
            self.last_sent = now
        try:
            await self._send({"type": "websocket.send", "text": text})
        except Exception as error:  # the server's own
            self.closed = True
            log.warning("frame not sent", kind=kind, size=size, error=type(error).__name__)
            await self._end(Code.RESYNCHRONISE)
            return
        figures.said[kind] += 1

    async def close(self, epoch: str, code: Code, why: str) -> None:
        """Say why, then close. Twice is once."""
        if self.closed:
            return
        await self.send(frames.text(frames.bye(epoch, code, why)), "bye")
        if not self.closed:
            self.closed = True
            figures.closed.labels(str(int(code))).inc()
            await self._end(code)

    async def _end(self, code: Code) -> None:
        with contextlib.suppress(Exception):  # the server's own, when the other side went away meanwhile
            await self._send({"type": "websocket.close", "code": int(code)})
