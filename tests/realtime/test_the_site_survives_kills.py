"""kill -9 of each server in turn, during traffic: what was confirmed is there once, and every screen ends whole."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import re
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tools.wire import Answer, BadNetwork, Follower, Socket
from tools.wire.bad_network import FAIR, ROUGH
from tools.wire.follower import Seen

from .conftest import VISITOR, Run, Site, Someone

pytestmark = [pytest.mark.services, pytest.mark.realtime]
BEFORE, DOWN, AFTER = 1.5, 2.0, 4.0
LONGER = {"postgresql": 8.0}
"""A database that recovers may take so long: what waits for it must not wait ever longer."""
WHOLE = 5.0
"""Seconds after the last write within which every screen is what the server shows."""
LATE = 10.0
"""The same for a client that polls every five seconds, or that the network has just cut off."""
HOLD = """
begin;
insert into changes_head (stream, view, pos, floor) values ('{stream}', 'own', 1, 0)
  on conflict (stream, view) do update set pos = changes_head.pos + 1;
select pg_sleep(2.5);
commit;
"""
PLACE = re.compile(r"/forum/messages/(\d+)/")


@dataclass
class Traffic:
    """Writers, who send each operation until they have an answer to it, and what they were confirmed."""

    site: Site
    port: int
    confirmed: dict[str, int] = field(default_factory=dict)
    """Operation → the post that it made."""
    tries: int = 0
    going: bool = True
    last: float = 0.0

    dice: random.Random = field(default_factory=lambda: random.Random(11))

    async def until_confirmed(self, path: str, who: Someone, **form: str) -> str:
        """Send a form until the site says that it was carried out (a redirect); where it leads.

        Some who write are impatient: they leave before the answer comes, and send the same again. Some click twice.
        """
        while True:
            self.tries += 1
            mood = self.dice.random() if "operation" in form else 0.5
            seconds = self.dice.uniform(0.01, 0.2) if mood < 0.3 else 4.0
            sent = [self.site.post(path, who, self.port, seconds=seconds, **form) for _ in range(1 + (mood > 0.85))]
            answers = [one for one in await asyncio.gather(*sent, return_exceptions=True) if isinstance(one, Answer)]
            for answer in answers:
                assert answer.status == 302 or answer.status >= 500, (answer.status, answer.body[:500])
            places = {answer.headers["location"] for answer in answers if answer.status == 302}
            if places:
                self.last = time.monotonic()
                (place,) = places  # both clicks lead to the same
                return place
            await asyncio.sleep(0.2)

    async def write(self, who: Someone, topics: list[int], seed: int) -> None:
        """Reply here and there, as long as the traffic goes."""
        dice = random.Random(seed)
        for n in itertools.count():
            if not self.going:
                return
            operation = str(uuid.uuid4())
            text = f"op-{operation} {'PRIVE' if (topic := dice.choice(topics)) == topics[1] else ''} " + "mot " * (
                1200 if n % 12 == 5 else dice.randrange(60)
            )
            address = f"/forum/discussions/{topic}/"
            place = await self.until_confirmed(address, who, source=text, operation=operation)
            found = PLACE.search(place)
            assert found, place
            self.confirmed[operation] = int(found[1])
            await asyncio.sleep(dice.uniform(0.1, 0.4))

    async def moderate(self, office: Someone, author: Someone, topic: int, spaces: list[str]) -> None:
        """Hide a message among members, move its topic to the public and back: visitors never see its text."""
        for n in itertools.count():
            if not self.going:
                return
            operation = str(uuid.uuid4())
            path = f"/forum/discussions/{topic}/"
            place = await self.until_confirmed(path, author, source=f"op-{operation} MASQUE", operation=operation)
            post = PLACE.search(place)
            assert post
            self.confirmed[operation] = int(post[1])
            await self.until_confirmed(f"/forum/messages/{post[1]}/masquer/", office, reason="Hors sujet, vraiment.")
            await self._move(office, topic, spaces[n % 2])
            if n % 2 == 0:
                operation = str(uuid.uuid4())
                place = await self.until_confirmed(path, author, source=f"op-{operation} ouvert", operation=operation)
                post = PLACE.search(place)
                assert post
                self.confirmed[operation] = int(post[1])
                await asyncio.sleep(0.7)
                await self._move(office, topic, spaces[1])

    async def _move(self, office: Someone, topic: int, space: str) -> None:
        ((now,),) = await asyncio.get_running_loop().run_in_executor(None, self._space_of, topic)
        if now != space:
            await self.until_confirmed(f"/forum/discussions/{topic}/deplacer/", office, target=space)

    def _space_of(self, topic: int) -> list[list[str | None]]:
        while True:
            try:
                return self.site.query(f"select space_id from forum_topic where id = {topic}")
            except Exception:  # the database is away for the moment
                time.sleep(0.2)


@dataclass
class Account:
    """What one kill did."""

    killed: str
    operations: int = 0
    tries: int = 0
    lost: int = 0
    doubled: int = 0
    whole_after_start: float = 0.0
    """From the server's restart until every client had what was written after it."""
    latest: str = ""
    """The client that had it last, and where it stood."""
    settled: float = 0.0
    """From the last write until every client showed what the server shows, but those that poll or were cut off."""
    ended: Counter[int] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.killed:<12} {self.operations:>4} operations in {self.tries:>4} tries, lost {self.lost}, doubled "
            f"{self.doubled}; whole {self.whole_after_start:.1f} s after the restart, {self.settled:.1f} s after the "
            f"last write; sockets ended: {dict(self.ended)}"
        )


def follows(one: Follower) -> bool:
    """Whether it has begun: heard by a socket, or knows by polling where each stream stands."""
    return one.frames["hb"] > 0 or (one.polling and None not in one.positions.values())


async def settle(site: Site, readers: list[Follower], seconds: float) -> None:
    """Wait until each shows exactly what the server shows to its like."""
    end = time.monotonic() + seconds
    while True:
        fresh: dict[tuple[str, str], dict[str, Seen]] = {}
        wrong = []
        for one in readers:
            for stream in {*one.positions, *one.refused} - {one.who}:  # one's own stream shows nothing by itself
                key = (one.cookies, stream)
                if key not in fresh:
                    who = Someone(one.who or "", one.cookies.removeprefix("club_session=").partition(";")[0])
                    fresh[key] = await site.snapshot(stream, who) or {}
                if one.state[stream] != fresh[key]:
                    wrong.append((one, stream, fresh[key]))
        if not wrong:
            return
        if time.monotonic() > end:
            told = [
                f"{one.who or 'visitor'} on port {one.port}, {stream}: "
                f"{sorted(dict(one.state[stream].items() ^ right.items()))}; "
                f"{time.monotonic() - one.last_heard:.1f} s since the last frame; {one.told()}"
                for one, stream, right in wrong
            ]
            raise AssertionError("\n".join(told))
        await asyncio.sleep(0.1)


def check_facts(site: Site, topics: list[int], follower: Someone) -> None:
    """Each post's fact is done, once; none is aside; and the follower's own stream was touched for each topic."""
    site.query("update changes_fact set lease_until = now() where done_at is null and lease_until > now()")
    ids = ",".join(map(str, topics))
    end = time.monotonic() + 20
    unfinished = f"""
        select p.id, count(f.id), count(f.done_at), count(f.aside_at) from forum_post p
        left join changes_fact f on f.consumer = 'tell' and f.kind = 'forum.post' and f.object_id = p.id::text
        where p.topic_id in ({ids}) group by p.id
        having count(f.id) <> 1 or count(f.done_at) <> 1 or count(f.aside_at) <> 0"""
    while (left := site.query(unfinished)) and time.monotonic() < end:
        time.sleep(0.3)
    assert not left, f"posts whose fact is not done exactly once: {left[:5]}"
    assert site.query("select count(*) from changes_fact where aside_at is not null") == [["0"]]
    told = site.query(f"select object_id from changes_entry where stream = '{follower.key}' and kind = 'topic'")
    assert {int(one[0] or 0) for one in told} >= set(topics), "the followers of each topic were told"


def check_rows(site: Site, traffic: Traffic, account: Account) -> None:
    """What was confirmed is there once, under the address that was given; nothing else is."""
    found: dict[str, list[int]] = {}
    for pk, text in site.query("select id, text from forum_post where text like 'op-%'"):
        found.setdefault((text or "")[3:39], []).append(int(pk or 0))
    for operation, post in traffic.confirmed.items():
        rows = found.get(operation, [])
        account.lost += not rows
        account.doubled += len(rows) > 1
        assert rows in ([post], []), (operation, post, rows)
    assert account.lost == account.doubled == 0, str(account)
    kept = site.query("select count(*) from changes_operation where result = ''")
    assert kept == [["0"]], "an operation is there with its result or not at all"


@pytest.mark.parametrize("killed", ["sockets-1", "redis", "worker", "web", "postgresql"])
def test_after_kill_9_nothing_is_lost_or_doubled_and_every_screen_is_whole(
    site: Site, office: Someone, run: Run, killed: str, record_property: Callable[[str, object], None]
) -> None:
    writers = [site.somebody() for _ in range(2)]
    reader = site.somebody()
    public, private = site.topic(writers[0]), site.topic(writers[0], public=False)
    moving = site.topic(writers[1], public=False)
    topics = [public, private, moving]
    spaces = [
        site.query(f"select id from forum_space where slug = '{slug}'")[0][0] or ""
        for slug in ("national", "entre-membres")
    ]
    site.query(
        "insert into members_follow (person_id, kind, object_id, level, since) select "
        f"{reader.key.partition(':')[2]}, 'topic', unnest(array['{public}','{private}','{moving}']), 'watched', now()"
    )
    streams = [f"topic:{one}" for one in topics] + [f"space:{one}" for one in spaces]
    server = site.stack.servers[killed]
    account = Account(killed)

    async def go() -> None:
        loop = asyncio.get_running_loop()
        async with BadNetwork(site.port, seed=7, weather=ROUGH) as network:
            traffic = Traffic(site, network.port)
            direct = Traffic(site, site.port, traffic.confirmed)
            readers: list[Follower] = []
            for n, who in enumerate([VISITOR, reader, office, VISITOR]):
                own = [who.key] if who.session else []
                for port, pages in ((site.port, 0), (network.port, network.port), (site.daphne(n % 2), site.port)):
                    # beside good sockets, pages: without polling, the fourth failure may wait sixteen seconds
                    options = {"keep": True, "seed": n, "insists": True, "polls": bool(pages), "pages": pages}
                    readers.append(site.follower([*streams[:3], *own], who, port, **options).start())
                readers.append(site.follower(streams[3:], who, keep=True, insists=True).start())
            await asyncio.gather(*(one.until(lambda one=one: follows(one), 15) for one in readers))
            tasks = [
                asyncio.ensure_future(one)
                for one in (
                    traffic.write(writers[0], topics[:2], 1),
                    direct.write(writers[1], topics[:2], 2),
                    direct.moderate(office, writers[1], moving, spaces),
                )
            ]
            await asyncio.sleep(BEFORE)
            if killed == "worker":  # in the middle of a fact: it waits for a row that somebody holds
                held = loop.run_in_executor(None, site.query, HOLD.format(stream=reader.key))
                await asyncio.sleep(1.5)
            await loop.run_in_executor(None, server.kill)
            if killed == "worker":
                leased = "select count(*) from changes_fact where done_at is null and lease_until > now()"
                assert int(site.query(leased)[0][0] or 0) > 0, "it died with facts in hand"
                await held
            await asyncio.sleep(LONGER.get(killed, DOWN))
            await loop.run_in_executor(None, server.start)
            started = time.monotonic()
            probe = str(uuid.uuid4())
            place = await direct.until_confirmed(
                f"/forum/discussions/{public}/", writers[1], source=f"op-{probe}", operation=probe
            )
            post = PLACE.search(place)
            assert post
            traffic.confirmed[probe] = int(post[1])
            followed = [one for one in readers if streams[0] in one.state]
            waited = await asyncio.gather(
                *(one.until(lambda one=one: f"post-{post[1]}" in one.state[streams[0]], 20) for one in followed)
            )
            late = max(range(len(followed)), key=waited.__getitem__)
            account.latest = f"{waited[late]:.1f} s, on port {followed[late].port}: {followed[late].told()}"
            account.whole_after_start = time.monotonic() - started
            await asyncio.sleep(max(0.0, AFTER - account.whole_after_start))
            traffic.going = direct.going = False
            await asyncio.gather(*tasks)
            last = max(traffic.last, direct.last)
            network.weather = FAIR
            fair = [one for one in readers if one.port == site.port and not one.polls]
            await settle(site, fair, last + WHOLE - time.monotonic())
            account.settled = time.monotonic() - last
            await settle(site, readers, last + LATE - time.monotonic())
            account.operations, account.tries = len(traffic.confirmed), traffic.tries + direct.tries
            for one in readers:
                account.ended.update(one.codes)
            for one in readers:
                await one.stop()
            check_rows(site, traffic, account)
            for one in readers:
                if not one.cookies:
                    leaked = [text for text in one.heard if b"PRIVE" in text or b"MASQUE" in text]
                    assert not leaked, json.loads(leaked[0])
                elif one.who != office.key and one.who:
                    assert one.touched[one.who] or one.who not in one.positions, "told of what they follow"
            assert any(b"MASQUE" in text for one in readers if one.who == office.key for text in one.heard)

    run(go())
    record_property("account", str(account))
    print(account)  # noqa: T201 - what one kill did is worth reading (pytest -s)
    check_facts(site, topics, reader)
    assert account.whole_after_start < 12, f"{account}; the latest: {account.latest}"


def test_when_one_server_of_sockets_after_the_other_dies_whichever_is_there_is_found(site: Site, run: Run) -> None:
    async def opened(refused: list[int]) -> None:
        """Several, so that each process of nginx meets the server that is away."""
        for _ in range(8):
            socket = await site.socket(port=site.port, wait=False)
            refused += [status for status in [await asyncio.wait_for(socket.opened, 10)] if status != 101]
            sockets.append(socket)

    sockets: list[Socket] = []

    async def go() -> None:
        loop = asyncio.get_running_loop()
        refused: list[int] = []
        for server in site.stack.sockets:
            await loop.run_in_executor(None, server.kill)
            try:
                await opened(refused)
            finally:
                await loop.run_in_executor(None, server.start)
        for socket in sockets:
            socket.abort()
        assert not refused, f"{len(refused)} of {len(sockets)} were sent away: {set(refused)}"

    run(go())
