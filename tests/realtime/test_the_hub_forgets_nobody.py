"""What falls between two reads of the hub: a right withdrawn meanwhile, a database that goes away in the middle."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from django.db import OperationalError

from changes.streams import ALL, RIGHTS, Seen, Stand
from realtime import frames, hub, kinds, presence, reading
from realtime.connection import Connection, Follow
from realtime.frames import Code
from realtime.hub import Hub
from realtime.viewers import Looker

pytestmark = pytest.mark.realtime
STREAM, PLACE = "topic:1", ("topic:1", "members")
MEMBER, NOBODY = Looker("a member", "person:1", "a session"), Looker(None)


class Line:
    """A socket without a server: what was sent on it."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.code = 0
        self.connection = Connection(self._send, {})
        self.connection.looker = MEMBER

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.code = message["code"]
        else:
            self.frames.append(json.loads(message["text"]))

    def joins(self, made: Hub, sent: int = 1, stream: str = STREAM) -> Connection:
        """As if it had said hello and stood at a position."""
        made.connections.add(self.connection)
        made._of_key[self.connection.looker.key] += 1
        made._place(self.connection, Follow(stream, "members", sent))
        return self.connection


class World:
    """What the hub reads; each answer can be told to fail once."""

    def __init__(self) -> None:
        self.rights, self.pos = 1, {STREAM: 1}
        self.changed: list[Seen] = []
        self.looker, self.view = MEMBER, "members"
        self.failures: set[str] = set()
        self.meanwhile: Callable[[], None] = lambda: None
        self.asked = 0

    def _or_fail(self, name: str) -> None:
        if name in self.failures:
            self.failures.discard(name)
            raise OperationalError("away")

    def stands(self, streams: Any) -> dict[tuple[str, str], Stand]:
        self._or_fail("stands")
        found = {(stream, "members"): Stand(pos, 0) for stream, pos in self.pos.items() if stream in streams}
        return {**found, (RIGHTS, ALL): Stand(self.rights, 0)}

    def seen_since(self, *_: Any) -> list[Seen]:
        return self.changed

    def look_up(self, cookies: Any) -> Looker:
        self._or_fail("look_up")
        self.asked += 1
        found = self.looker
        self.meanwhile()
        return found

    def view_of(self, viewer: Any, stream: str) -> str | None:
        found = self.view
        self.meanwhile()
        return found

    def frame_since(self, ep: str, stream: str, view: str, since: int | None, stand: Stand) -> frames.Frame | None:
        if stream == "topic:13":
            raise ValueError("a fault in what it shows")
        return None if since == stand.pos else frames.delta(ep, stream, since or 0, stand.pos, {}, [])

    def read(self, stream: str, view: str, since: int | None) -> tuple[frames.Frame | None, int]:
        self._or_fail("read")
        pos = self.pos[stream]
        return frames.delta("e", stream, since or 0, pos, {}, []), pos


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    for module, name in (
        *((hub, name) for name in ("stands", "seen_since", "look_up")),
        (kinds, "view_of"),
        *((reading, name) for name in ("frame_since", "read")),
    ):
        monkeypatch.setattr(module, name, getattr(made, name))
    monkeypatch.setattr(reading, "current_epoch", lambda: "e")
    monkeypatch.setattr(presence, "exchange", lambda counts: {})
    monkeypatch.setattr(kinds, "kind_of", lambda stream: (kinds.StreamKind(), stream.partition(":")[2]))
    monkeypatch.setattr(Hub, "start", lambda self: None)
    return made


def with_hub(test: Callable[[Hub], Coroutine[Any, Any, None]]) -> None:
    async def go() -> None:
        made = Hub()
        made.epoch, made._rights = "e", 1
        try:
            await test(made)
        finally:
            await made.stop()

    asyncio.run(asyncio.wait_for(go(), 20))


@pytest.mark.parametrize("failing", ["look_up", "read"])
def test_a_withdrawn_right_is_not_forgotten_because_the_database_went_away(world: World, failing: str) -> None:
    async def test(made: Hub) -> None:
        line = Line()
        line.joins(made)
        world.rights, world.changed = 2, [Seen("person", "person:1", False)]
        world.looker, world.view = (NOBODY, "members") if failing == "look_up" else (MEMBER, "public")
        world.failures = {failing}
        with pytest.raises(OperationalError):
            await made.look()
        assert not line.code
        await made.look()
        if failing == "look_up":
            assert line.code == Code.SESSION_OVER
        else:
            assert line.connection.follows[STREAM].view == "public"
        asked = world.asked
        await made.look()
        assert world.asked == asked, "once is enough"

    with_hub(test)


def test_a_right_withdrawn_while_a_socket_joins(world: World) -> None:
    async def test(made: Hub) -> None:
        line = Line()

        def withdrawn() -> None:
            made._rights, world.looker, world.meanwhile = 2, NOBODY, lambda: None

        world.meanwhile = withdrawn
        await made.join(line.connection)
        assert line.connection.looker is NOBODY

    with_hub(test)


def test_the_first_socket_of_a_process_knows_where_rights_stood_before_its_own_were_read(world: World) -> None:
    async def test(made: Hub) -> None:
        made.epoch, made._rights = "", 0
        line = Line()

        def withdrawn() -> None:
            world.rights, world.looker, world.meanwhile = 2, NOBODY, lambda: None
            world.changed = [Seen("person", "person:1", False)]

        world.meanwhile = withdrawn
        await made.join(line.connection)
        await made.look()
        assert line.code == Code.SESSION_OVER

    with_hub(test)


def test_a_right_withdrawn_while_a_socket_says_hello(world: World) -> None:
    async def test(made: Hub) -> None:
        line = Line()
        made.connections.add(line.connection)

        def withdrawn() -> None:
            made._rights, world.view, world.meanwhile = 2, "", lambda: None  # type: ignore[assignment]
            world.view = None  # type: ignore[assignment]

        world.meanwhile = withdrawn
        await made.follow(line.connection, {STREAM: None})
        assert [f["code"] for f in line.frames if f["k"] == "bye"] == [Code.RIGHT_WITHDRAWN]
        assert not line.connection.follows

    with_hub(test)


def test_a_stream_followed_while_rights_are_asked_again_is_asked_too(world: World) -> None:
    async def test(made: Hub) -> None:
        line = Line()
        line.joins(made)

        def follows() -> None:
            world.meanwhile = lambda: None
            made._place(line.connection, Follow("topic:2", "members", 1))
            world.view = "public"

        world.pos["topic:2"] = 1
        world.meanwhile = follows
        await made.ask_again([line.connection])
        assert {one.view for one in line.connection.follows.values()} == {"public"}

    with_hub(test)


def test_who_was_to_catch_up_while_the_database_was_away_does_so_in_the_next_pass(world: World) -> None:
    async def test(made: Hub) -> None:
        slow, quick = Line(), Line()
        quick.joins(made, sent=5)
        slow.joins(made, sent=3)
        world.pos[STREAM] = made.positions[PLACE] = 5
        world.failures = {"read"}
        await made.acknowledged(slow.connection)  # an acknowledgement is no reason to end a socket
        assert not slow.code
        assert slow.frames == []
        await made.look()
        assert [(f["from"], f["to"]) for f in slow.frames] == [(3, 5)]
        await made.look()
        assert len(slow.frames) == 1

    with_hub(test)


def test_a_fault_in_one_stream_does_not_silence_the_others(world: World) -> None:
    async def test(made: Hub) -> None:
        bad, good = Line(), Line()
        bad.joins(made, stream="topic:13")
        good.joins(made)
        world.pos = {"topic:13": 2, STREAM: 2}
        await made.look()
        assert [f["to"] for f in good.frames] == [2]

    with_hub(test)


def test_a_socket_that_joins_while_the_server_stops_is_told(world: World) -> None:
    async def test(made: Hub) -> None:
        line = Line()

        def stops() -> None:
            made.draining = True

        world.meanwhile = stops
        assert await made.join(line.connection) == Code.RESTART

    with_hub(test)


def test_after_a_restore_old_positions_meet_no_newcomer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old sockets are told, and are still closing; who comes now starts from the restored positions."""

    async def test(made: Hub) -> None:
        old, fresh = Line(), Line()
        world.pos[STREAM] = 9
        old.joins(made, sent=9)
        monkeypatch.setattr(reading, "current_epoch", lambda: "another")
        caring = asyncio.ensure_future(made._caring())
        while not old.code:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0)
        caring.cancel()
        assert old.code == Code.RESYNCHRONISE
        world.pos[STREAM] = 4  # the copy was older
        made.connections.add(fresh.connection)
        await made.follow(fresh.connection, {STREAM: None})
        world.pos[STREAM] = 5
        await made.look()
        assert fresh.frames[-1]["k"] == "delta"
        assert fresh.frames[-1]["to"] == 5

    with_hub(test)


def test_everybody_is_told_of_a_stop_within_its_time_on_a_busy_machine_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(made: Hub) -> None:
        lines = [Line() for _ in range(200)]
        for line in lines:
            line.joins(made)
        sleep = asyncio.sleep

        async def late(seconds: float) -> None:
            await sleep(max(0.0, seconds) + 0.05)

        monkeypatch.setattr(asyncio, "sleep", late)
        begun = time.monotonic()
        await made.drain(1.0)
        assert 0.8 < time.monotonic() - begun < 1.2
        assert {line.code for line in lines} == {Code.RESTART}

    with_hub(test)
