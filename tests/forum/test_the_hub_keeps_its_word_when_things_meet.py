"""The hub where two things meet: sockets that go during a read, answers that cross."""

from __future__ import annotations

import asyncio
import json

import pytest

from realtime import hub as hubs
from realtime import kinds, presence, reading, socket
from realtime.connection import Connection, Follow
from realtime.hub import Hub
from realtime.viewers import Looker


class Socket(Connection):
    """A connection that keeps what it was sent."""

    __slots__ = ("frames",)

    def __init__(self, key: str) -> None:
        async def keep(message):
            if "text" in message:
                self.frames.append(json.loads(message["text"]))

        super().__init__(keep, {"who": key})
        self.frames: list[dict] = []
        self.looker = Looker(viewer=key, key=key)


@pytest.fixture
def hub(monkeypatch):
    """A hub that asks in the same thread; a test says what it is answered."""

    async def inline(function, *arguments):
        await asyncio.sleep(0)
        return function(*arguments)

    made = Hub()
    made.epoch = "past"
    made.ask = made._read = inline
    monkeypatch.setattr(hubs, "look_up", lambda cookies: Looker(viewer=cookies["who"], key=cookies["who"]))
    return made


def present(hub: Hub, key: str, stream: str = "topic:1", view: str = "members") -> Socket:
    one = Socket(key)
    hub.connections.add(one)
    hub._of_key[key] += 1
    hub._place(one, Follow(stream, view, 1))
    return one


def test_a_socket_that_goes_while_its_new_view_is_read_is_not_kept(hub, monkeypatch):
    one = present(hub, "person:1")

    def read(stream, view, since):
        hub.leave(one)
        return None, 5

    monkeypatch.setattr(reading, "read", read)
    asyncio.run(hub._see(one, "topic:1", "mod"))
    assert hub.channels == {} == hub.positions


def test_a_view_withdrawn_while_it_was_read_is_not_followed(hub, monkeypatch):
    one = present(hub, "person:1")

    def read(stream, view, since):
        hub._unfollow(one, stream)  # what another pass about the same person has just done
        return {"k": "snap"}, 5

    monkeypatch.setattr(reading, "read", read)
    asyncio.run(hub._see(one, "topic:1", "mod"))
    assert one.follows == {} == hub.channels
    assert one.frames == []


def test_rights_read_before_they_moved_do_not_overwrite_those_read_after(hub, monkeypatch):
    one = present(hub, "person:1")
    answers = iter(["of before", "of after"])

    def look_up(cookies):
        answer = next(answers)
        if answer == "of before":
            hub._rights += 1  # the pass has heard of it and asked meanwhile
        return Looker(viewer=answer, key="person:1")

    monkeypatch.setattr(hubs, "look_up", look_up)
    monkeypatch.setattr(kinds, "view_of", lambda viewer, stream: "members")
    asyncio.run(hub.ask_again([one]))
    assert one.looker.viewer == "of after"


def test_acknowledging_nothing_new_gains_no_time():
    one = Socket("person:1")
    asyncio.run(one.send("{}", "delta"))
    one._waiting_since -= 40
    assert one.acknowledge(0)
    assert one.waits > 30


@pytest.mark.django_db
def test_presence_asks_once_for_all_streams(space, author, django_assert_num_queries):
    from changes import change
    from forum.actions import start_topic

    topics = [start_topic(space=space, title=f"Un sujet {n}", source="Bonjour.", by=author) for n in range(5)]
    counts = {topic.stream: 1 for topic in topics}
    with django_assert_num_queries(1):
        assert presence.exchange({**counts, "space:1": 3, "person:4": 1, "nulle:part": 1}) == {}
    with change(by="test"):
        type(space).objects.filter(pk=space.pk).update(tells_presence=True)
    assert presence.exchange(counts) == counts


@pytest.mark.parametrize(
    ("made_for", "signed_in", "word"),
    [("person:1", "", "reconnectez-vous"), ("", "person:1", "connecté entre-temps"), ("person:2", "person:1", "autre")],
)
def test_a_page_made_for_somebody_else_is_told_what_happened(hub, made_for, signed_in, word):
    one = Socket(signed_in)
    said = {"who": made_for, "streams": {}}
    assert asyncio.run(socket._hello(hub, one, said)) is False
    assert one.frames[0]["code"] == 4501
    assert word in one.frames[0]["why"]
