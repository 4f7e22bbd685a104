"""Each reason to close, against a real daphne: said in a `bye`, then as the close code."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from typing import Any

import pytest

from realtime.socket import HELLOS_A_MINUTE
from tools.wire.socket import CONTINUATION

from .conftest import VISITOR, Bare, Run, Site, Someone

pytestmark = [pytest.mark.services, pytest.mark.realtime]
SOON = 5.0  # seconds within which a right that is withdrawn leaves the screen


async def ends(bare: Bare, code: int, seconds: float = 5) -> dict[str, Any]:
    """It ended by this code, after a `bye` that said so in French."""
    assert await bare.ended(seconds) == code
    assert bare.bye["code"] == code
    assert "s" not in bare.bye
    assert bare.bye["why"]
    assert bool(bare.bye["retry_ms"]) is (code < 4500)
    return bare.bye


GARBAGE = {
    "no JSON": "bonjour",
    "empty": "",
    "no object": "[1]",
    "another version": '{"v":2,"k":"hello","streams":{}}',
    "no kind": '{"v":1}',
    "an unknown kind": '{"v":1,"k":"post"}',
    "no streams": '{"v":1,"k":"hello"}',
    "streams in a list": '{"v":1,"k":"hello","streams":["topic:1"]}',
    "a position that is a text": '{"v":1,"k":"hello","streams":{"topic:1":"3"}}',
    "a position that is true": '{"v":1,"k":"hello","streams":{"topic:1":true}}',
    "a stream with a zero byte": '{"v":1,"k":"hello","streams":{"topic:\\u0000":null}}',
    "a stream with half a character": '{"v":1,"k":"hello","streams":{"topic:\\ud800":null}}',
    "too many streams": json.dumps({"v": 1, "k": "hello", "streams": {f"topic:{n}": None for n in range(51)}}),
    "an acknowledgement of nothing": '{"v":1,"k":"ack","n":3}',
    "an acknowledgement backwards": '{"v":1,"k":"ack","n":-1}',
    "no number": '{"v":1,"k":"ack"}',
    "a number too long": '{"v":1,"k":"ack","n":' + "9" * 5000 + "}",
    "a nest": "[" * 15_000,
}


@pytest.mark.parametrize("said", GARBAGE.values(), ids=GARBAGE.keys())
def test_garbage_is_4500(site: Site, run: Run, said: str) -> None:
    async def go() -> None:
        bare = await Bare().open(site)
        bare.socket.say(said)
        await ends(bare, 4500)

    run(go())


CUT = (1006, 1007, 1009)
"""The server of sockets cuts by itself what is no WebSocket text, or beyond its limit."""


def test_bytes_are_4500_and_a_broken_text_is_cut(site: Site, run: Run) -> None:
    async def go() -> None:
        bare = await Bare().open(site)
        bare.socket.say_bytes(b"\x00\x01", kind=2)
        await ends(bare, 4500)
        broken = await Bare().open(site)
        broken.socket.say_bytes(b"\xff\xfe")
        assert await broken.ended() in CUT

    run(go())


def test_a_number_beyond_all_positions_gives_a_snapshot(site: Site, member: Someone, run: Run) -> None:
    """Positions are compared, never computed with: the largest one is only unknown."""
    topic = site.topic(member)

    async def go() -> None:
        for position in (10**30, -5):
            bare = await Bare().open(site)
            bare.hello()
            epoch = (await bare.heard("hb"))["ep"]
            bare.say(k="hello", ep=epoch, streams={f"topic:{topic}": position})
            assert (await bare.heard("snap"))["s"] == f"topic:{topic}"
            bare.socket.abort()

    run(go())


def test_a_message_beyond_16_kilobytes_is_refused(site: Site, run: Run) -> None:
    async def go() -> None:
        bare = await Bare().open(site)
        bare.socket.say(json.dumps({"v": 1, "k": "hello", "streams": {}, "x": "a" * 17_000}))
        assert await bare.ended() in CUT
        pieces = await Bare().open(site)
        pieces.socket.say_bytes(b'{"v":1,"k":"hello","streams":{},"x":"' + b"a" * 10_000, final=False)
        pieces.socket.say_bytes(b"a" * 10_000 + b'"}', kind=CONTINUATION)
        await ends(pieces, 4500)
        fits = await Bare().open(site)
        fits.say(k="hello", streams={}, x="a" * 15_000)
        assert await fits.heard("hb")
        fits.socket.abort()

    run(go())


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://ailleurs.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1"},
        {"Host": "x.example"},
    ],
    ids=["elsewhere", "a file", "another port", "another host"],
)
def test_another_origin_is_refused_at_the_handshake(site: Site, run: Run, headers: dict[str, str]) -> None:
    async def go() -> None:
        assert (await site.socket(headers=headers)).status == 403
        assert (await site.socket()).status == 101

    run(go())


def test_another_release_is_4526(site: Site, run: Run) -> None:
    async def go() -> None:
        bare = await Bare().open(site)
        bare.hello(rel="0.0.0-before")
        await ends(bare, 4526)

    run(go())


def test_another_person_than_the_page_was_made_for_is_4501(site: Site, member: Someone, run: Run) -> None:
    async def go() -> None:
        gone = await Bare().open(site)  # the page says a member, the cookies say nobody any more
        gone.hello(who=member.key)
        await ends(gone, 4501)
        other = await Bare().open(site, member)
        other.hello(who="person:999999")
        await ends(other, 4501)

    run(go())


def test_a_session_that_expires_while_open_is_4501(site: Site, run: Run) -> None:
    who = site.somebody()
    site.query(
        f"update django_session set expire_date = now() + interval '3 seconds' where session_key = '{who.session}'"
    )

    async def go() -> None:
        bare = await Bare().open(site, who)
        bare.hello({who.key: None})
        assert await bare.heard("hb")
        await asyncio.sleep(1.5)
        assert bare.socket.open
        await ends(bare, 4501)

    run(go())


def test_signing_out_is_4504_for_that_session_alone(site: Site, run: Run) -> None:
    who = site.somebody()

    async def go() -> float:
        mine, visitor = await Bare().open(site, who), await Bare().open(site)
        there = await Bare().open(site, who, port=site.daphne(1))
        for one in (mine, visitor, there):
            one.hello()
            await one.heard("hb")
        begun = time.monotonic()
        assert (await site.post("/compte/deconnexion/", who)).status == 302
        await ends(mine, 4504)
        await ends(there, 4504)
        took = time.monotonic() - begun
        assert visitor.socket.open
        again = await Bare().open(site, who)
        again.hello(who=who.key)
        await ends(again, 4501)
        return took

    assert run(go()) < SOON


def test_an_account_that_is_closed_is_4504(site: Site, run: Run) -> None:
    who = site.somebody()

    async def go() -> None:
        bare = await Bare().open(site, who)
        bare.hello()
        await bare.heard("hb")
        site.desk.do(
            "from changes import SYSTEM, change\n"
            "from members.actions.rights import rights_changed\n"
            "from members.models import Person\n"
            "with change(by=SYSTEM) as c:\n"
            "    person = Person.objects.get(pk=pk)\n"
            "    person.is_active = False\n"
            "    person.save(update_fields=['is_active'])\n"
            "    rights_changed(person, c)\n",
            pk=int(who.key.partition(":")[2]),
        )
        await ends(bare, 4504)

    run(go())


def test_a_mandate_that_ends_takes_the_members_streams_within_seconds(site: Site, member: Someone, run: Run) -> None:
    """4503 for the stream that may not be read any more; what a visitor reads goes on, as a visitor reads it."""
    who = site.somebody()
    closed, open_ = (f"topic:{site.topic(member, public=public)}" for public in (False, True))

    async def go() -> float:
        reader = site.follower([closed, open_], who, site.daphne(1)).start()
        await reader.until(lambda: all(reader.state.values()))
        before = reader.touched[""]
        site.desk.do(
            "from django.utils import timezone\n"
            "from changes import SYSTEM, change\n"
            "from members.actions.rights import rights_changed\n"
            "from members.models import Membership, Person\n"
            "with change(by=SYSTEM) as c:\n"
            "    Membership.objects.filter(person=pk).update(ends_at=timezone.now())\n"
            "    rights_changed(Person.objects.get(pk=pk), c)\n",
            pk=int(who.key.partition(":")[2]),
        )
        took = await reader.until(lambda: closed in reader.refused, SOON)
        assert reader.refused == {closed: 4503}
        assert not reader.state[closed]
        await reader.until(lambda: reader.touched[""] > before)
        await site.reply(int(closed.partition(":")[2]), member, "Entre membres seulement.")
        await site.reply(int(open_.partition(":")[2]), member, "Pour tous.")
        await reader.until(lambda: len(reader.state[open_]) == 4)
        assert not reader.state[closed]
        assert reader.state[open_] == await site.snapshot(open_, who)
        assert not reader.codes, "the socket itself stays"
        await reader.stop()
        return took

    assert run(go()) < SOON


def test_a_topic_moved_out_of_sight_takes_its_readers_along_or_leaves_them(
    site: Site, member: Someone, office: Someone, run: Run
) -> None:
    number = site.topic(member)
    stream = f"topic:{number}"
    ((inside,),) = site.query("select id from forum_space where slug = 'entre-membres'")

    async def go() -> float:
        readers = [
            site.follower([stream], who, port, keep=True).start()
            for who in (VISITOR, member, office)
            for port in (site.daphne(0), site.daphne(1))
        ]
        for one in readers:
            await one.until(lambda one=one: bool(one.state[stream]))
        begun = time.monotonic()
        moved = await site.post(f"/forum/discussions/{number}/deplacer/", office, target=str(inside))
        assert moved.status == 302, moved.body
        await site.reply(number, member, "SECRET entre nous")
        for one in readers[:2]:
            await one.until(lambda one=one: stream in one.refused, SOON)
        took = time.monotonic() - begun
        for one in readers[2:]:
            await one.until(lambda one=one: any("SECRET" in html for _, html in one.state[stream].values()))
            assert stream not in one.refused
        assert not any(b"SECRET" in text for one in readers[:2] for text in one.heard)
        nothing = await Bare().open(site)  # what may not be read is answered like what does not exist
        nothing.hello({stream: None, "topic:999999999": None, "chose:1": None})
        await nothing.heard("hb")
        words = {(f["code"], f["why"]) for f in nothing.frames if f["k"] == "bye"}
        assert len([f for f in nothing.frames if f["k"] == "bye"]) == 3
        assert len(words) == 1
        for one in readers:
            await one.stop()
        return took

    assert run(go()) < SOON


def test_a_newer_tab_of_the_same_browser_is_4509(site: Site, member: Someone, run: Run) -> None:
    async def go() -> None:
        first, other = await Bare().open(site, member), await Bare().open(site, member)
        stranger = await Bare().open(site)  # who happens to send the same id
        first.hello(b="navigateur-1")
        other.hello(b="navigateur-2")
        stranger.hello(b="navigateur-1")
        for one in (first, other, stranger):
            await one.heard("hb")
        assert first.socket.open
        second = await Bare().open(site, member)
        second.hello(b="navigateur-1")
        await second.heard("hb")
        await ends(first, 4509)
        assert other.socket.open
        assert stranger.socket.open
        assert second.socket.open
        for one in (other, stranger, second):
            one.socket.abort()

    run(go())


def test_the_twenty_first_socket_of_a_person_is_4029(site: Site, run: Run) -> None:
    who = site.somebody()

    async def go() -> None:
        many = [await Bare().open(site, who) for _ in range(20)]
        for one in many:
            one.hello()
            await one.heard("hb")
        beyond = await Bare().open(site, who)
        assert (await ends(beyond, 4029))["retry_ms"][0] >= 20_000
        many.pop().socket.abort()
        await asyncio.sleep(0.3)
        again = await Bare().open(site, who)
        again.hello()
        assert await again.heard("hb")
        for one in [*many, again]:
            one.socket.abort()

    run(go())


def test_too_many_hellos_in_a_minute_are_4029(site: Site, run: Run) -> None:
    """A page says hello again at a gap, not all the time: each one is read from the database."""

    async def go() -> None:
        bare = await Bare().open(site)
        for n in range(HELLOS_A_MINUTE + 1):
            bare.hello()
            if n < HELLOS_A_MINUTE:
                await asyncio.sleep(0.01)
                bare.say(k="ack", n=len(bare.frames))
        await ends(bare, 4029)
        assert len([frame for frame in bare.frames if frame["k"] == "hb"]) >= HELLOS_A_MINUTE - 1

    run(go())


def test_another_epoch_is_4010_and_everything_is_read_anew(site: Site, member: Someone, run: Run) -> None:
    """The database was restored: what stood after the copy is not there any more, positions have gone back."""
    number = site.topic(member)
    stream = f"topic:{number}"

    async def go() -> None:
        for n in range(3):
            await site.reply(number, member, f"Réponse {n}")
        readers = [site.follower([stream], VISITOR, site.daphne(n)).start() for n in (0, 1)]
        for one in readers:
            await one.until(lambda one=one: len(one.state[stream]) == 6)
        epoch = readers[0].epoch
        site.query(f"delete from forum_post where topic_id = {number} and number > 2")
        site.query(f"update forum_topic set last_number = 2, revision = 2 where id = {number}")
        site.query(f"update changes_head set pos = 2 where stream = '{stream}'")
        site.query(f"delete from changes_entry where stream = '{stream}' and pos > 2")
        site.desk.do("from changes.installation import renew_epoch\nrenew_epoch()")
        for one in readers:
            await one.until(lambda one=one: 4010 in one.codes, 7)
            await one.until(lambda one=one: one.epoch != epoch and len(one.state[stream]) == 4, 7)
        await site.reply(number, member, "Et l’on continue.")
        for one in readers:
            await one.until(lambda one=one: len(one.state[stream]) == 5)
            assert one.state[stream] == await site.snapshot(stream, VISITOR)
            await one.stop()

    run(go())


def test_a_server_that_stops_says_4001_and_nobody_loses_anything(site: Site, member: Someone, run: Run) -> None:
    number = site.topic(member)
    stream = f"topic:{number}"
    leaving = site.stack.sockets[1]

    async def go() -> None:
        loop = asyncio.get_running_loop()
        bares = [await Bare().open(site, port=leaving.port) for _ in range(80)]
        for one in bares:
            one.hello({stream: None})
        readers = [site.follower([stream], VISITOR).start() for _ in range(6)]  # by nginx, over both
        for bare in bares:
            await bare.heard("snap")
        for reader in readers:
            await reader.until(lambda one=reader: one.frames["snap"] > 0)
        os.kill(leaving.pid, signal.SIGTERM)
        ended: list[float] = []
        for bare in bares:
            bare.socket.closed.add_done_callback(lambda _: ended.append(time.monotonic()))
        await site.reply(number, member, "Pendant l’arrêt.")
        for bare in bares:
            assert (await ends(bare, 4001))["retry_ms"] == [500, 8000]
        assert ended[-1] - ended[0] > 0.5, "spread over the drain, not all at once"
        await loop.run_in_executor(None, leaving.stop)
        await loop.run_in_executor(None, leaving.start)
        fresh = await site.snapshot(stream, VISITOR)
        for reader in readers:
            await reader.until(lambda one=reader: one.state[stream] == fresh, 12)
        assert any(4001 in reader.codes for reader in readers)
        assert all(set(reader.codes) <= {4001} for reader in readers), [reader.codes for reader in readers]
        for reader in readers:
            await reader.stop()

    run(go())
