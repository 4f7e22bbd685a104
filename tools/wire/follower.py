"""A client that follows the rules of the protocol, as the page's own script does, and holds what a page would show."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from tools.wire.http import ask
from tools.wire.socket import Socket, connect

FIRST_FRAME = 5.0  # no frame in that time: this network lets no socket through
DEAD = 40.0  # nothing for so long on an open socket: half-open wifi
TRY_AGAIN = 120.0  # while polling, a socket is tried again every two minutes
POLL = 5.0
INSIST = 4.0  # a socket has a budget of hellos
ACK_EVERY = 4
ACK_SIZE = 16 * 1024
ACK_LATEST = 5.0
FAR = "far"
"""Stands for the HTML of an object beyond a frame, which a page fetches by itself."""

Seen = tuple[int, str]
"""An object as this client shows it: revision and HTML."""
_parsed: dict[bytes, dict[str, Any]] = {}


def parsed(payload: bytes) -> dict[str, Any]:
    """A frame; the same text said to a thousand sockets is parsed once."""
    frame = _parsed.get(payload)
    if frame is None:
        if len(_parsed) > 64:
            _parsed.clear()
        frame = _parsed[payload] = json.loads(payload)
    return frame


def state_of(frame: Mapping[str, Any]) -> dict[str, Seen]:
    """What a snapshot shows."""
    return {one["id"]: seen(one) for one in frame["up"]}


def seen(one: Mapping[str, Any]) -> Seen:
    return one["rev"], one.get("html", FAR)


class Follower:
    """`start()` it in a running loop; it stays connected until `stop()`, and `state` is what its page would show.

    `on_frame(self, payload, at)` hears each frame as it came, with the moment (`time.monotonic()`). With `keep` all
    frames are kept in `heard`. `polls` lets it ask `/flux/` at `pages` where sockets fail, as pages do. `insists`
    asks again for streams that were refused, as somebody does who opens the page anew.
    """

    def __init__(
        self,
        port: int,
        streams: Mapping[str, int | None],
        *,
        host: str = "",
        pages: int = 0,
        cookies: str = "",
        who: str | None = None,
        browser: str = "",
        release: str | None = None,
        keep: bool = False,
        polls: bool = False,
        insists: bool = False,
        acknowledges: bool = True,
        comes_back: bool = True,
        on_frame: Callable[[Follower, bytes, float], None] | None = None,
        seed: int | None = None,
    ) -> None:
        self.port, self.pages, self.host = port, pages or port, host or f"127.0.0.1:{port}"
        self.cookies, self.who, self.browser, self.release = cookies, who, browser, release
        self.keep, self.polls, self.insists, self.acknowledges = keep, polls, insists, acknowledges
        self.comes_back, self.on_frame = comes_back, on_frame
        self.positions: dict[str, int | None] = dict(streams)
        self.state: dict[str, dict[str, Seen]] = {stream: {} for stream in streams}
        self.epoch = ""
        self.heard: list[bytes] = []
        self.refused: dict[str, int] = {}
        """Streams that the site ended for us, with the code."""
        self.codes: list[int] = []
        """How each socket ended."""
        self.bye: dict[str, Any] | None = None
        self.over = 0
        """The code after which it does not come back."""
        self.frames: Counter[str] = Counter()
        self.gaps = 0
        self.touched: Counter[str] = Counter()
        """How often each stream of one's own said that something changed."""
        self.socket: Socket | None = None
        self.polling = False
        self._dice = random.Random(seed)
        self._failures = self._received = self._acknowledged = self._unsaid = 0
        self._begun = self.last_heard = self._insisted = 0.0
        self._stopped = False
        self._changed = asyncio.Event()
        self._ack_timer: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._poll: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # -- life -------------------------------------------------------------------------------------------------------

    def start(self) -> Follower:
        """Begin; needs a running loop."""
        self._check()
        self._connect_soon()
        return self

    async def stop(self) -> None:
        """End without a word, and wait for what is under way."""
        self._stopped = True
        for timer in (self._ack_timer, self._timer, self._watch):
            if timer is not None:
                timer.cancel()
        self._drop()
        tasks = [*self._tasks, *([self._poll] if self._poll else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def until(self, true: Callable[[], bool], seconds: float = 10.0) -> float:
        """Wait until something is true of what was heard; seconds that took. Raises `TimeoutError`."""
        begun = time.monotonic()
        while not true():
            left = begun + seconds - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"not so after {seconds:g} s: {self.told()}")
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), min(left, 0.2))
            except TimeoutError:
                continue
        return time.monotonic() - begun

    def told(self) -> str:
        """Where it stands, for messages of tests."""
        return (
            f"positions {self.positions}, frames {dict(self.frames)}, ended {self.codes}, refused {self.refused}, "
            f"over {self.over}, polling {self.polling}"
        )

    @property
    def live(self) -> bool:
        """On an open socket that has spoken."""
        return self.socket is not None and self.socket.open and self.last_heard > 0

    def _drop(self) -> None:
        dropped, self.socket = self.socket, None
        if dropped is not None:
            dropped.abort()

    def _connect_soon(self) -> None:
        task = asyncio.ensure_future(self._connect())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self) -> None:
        if self._stopped:
            return
        self._drop()
        self._received = self._acknowledged = self._unsaid = 0
        self._begun, self.last_heard, self.bye = time.monotonic(), 0.0, None
        mine: list[Socket] = []

        def heard(payload: bytes) -> None:
            if mine and self.socket is mine[0]:
                self._take(payload)

        def ended(code: int) -> None:
            if mine and self.socket is mine[0]:
                self.socket = None
                self._ended(code)

        try:
            headers = {"Cookie": self.cookies} if self.cookies else {}
            opened = await connect(self.port, heard=heard, ended=ended, headers=headers, host=self.host, wait=False)
            mine.append(opened)
            self.socket = opened
            status = await asyncio.wait_for(asyncio.shield(opened.opened), FIRST_FRAME)
        except (OSError, TimeoutError):
            self._drop()
            self._failed(None)
            return
        if status == 101:
            self.hello()
        elif self.socket is opened:  # refused: its end was told already, or comes
            self.socket = None
            self._ended(1006)

    def hello(self) -> None:
        """Say where we stand."""
        if self.socket is None or not self.socket.open:
            return
        said: dict[str, Any] = {"v": 1, "k": "hello", "ep": self.epoch, "streams": self.positions}
        if self.who is not None:
            said["who"] = self.who
        if self.browser:
            said["b"] = self.browser
        if self.release is not None:
            said["rel"] = self.release
        self.socket.say(json.dumps(said))

    def _ended(self, code: int) -> None:
        self.codes.append(code)
        self._changed.set()
        if 4500 <= code <= 4999:
            self.over = code
            return
        self._failed(self.bye["retry_ms"] if self.bye else None)

    def _failed(self, asked: list[int] | None) -> None:
        if self._stopped or not self.comes_back:
            return
        self._failures += 1
        if self.polls and not self.polling and self._failures >= 2:
            self.polling = True
            self._poll = asyncio.ensure_future(self._polling())
        if self.polling:
            wait = TRY_AGAIN
        elif asked and len(asked) == 2:
            wait = self._dice.uniform(*asked) / 1000
        else:
            wait = self._dice.uniform(0, min(30.0, 2.0 * 2 ** (self._failures - 1)))
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(wait, self._connect_soon)

    def _check(self) -> None:
        """A socket on which nothing comes is dead."""
        if self._stopped:
            return
        now = time.monotonic()
        if self.socket is not None and self.socket.open:
            silent = now - self.last_heard > DEAD if self.last_heard else now - self._begun > FIRST_FRAME
            if silent:
                self._drop()
                self._failed(None)
            elif self.insists and self.refused and now - self._insisted > INSIST:
                self._insisted = now
                for stream in self.refused:
                    self.positions.setdefault(stream, None)
                self.refused = {}
                self.hello()
        self._watch = asyncio.get_running_loop().call_later(1.0, self._check)

    # -- frames -----------------------------------------------------------------------------------------------------

    def _take(self, payload: bytes) -> None:
        self.last_heard = time.monotonic()
        self._received += 1
        self._unsaid += len(payload)
        if self.acknowledges:
            if self._ack_timer is None:
                self._ack_timer = asyncio.get_running_loop().call_later(ACK_LATEST, self.acknowledge)
            if self._received - self._acknowledged >= ACK_EVERY or self._unsaid >= ACK_SIZE:
                self.acknowledge()
        self._failures = 0
        if self.polling:
            self.polling = False
            if self._poll is not None:
                self._poll.cancel()
        if self.keep:
            self.heard.append(payload)
        if self.on_frame is not None:
            self.on_frame(self, payload, self.last_heard)
        self.apply(parsed(payload))
        self._changed.set()

    def acknowledge(self) -> None:
        """Say how many frames we have."""
        if self._ack_timer is not None:
            self._ack_timer.cancel()
            self._ack_timer = None
        if self.socket is not None and self.socket.open and self._received != self._acknowledged:
            self._acknowledged, self._unsaid = self._received, 0
            self.socket.say(json.dumps({"v": 1, "k": "ack", "n": self._received}))

    def _gap(self) -> None:
        self.gaps += 1
        self.hello()

    def apply(self, frame: Mapping[str, Any]) -> None:
        """One frame, by the rules."""
        kind, stream = frame["k"], frame.get("s")
        self.frames[kind] += 1
        if kind == "bye" and not stream:
            self.bye = dict(frame)
            return
        if frame["ep"] != self.epoch:
            first, self.epoch = not self.epoch, frame["ep"]
            if not first:  # another past: nothing of what we hold counts
                for name in self.positions:
                    self.positions[name], self.state[name] = None, {}
                self.hello()
                return
        if kind == "hb":
            mine = {name: pos for name, pos in self.positions.items() if pos is not None}
            if any(pos > mine[name] for name, pos in frame["pos"].items() if name in mine):
                self._gap()
            return
        if kind == "me" and stream not in self.positions:
            self.touched[""] += 1  # rights changed: what depends on the person is read again
            return
        if stream not in self.positions:
            return
        position = self.positions[stream]
        if kind == "me":
            self.touched[stream] += 1
            self.positions[stream] = max(position or 0, frame["to"])
        elif kind == "bye":
            self.refused[stream] = frame["code"]
            del self.positions[stream]
            self.state[stream] = {}
        elif kind == "snap":
            self.positions[stream] = frame["pos"]
            if frame["whole"]:
                self.state[stream] = state_of(frame)
        elif kind == "delta":
            if position is None or frame["from"] > position:
                self._gap()
            elif frame["to"] > position:
                self.positions[stream] = frame["to"]
                shown = self.state[stream]
                for gone in frame["del"]:
                    shown.pop(gone, None)
                for one in frame["up"]:
                    if one["id"] not in shown or shown[one["id"]][0] <= one["rev"]:
                        shown[one["id"]] = seen(one)

    # -- polling ----------------------------------------------------------------------------------------------------

    async def _polling(self) -> None:
        tag = ""
        while self.polling:
            try:
                tag = await self.poll(tag)
            except (OSError, ValueError):
                tag = ""
            await asyncio.sleep(POLL)

    async def poll(self, tag: str = "") -> str:
        """Ask `/flux/` once; the tag to ask with the next time, if nothing moved here. Raises `OSError`."""
        asked = "&".join(f"s={name}" if pos is None else f"s={name}@{pos}" for name, pos in self.positions.items())
        headers = {"Cookie": self.cookies} if self.cookies else {}
        if tag:
            headers["If-None-Match"] = tag
        answer = await ask(self.pages, f"/flux/?ep={self.epoch}&{asked}", host=self.host, headers=headers, seconds=8)
        if answer.status == 304:
            self.frames["304"] += 1
            return tag
        if answer.status != 200:
            raise ConnectionError(str(answer.status))
        told = json.loads(answer.body)
        if self.keep:
            self.heard.append(answer.body)
        for frame in told["frames"]:
            self.apply(frame)
        self._changed.set()
        return "" if None in self.positions.values() else answer.headers.get("etag", "")
