"""A WebSocket client on `asyncio.Protocol`: text frames both ways, pings answered, close codes told.

No task and no queue per socket: what comes is handed to a function at once.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import random
import struct
from collections.abc import Callable, Mapping

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
ABNORMAL = 1006
"""The code of a socket that ended without a word (as browsers say it)."""
Heard = Callable[[bytes], None]
Ended = Callable[[int], None]


class Socket(asyncio.Protocol):
    """One socket, made by `connect()`; `code` tells how it ended, `status` what the handshake was answered."""

    def __init__(self, request: bytes, heard: Heard, ended: Ended) -> None:
        self.status = 0
        self.code: int | None = None
        """Its close code, once it has ended."""
        self.opened: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._request, self._heard, self._ended = request, heard, ended
        self._transport: asyncio.Transport | None = None
        self._unread = bytearray()
        self._parts: list[bytes] = []
        self._said_code = 0

    @property
    def open(self) -> bool:
        return self.status == 101 and self.code is None

    # -- what we say ------------------------------------------------------------------------------------------------

    def say(self, text: str, kind: int = TEXT) -> None:
        """Send one frame, masked as clients must; nothing on a socket that has ended."""
        self.say_bytes(text.encode(), kind)

    def say_bytes(self, payload: bytes, kind: int = TEXT, final: bool = True) -> None:
        """The same with bytes (a binary frame, a broken text); not `final`: a `CONTINUATION` follows."""
        if self._transport is None or self.code is not None:
            return
        mask = random.getrandbits(32).to_bytes(4, "big")
        size, first = len(payload), 0x80 * final | kind
        if size < 126:
            head = struct.pack("!BB", first, 0x80 | size)
        elif size < 65536:
            head = struct.pack("!BBH", first, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", first, 0x80 | 127, size)
        repeated = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(size, "big")
        self._transport.write(head + mask + masked)

    def close(self, code: int = 1000) -> None:
        """Say goodbye; the connection ends when the server answers."""
        self.say_bytes(struct.pack("!H", code), CLOSE)

    def abort(self) -> None:
        """Cut the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

    def pause(self) -> None:
        """Stop reading: the system's buffers fill, then the server's."""
        if self._transport is not None:
            self._transport.pause_reading()

    def go_on(self) -> None:
        """Read again."""
        if self._transport is not None:
            self._transport.resume_reading()

    # -- what we hear -----------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._unread += data
        if not self.status:
            end = self._unread.find(b"\r\n\r\n")
            if end < 0:
                return
            self.status = int(self._unread[9:12])
            del self._unread[: end + 4]
            if not self.opened.done():
                self.opened.set_result(self.status)
            if self.status != 101:
                self.abort()
                return
        while self.status == 101 and self._one_frame():
            pass

    def _one_frame(self) -> bool:
        unread = self._unread
        if len(unread) < 2:
            return False
        first, size, at = unread[0], unread[1] & 0x7F, 2
        if size >= 126:
            width = 2 if size == 126 else 8
            if len(unread) < 2 + width:
                return False
            size, at = int.from_bytes(unread[2 : 2 + width], "big"), 2 + width
        if len(unread) < at + size:
            return False
        payload = bytes(unread[at : at + size])
        del unread[: at + size]
        self._take(first & 0x0F, bool(first & 0x80), payload)
        return True

    def _take(self, kind: int, final: bool, payload: bytes) -> None:
        if kind == PING:
            self.say_bytes(payload, PONG)
        elif kind == CLOSE:
            self._said_code = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1005
            self.say_bytes(payload[:2], CLOSE)
            if self._transport is not None:
                self._transport.close()
        elif kind in (TEXT, BINARY, CONTINUATION):
            if final and not self._parts:
                self._heard(payload)
                return
            self._parts.append(payload)
            if final:
                whole, self._parts = b"".join(self._parts), []
                self._heard(whole)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self.code is not None:
            return
        self.code = self._said_code or ABNORMAL
        for future, result in ((self.opened, self.status), (self.closed, self.code)):
            if not future.done():
                future.set_result(result)
        self._ended(self.code)


async def connect(
    port: int,
    *,
    heard: Heard = lambda payload: None,
    ended: Ended = lambda code: None,
    headers: Mapping[str, str] | None = None,
    path: str = "/ws/",
    host: str = "",
    wait: bool = True,
) -> Socket:
    """Open a socket to 127.0.0.1; `status` is 101 where the handshake was accepted. Raises `OSError`.

    `host` is what the site is called (its Host and, unless `headers` says otherwise, its Origin); without `wait` the
    answer to the handshake is not waited for.
    """
    host = host or f"127.0.0.1:{port}"
    key = base64.b64encode(random.randbytes(16)).decode()
    sent = {
        "Host": host,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Origin": f"http://{host}",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": key,
        **(headers or {}),
    }
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items() if value)]
    request = "\r\n".join([*lines, "", ""]).encode("latin1")
    _, made = await asyncio.get_running_loop().create_connection(
        lambda: Socket(request, heard, ended), "127.0.0.1", port
    )
    if wait:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(made.opened), 20)
    return made
