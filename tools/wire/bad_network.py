"""A bad network between clients and a port: it delays, stalls, cuts and buffers, by dice that a seed throws."""

from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import dataclass
from typing import Self

PIECE = 4096


@dataclass
class Weather:
    """How bad it is; the chances are those of each piece that passes."""

    delay: tuple[float, float] = (0.0, 0.0)
    """Seconds each piece takes, at random between the two."""
    stall: float = 0.0
    """The chance that a connection stands still for `stall_seconds`."""
    stall_seconds: tuple[float, float] = (0.5, 3.0)
    cut: float = 0.0
    """The chance that a connection is cut in the middle of a piece."""
    buffer: float = 0.0
    """The chance that pieces are held back and let go together."""
    buffer_seconds: float = 0.3


FAIR = Weather()
ROUGH = Weather(delay=(0.0, 0.08), stall=0.02, cut=0.015, buffer=0.2)


class BadNetwork:
    """A TCP proxy on a free port: `async with BadNetwork(target, seed, ROUGH) as network: network.port`."""

    def __init__(self, target: int, seed: int = 0, weather: Weather = ROUGH) -> None:
        self.target, self.weather = target, weather
        self.cuts = self.stalls = 0
        self._dice = random.Random(seed)
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def stall(self) -> None:
        """From now on nothing passes, and nobody is told (half-open wifi)."""
        self._flowing.clear()

    def flow(self) -> None:
        """What stood still goes on."""
        self._flowing.set()

    def cut(self) -> None:
        """Cut every connection, in the middle of whatever it carries."""
        for writer in list(self._writers):
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        there: asyncio.StreamWriter | None = None
        try:
            answers, there = await asyncio.open_connection("127.0.0.1", self.target)
            self._writers.add(there)
            await asyncio.gather(self._pass(reader, there), self._pass(answers, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for one in (writer, there):
                if one is not None:
                    self._writers.discard(one)
                    one.transport.abort()
            self._tasks.discard(task)

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        dice = self._dice
        while piece := await source.read(PIECE):
            weather = self.weather  # it may change meanwhile
            if dice.random() < weather.buffer:
                await asyncio.sleep(weather.buffer_seconds)
                with contextlib.suppress(TimeoutError):
                    piece += await asyncio.wait_for(source.read(16 * PIECE), 0.001)
            if dice.random() < weather.stall:
                self.stalls += 1
                await asyncio.sleep(dice.uniform(*weather.stall_seconds))
            if dice.random() < weather.cut:
                self.cuts += 1
                target.write(piece[: len(piece) // 2])
                raise ConnectionError("cut")
            await asyncio.sleep(dice.uniform(*weather.delay))
            await self._flowing.wait()
            target.write(piece)
            await target.drain()
        if target.can_write_eof():
            target.write_eof()
