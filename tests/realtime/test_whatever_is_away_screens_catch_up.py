"""Without a bell the sweep tells; without sockets `/flux/` tells; behind a bad network nothing is lost."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time

import pytest

from tools.wire import BadNetwork, Follower, ask
from tools.wire.bad_network import FAIR, ROUGH

from .conftest import VISITOR, Run, Site, Someone

pytestmark = [pytest.mark.services, pytest.mark.realtime]


async def latency(site: Site, topic: int, who: Someone, readers: list[Follower], replies: int = 4) -> float:
    """Seconds until the last of the readers shows a reply, at worst of several."""
    worst, stream = 0.0, f"topic:{topic}"
    for n in range(replies):
        text = f"essai-{time.monotonic_ns()}"
        await site.reply(topic, who, text)
        begun = time.monotonic()
        for one in readers:
            await one.until(lambda one=one, text=text: any(text in html for _, html in one.state[stream].values()))
        worst = max(worst, time.monotonic() - begun)
        await asyncio.sleep(0.11 * (n + 1))
    return worst


def test_without_redis_the_sweep_tells_within_a_second_and_the_bell_comes_back(
    site: Site, member: Someone, run: Run
) -> None:
    number = site.topic(member)
    redis = site.stack.servers["redis"]

    async def go() -> None:
        loop = asyncio.get_running_loop()
        readers = [site.follower([f"topic:{number}"], VISITOR, site.daphne(n)).start() for n in (0, 1)]
        for one in readers:
            await one.until(lambda one=one: one.frames["hb"] > 0)
        rung = await latency(site, number, member, readers)
        await loop.run_in_executor(None, redis.kill)
        try:
            swept = await latency(site, number, member, readers)
        finally:
            await loop.run_in_executor(None, redis.start)
        await asyncio.sleep(6)  # writers try the bell again after five seconds
        again = await latency(site, number, member, readers)
        assert rung < 0.6, rung
        assert swept < 1.9, swept
        assert again < 0.6, again
        for one in readers:
            assert not one.codes, "no socket depends on Redis"
            await one.stop()

    run(go())


def test_a_redis_that_stands_still_delays_writers_little_and_readers_a_second(
    site: Site, member: Someone, run: Run
) -> None:
    number = site.topic(member)
    pid = site.stack.servers["redis"].pid

    async def go() -> None:
        reader = site.follower([f"topic:{number}"], VISITOR, site.daphne()).start()
        await reader.until(lambda: reader.frames["hb"] > 0)
        os.kill(pid, signal.SIGSTOP)
        try:
            begun = time.monotonic()
            await site.reply(number, member, "Malgré tout.")
            posted = time.monotonic() - begun
            await reader.until(lambda: len(reader.state[f"topic:{number}"]) == 4)
            shown = time.monotonic() - begun
        finally:
            os.kill(pid, signal.SIGCONT)
        assert posted < 4, posted
        assert shown < 8, shown
        assert not reader.codes
        await reader.stop()

    run(go())


def test_polling_costs_nothing_while_nothing_moves_and_ends_where_the_socket_does(
    site: Site, member: Someone, office: Someone, run: Run
) -> None:
    number = site.topic(member)
    stream = f"topic:{number}"

    async def go() -> None:
        live = site.follower([stream], VISITOR, site.daphne()).start()
        await live.until(lambda: live.frames["hb"] > 0)
        polling = site.follower([stream], VISITOR)  # never started: it only asks
        tag = await polling.poll()
        assert polling.state[stream] == live.state[stream]
        for _ in range(3):
            tag = await polling.poll(tag)
        assert polling.frames["304"] == 3
        posts = []
        for n in range(3):
            answer = await site.reply(number, member, f"Réponse {n}")
            posts.append(answer.headers["location"].rstrip("/").rpartition("/")[2])
        tag = await polling.poll(tag)
        assert polling.frames["delta"] == 1
        hidden = await site.post(f"/forum/messages/{posts[1]}/masquer/", office, reason="Hors sujet, vraiment.")
        assert hidden.status == 302
        assert f"post-{posts[1]}" in polling.state[stream]
        tag = await polling.poll(tag)
        assert f"post-{posts[1]}" not in polling.state[stream]
        tag = await polling.poll(tag)
        assert polling.frames["304"] == 4
        await live.until(lambda: live.positions == polling.positions)
        assert polling.state == live.state
        assert polling.state[stream] == await site.snapshot(stream, VISITOR)
        await live.stop()

    run(go())


def test_the_tag_is_of_what_one_sees_not_of_what_others_see(
    site: Site, member: Someone, office: Someone, run: Run
) -> None:
    """What only moderators see moves nothing for visitors, not even their tag."""
    number = site.topic(member)
    stream = f"topic:{number}"

    async def go() -> None:
        post = (await site.reply(number, member, "À masquer.")).headers["location"].rstrip("/").rpartition("/")[2]
        await site.post(f"/forum/messages/{post}/masquer/", office, reason="Hors sujet, vraiment.")
        visitor, moderator = site.follower([stream], VISITOR), site.follower([stream], office)
        tags = await visitor.poll(), await moderator.poll()
        assert tags[0] != tags[1]
        assert f"post-{post}" in moderator.state[stream]
        assert f"post-{post}" not in visitor.state[stream]
        address = f"/flux/?ep={visitor.epoch}&s={stream}@{visitor.positions[stream]}"
        as_visitor = await ask(site.port, address, host=site.host, headers={"If-None-Match": tags[1]})
        assert as_visitor.status == 200, "another's tag is none"
        assert as_visitor.headers["cache-control"] == "private, no-store"
        assert json.loads(as_visitor.body)["frames"] == []

    run(go())


def test_where_no_socket_opens_a_client_polls(site: Site, member: Someone, run: Run) -> None:
    """A proxy that lets no socket through: after two failures the page lives by `/flux/`."""
    number = site.topic(member)
    stream = f"topic:{number}"

    async def go() -> None:
        async with BadNetwork(site.daphne(), seed=3) as network:
            network.stall()
            reader = site.follower([stream], VISITOR, network.port, polls=True)
            reader.start()
            await reader.until(lambda: reader.polling, 15)
            await reader.until(lambda: len(reader.state[stream]) == 3, 6)
            await site.reply(number, member, "Par la petite porte.")
            await reader.until(lambda: len(reader.state[stream]) == 4, 6)
            await reader.stop()

    run(go())


@pytest.mark.parametrize("seed", [1, 2])
def test_behind_a_bad_network_nobody_misses_anything(
    site: Site, member: Someone, office: Someone, run: Run, seed: int
) -> None:
    number = site.topic(member)
    stream = f"topic:{number}"

    async def go() -> None:
        async with BadNetwork(site.port, seed=seed, weather=ROUGH) as network:
            readers = [
                site.follower([stream], who, network.port, seed=seed + n).start()
                for n, who in enumerate([VISITOR, member, office] * 3)
            ]
            await asyncio.sleep(0.5)
            for n in range(24):
                answer = await site.reply(number, member, f"Réponse {n}")
                if n % 4 == 1:
                    post = answer.headers["location"].rstrip("/").rpartition("/")[2]
                    await site.post(f"/forum/messages/{post}/masquer/", office, reason="Hors sujet, vraiment.")
                if n % 8 == 7:
                    network.cut()
                await asyncio.sleep(0.1)
            network.weather = FAIR
            fresh = {who.key: await site.snapshot(stream, who) for who in (VISITOR, member, office)}
            for one in readers:
                await one.until(lambda one=one: one.state[stream] == fresh[one.who or ""], 12)
            assert sum(len(one.codes) for one in readers) > 5, "the network was bad indeed"
            for one in readers:
                await one.stop()

    run(go())
