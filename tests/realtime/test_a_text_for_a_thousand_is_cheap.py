"""What keeps a text for a thousand sockets cheap: one read for all who missed the same, no detour when sending."""

from __future__ import annotations

import asyncio
import socket
from typing import Any
from unittest.mock import Mock

import pytest

from club.eager import EagerServer
from realtime import hub
from realtime.connection import Connection, Follow
from realtime.hub import Hub

pytestmark = pytest.mark.realtime
PLACE = ("topic:1", "members")


def test_windows_that_open_together_share_one_read(monkeypatch):
    asked: list[Any] = []

    def missed(*place: Any) -> tuple[str, str, int]:
        asked.append(place)
        return "{}", "delta", 5

    monkeypatch.setattr(hub, "_frame_from", missed)
    sent: list[Any] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["text"])

    async def open_together() -> list[int]:
        made = Hub()
        lines = [Connection(send, {}) for _ in range(300)]
        for number, one in enumerate(lines):
            made._place(one, Follow("topic:1", "members", 1 + number % 2))
        made.positions[PLACE] = 5
        await asyncio.gather(*(made.acknowledged(one) for one in lines))
        assert not made._catching
        await made.stop()
        return [one.follows["topic:1"].sent for one in lines]

    assert asyncio.run(open_together()) == [5] * 300
    assert sorted(asked) == [(*PLACE, 1), (*PLACE, 2)]
    assert len(sent) == 300


def test_a_socket_whose_view_moved_on_during_its_read_is_brought_further(monkeypatch):
    made: list[Hub] = []

    def missed(stream: str, view: str, since: int) -> tuple[str, str, int]:
        made[0].positions[PLACE] = 7  # a pass came meanwhile
        return "{}", "delta", {1: 5, 5: 7}[since]

    monkeypatch.setattr(hub, "_frame_from", missed)

    async def send(message: dict[str, Any]) -> None:
        return None

    async def go() -> int:
        made.append(Hub())
        one = Connection(send, {})
        made[0]._place(one, Follow("topic:1", "members", 1))
        made[0].positions[PLACE] = 5
        await made[0].acknowledged(one)
        await made[0].stop()
        return one.follows["topic:1"].sent

    assert asyncio.run(go()) == 7


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    reactor = Mock()
    made = EagerServer(ours, Mock(), ("127.0.0.1", 1), Mock(), 1, reactor)
    yield made, theirs, reactor
    theirs.close()
    ours.close()


def test_what_the_system_takes_is_sent_at_once(pair):
    made, theirs, reactor = pair
    made.write(b"one")
    made.write(b"two")
    assert theirs.recv(100) == b"onetwo"
    assert not reactor.addWriter.called


def test_what_it_does_not_take_waits_and_keeps_its_order(pair):
    made, theirs, reactor = pair
    said = b"".join(number.to_bytes(4, "big") for number in range(1_000_000))
    made.write(said)
    made.write(b"end")  # behind it, although there may be room again
    assert reactor.addWriter.called
    heard = b""
    while len(heard) < len(said) + 3:
        heard += theirs.recv(1_000_000)
        made.doWrite()
    assert heard == said + b"end"


def test_a_connection_that_is_gone_is_left_to_its_loop(pair):
    made, theirs, reactor = pair
    theirs.close()
    made.write(b"nobody hears")
    assert reactor.addWriter.called
