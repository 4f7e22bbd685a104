"""Baselines on the same machine and with the same generator, without database, rights, positions or windows.

`plain`: daphne, and a text of the same size handed to each socket in turn: what this server can do at all.
`group`: the same through a group of Channels' own layer in memory: what most sites do.
A text comes every 250 ms, with the moment at which it was sent as its position (microseconds).
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from typing import Any

from channels.layers import InMemoryChannelLayer

GROUP = os.environ.get("BASELINE") == "group"
SIZE, COUNT = int(os.environ.get("BASELINE_SIZE", "1500")), int(os.environ.get("BASELINE_SOCKETS", "1000"))
sockets: set[Any] = set()
layer = InMemoryChannelLayer()
ticking: list[asyncio.Task[None]] = []


async def tick() -> None:
    while len(sockets) < COUNT:
        await asyncio.sleep(0.1)
    while True:
        await asyncio.sleep(0.25)
        frame = {"k": "snap", "s": "bench", "pos": int(time.monotonic() * 1e6), "up": ""}
        frame["up"] = "x" * (SIZE - len(json.dumps(frame)))
        text = json.dumps(frame)
        if GROUP:
            await layer.group_send("bench", {"type": "text", "text": text})
        else:
            for send in tuple(sockets):
                await send({"type": "websocket.send", "text": text})


async def heard(channel: str, send: Any) -> None:
    while True:
        message = await layer.receive(channel)
        await send({"type": "websocket.send", "text": message["text"]})


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})
        return
    await receive()
    await send({"type": "websocket.accept"})
    if not ticking:
        ticking.append(asyncio.ensure_future(tick()))
    channel = await layer.new_channel()
    await layer.group_add("bench", channel)
    reading = asyncio.ensure_future(heard(channel, send)) if GROUP else None
    sockets.add(send)
    try:
        while (message := await receive())["type"] != "websocket.disconnect":
            if json.loads(message["text"])["k"] == "hello":
                await send({"type": "websocket.send", "text": '{"k": "hb", "ep": "bench"}'})
    finally:
        sockets.discard(send)
        if reading:
            reading.cancel()
