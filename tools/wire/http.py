"""One HTTP request at a time, on asyncio: enough to post a form and to ask `/flux/`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode


class Answer(NamedTuple):
    """Status, headers (names in lower case) and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def ask(
    port: int,
    path: str,
    *,
    host: str = "",
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 10,
) -> Answer:
    """GET, or POST of a form. Raises `OSError` (`TimeoutError` too) where no whole answer came."""
    host = host or f"127.0.0.1:{port}"
    body = b"" if form is None else urlencode(form).encode()
    sent = {"Host": host, **(headers or {})}
    if form is not None:
        sent |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    # HTTP/1.0: the end of the connection is the end of the answer, nothing comes in chunks
    lines = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.0", *(f"{name}: {sent[name]}" for name in sent)]
    request = "\r\n".join([*lines, "", ""]).encode("latin1") + body
    return await asyncio.wait_for(_exchange(port, request), seconds)


async def _exchange(port: int, request: bytes) -> Answer:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        raw = await reader.read()
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
    head, found, body = raw.partition(b"\r\n\r\n")
    if not found:
        raise ConnectionError("no answer")
    first, *lines = head.decode("latin1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if len(body) < int(headers.get("content-length", "0")) and headers.get("content-length"):
        raise ConnectionError("half an answer")
    return Answer(int(first.split()[1]), headers, body)
