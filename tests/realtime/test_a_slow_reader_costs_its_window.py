"""A client that does not acknowledge costs eight frames or 64 KB, then one delta; one that is gone, half a minute."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import pytest

from tools.wire import BadNetwork, Follower, Weather

from .conftest import VISITOR, Bare, Run, Site, Someone

pytestmark = [pytest.mark.services, pytest.mark.realtime]
PAUSE = 0.15  # seconds between two replies: longer than the interval, so that each is a frame


def test_eight_frames_then_nothing_then_one_delta_that_leads_to_now(site: Site, member: Someone, run: Run) -> None:
    number = site.topic(member)
    stream = f"topic:{number}"

    async def go() -> None:
        slow = await Bare().open(site)
        slow.hello({stream: None})
        await slow.heard("hb")  # two frames: the snapshot and this
        quick = site.follower([stream], VISITOR, site.daphne()).start()
        for n in range(12):
            await site.reply(number, member, f"Réponse {n}")
            await asyncio.sleep(PAUSE)
        await quick.until(lambda: len(quick.state[stream]) == 15)
        assert len(slow.frames) == 8
        stood = slow.frames[-1]["to"]
        slow.say(k="ack", n=8)
        await asyncio.sleep(0.7)
        assert len(slow.frames) == 9, "one delta tells all that was missed"
        last = slow.frames[-1]
        assert (last["k"], last["from"], last["to"]) == ("delta", stood, quick.positions[stream])
        assert len([one for one in last["up"] if one["id"].startswith("post-")]) == 6
        await quick.stop()
        slow.socket.abort()

    run(go())


def test_beyond_64_kilobytes_nothing_more_is_sent(site: Site, member: Someone, run: Run) -> None:
    number = site.topic(member)
    stream = f"topic:{number}"

    async def go() -> None:
        for n in range(26):
            await site.reply(number, member, f"{n} " + "noue " * 600)
        slow = await Bare().open(site)
        slow.hello({stream: None})
        await slow.heard("hb")
        assert [frame["k"] for frame in slow.frames] == ["snap", "hb"]
        assert sum(len(one.get("html", "")) for one in slow.frames[0]["up"]) > 64 * 1024
        await site.reply(number, member, "Encore une.")
        await asyncio.sleep(0.7)
        assert len(slow.frames) == 2
        slow.say(k="ack", n=1)
        await asyncio.sleep(0.5)
        assert [frame["k"] for frame in slow.frames] == ["snap", "hb", "delta"]
        assert len(slow.frames[-1]["up"]) == 3, "the reply, the topic’s head and the place of its answer"
        slow.socket.abort()

    run(go())


@dataclass
class HalfAMinute:
    """What was seen in one half minute, in which several things were waited for at once."""

    idle: list[Follower] = field(default_factory=list)
    silent: float = 0.0
    silent_code: int = 0
    mute: float = 0.0
    mute_code: int = 0
    away: float = 0.0
    away_codes: list[int] = field(default_factory=list)
    here: list[tuple[float, int]] = field(default_factory=list)
    killed: float = 0.0


@pytest.fixture(scope="module")
def half_a_minute(site: Site, member: Someone) -> HalfAMinute:
    """On the first daphne: idle sockets, one that never acknowledges, one that never says hello, one whose network
    stands still. On both: presence, until the second is killed."""
    seen = HalfAMinute()
    counted = site.topic(member)
    space = f"(select space_id from forum_topic where id = {counted})"
    site.query(f"update forum_space set tells_presence = true where id = {space}")
    quiet = [f"topic:{site.topic(member)}" for _ in range(2)]

    async def never_acknowledges() -> None:
        bare = await Bare().open(site)
        bare.hello({quiet[0]: None})
        begun = time.monotonic()
        seen.silent_code = await bare.ended(45)
        seen.silent = time.monotonic() - begun

    async def never_says_hello() -> None:
        bare = await Bare().open(site)
        begun = time.monotonic()
        seen.mute_code = await bare.ended(45)
        seen.mute = time.monotonic() - begun

    async def loses_its_network() -> None:
        """Half-open: neither side hears that the other is gone."""
        async with BadNetwork(site.daphne(), weather=Weather()) as network:
            reader = site.follower([quiet[1]], VISITOR, network.port).start()
            await reader.until(lambda: reader.frames["hb"] > 0)
            network.stall()
            begun = time.monotonic()
            await reader.until(lambda: bool(reader.codes) or reader.socket is None, 45)
            seen.away, seen.away_codes = time.monotonic() - begun, reader.codes
            network.flow()
            await reader.until(lambda: reader.live, 5)
            await reader.stop()

    async def presence() -> None:
        loop = asyncio.get_running_loop()
        stream = f"topic:{counted}"
        begun = time.monotonic()

        def told(reader: Follower, payload: bytes, at: float) -> None:
            if b'"k":"here"' in payload:
                seen.here.append((at - begun, int(payload.partition(b'"n":')[2].rstrip(b"}"))))

        first = site.follower([stream], VISITOR, site.daphne(0), on_frame=told).start()
        others = [site.follower([stream], VISITOR, site.daphne(1), comes_back=False).start() for _ in range(3)]
        await asyncio.sleep(11)
        await loop.run_in_executor(None, site.stack.sockets[1].kill)
        seen.killed = time.monotonic() - begun
        await asyncio.sleep(22)
        await loop.run_in_executor(None, site.stack.sockets[1].start)
        for one in [first, *others]:
            await one.stop()

    async def all_of_it() -> None:
        seen.idle = [site.follower([quiet[0]], VISITOR, site.daphne(), comes_back=False).start() for _ in range(20)]
        await asyncio.gather(never_acknowledges(), never_says_hello(), loses_its_network(), presence())
        for one in seen.idle:
            await one.stop()

    asyncio.run(asyncio.wait_for(all_of_it(), 90))
    return seen


def test_twenty_idle_sockets_stay_open(half_a_minute: HalfAMinute) -> None:
    for one in half_a_minute.idle:
        assert not one.codes
        assert one.frames["hb"] >= 3, "one at the hello, one every fifteen seconds"
        assert not one.gaps


def test_who_never_acknowledges_is_4008_after_half_a_minute(half_a_minute: HalfAMinute) -> None:
    assert half_a_minute.silent_code == 4008
    assert 29 < half_a_minute.silent < 34


def test_who_never_says_hello_is_4008_after_ten_seconds(half_a_minute: HalfAMinute) -> None:
    assert half_a_minute.mute_code == 4008
    assert 9 < half_a_minute.mute < 13


def test_a_dead_network_is_noticed_by_silence_and_the_client_comes_back(half_a_minute: HalfAMinute) -> None:
    assert 38 < half_a_minute.away < 43
    assert not half_a_minute.away_codes, "no end was heard"


def test_a_killed_server_is_forgotten_by_its_time_to_live(half_a_minute: HalfAMinute) -> None:
    """Four look on, then one: fifteen seconds and one more telling after the kill, never by counting down."""
    before = [n for at, n in half_a_minute.here if at < half_a_minute.killed]
    assert before[-1] == 4
    after = [(at - half_a_minute.killed, n) for at, n in half_a_minute.here if at > half_a_minute.killed]
    assert all(n == 4 for at, n in after if at < 9), after
    assert next(at for at, n in after if n == 1) < 21, after
    assert {n for _, n in half_a_minute.here} <= {1, 4} | {n for at, n in half_a_minute.here if at < 7}
