"""The hub of a process: one read, one rendering per view that somebody follows, the same text to each socket.

It looks when a bell rings and every second anyway: no bell, Redis or other process has to be trusted.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
import weakref
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import structlog
from django.db import DatabaseError, close_old_connections, connection

from changes.streams import ALL, NOWHERE, RIGHTS, Seen, Stand, seen_since, stands
from realtime import bells, figures, frames, kinds, presence, reading
from realtime.connection import Connection, Follow
from realtime.frames import Code, Frame
from realtime.viewers import Looker, look_up

log = structlog.get_logger(__name__)
Result = TypeVar("Result")
SWEEP = 1.0
SILENCE = 15.0  # seconds after which a heartbeat says that all is well
NO_ACK = 30.0
BREATH = 1000  # sends, some 20 ms, after which others get their turn: acknowledgements then wait for the last socket
PRESENCE = 5.0
PERSON_LIMIT = 20  # sockets of one person in one process; of visitors, who all have one key, as many as a server holds
VISITORS_LIMIT = 20_000

Place = tuple[str, str]


class Hub:
    """Made by `hub_of_loop()`, one per event loop; it works as long as somebody follows something."""

    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self.channels: dict[Place, set[Connection]] = {}
        self.positions: dict[Place, int] = {}
        self.epoch = ""
        self._of_key: Counter[str] = Counter()
        self._catching: dict[tuple[str, str, int], asyncio.Future[tuple[str, str, int]]] = {}
        self._rights = 0
        self._rung = asyncio.Event()
        self._tasks: list[asyncio.Future[None]] = []
        # One thread reads for the passes (its connection stays open), two answer what each socket asks.
        self._passes = ThreadPoolExecutor(1, thread_name_prefix="hub")
        self._questions = ThreadPoolExecutor(2, thread_name_prefix="hub-hello")
        self.draining = False
        self._sent_since_breath = 0
        self._owed: set[Connection] = set()
        """Sockets that are behind because the database was away when they were to catch up."""

    # -- life -------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to listen and to sweep, once."""
        if self._tasks:
            return
        self._tasks = [asyncio.ensure_future(self._passing()), asyncio.ensure_future(self._caring())]
        if (listen := bells.bell()) is not None:
            self._tasks.append(asyncio.ensure_future(listen(self._rung.set)))

    async def stop(self) -> None:
        """End the hub's own work (tests and the end of a process)."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        figures.tell()
        for pool in (self._passes, self._questions):
            pool.submit(connection.close)
            pool.shutdown()

    async def drain(self, seconds: float) -> None:
        """Say `bye 4001` to everybody, spread over some seconds, so that they do not all come back at once."""
        self.draining = True
        leaving = list(self.connections)
        random.shuffle(leaving)
        begun = time.monotonic()
        for index, one in enumerate(leaving):
            if index % 20 == 0:  # by the clock: pauses that add up would come to more than the whole
                await asyncio.sleep(begun + seconds * index / len(leaving) - time.monotonic())
            await one.close(self.epoch, Code.RESTART, "Le site redémarre.")

    async def ask(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Run something that reads the database for one socket, in a thread."""

        def run() -> Result:
            close_old_connections()
            try:
                return function(*arguments)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._questions, run)

    async def _read(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """The same for a pass: one thread whose connection stays open until it fails."""

        def run() -> Result:
            try:
                return function(*arguments)
            except DatabaseError:
                connection.close()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._passes, run)

    # -- sockets ----------------------------------------------------------------------------------------------------

    async def join(self, one: Connection) -> Code | None:
        """Take a socket in; a code where it must go again."""
        if not self.epoch:  # first of all: rights that change from here on are heard of
            self.epoch, self._rights = await self.ask(_beginning)
        rights = None
        while rights != self._rights:  # what a pass heard meanwhile was not about a socket that it did not know
            rights = self._rights
            one.looker = await self.ask(look_up, one.cookies)
        if self.draining:
            return Code.RESTART
        if self._of_key[one.looker.key] >= (PERSON_LIMIT if one.looker.key else VISITORS_LIMIT):
            return Code.TOO_MANY
        self.start()
        self.connections.add(one)
        self._of_key[one.looker.key] += 1
        figures.sockets.inc()
        return None

    def leave(self, one: Connection) -> None:
        """A socket is gone. Twice is once."""
        one.closed = True
        self._owed.discard(one)
        if one in self.connections:
            self.connections.discard(one)
            self._of_key[one.looker.key] -= 1
            figures.sockets.dec()
        for stream in list(one.follows):
            self._unfollow(one, stream)

    async def take_over(self, one: Connection, browser: str) -> None:
        """One socket per browser: an older one of the same person and browser is told that a newer tab took over."""
        one.browser = browser
        for other in list(self.connections):
            if other is not one and other.browser == browser and other.looker.key == one.looker.key:
                await other.close(self.epoch, Code.NEWER_TAB, "Un autre onglet a pris le relais.")

    async def follow(self, one: Connection, wanted: dict[str, int | None]) -> None:
        """Let a socket follow exactly these streams, each from a position (None: from nothing).

        Streams that the viewer may not read are answered with a `bye` of their own, in the same words as streams that
        do not exist.
        """
        for stream in list(one.follows):
            if stream not in wanted:
                self._unfollow(one, stream)
        before = None
        while before != (one.looker, self._rights):  # as in `join`: rights that changed during the read
            before = (one.looker, self._rights)
            answers = await self.ask(_first_frames, self.epoch, one.looker, wanted)
        for stream, view, frame, pos in answers:
            if one.closed:
                return
            if view is None:
                self._unfollow(one, stream)
                await self._refuse(one, stream, Code.RIGHT_WITHDRAWN)
                continue
            self._place(one, Follow(stream, view, pos))
            if frame is not None:
                await one.send(frames.text(frame), frame["k"])
        await one.send(frames.text(frames.heartbeat(self.epoch, _sent(one))), "hb")
        await self.acknowledged(one)  # the channel went on between the read and the place in it
        self._rung.set()  # or is new, and nobody looked since

    def _place(self, one: Connection, follow: Follow) -> None:
        self._unfollow(one, follow.stream)
        one.follows[follow.stream] = follow
        place = (follow.stream, follow.view)
        if place not in self.channels:
            self.channels[place] = set()
            self.positions[place] = follow.sent
            figures.followed.inc()
        self.channels[place].add(one)

    def _unfollow(self, one: Connection, stream: str) -> None:
        follow = one.follows.pop(stream, None)
        if follow is None:
            return
        place = (stream, follow.view)
        self.channels[place].discard(one)
        if not self.channels[place]:
            del self.channels[place], self.positions[place]
            figures.followed.dec()

    async def _refuse(self, one: Connection, stream: str, code: Code) -> None:
        await one.send(frames.text(frames.bye(self.epoch, code, "Cette page ne vous est pas ouverte.", stream)), "bye")

    async def acknowledged(self, one: Connection) -> None:
        """A window opened again: bring the socket to where its streams stand by now; later, if the database is away."""
        try:
            for follow in list(one.follows.values()):
                place = (follow.stream, follow.view)
                if one.open_window and place in self.positions and follow.sent < self.positions[place]:
                    await self._catch_up(one, follow)
        except DatabaseError:
            self._owed.add(one)

    async def _catch_up(self, one: Connection, follow: Follow) -> None:
        """Bring a socket from where it was sent to where its view stands; again where that moved on meanwhile."""
        place = (follow.stream, follow.view)
        while one.open_window and follow.sent < self.positions.get(place, 0):
            text, kind, pos = await self._missed(place, follow.sent)
            if one.closed or one.follows.get(follow.stream) is not follow or pos <= follow.sent:
                return
            follow.sent = pos
            if text:
                await one.send(text, kind)

    async def _missed(self, place: Place, since: int) -> tuple[str, str, int]:
        """What a socket of a view missed: text, kind and position; those who ask at the same time share one read.

        After a burst hundreds of windows open again at the same position.
        """
        asked = (*place, since)
        if (under_way := self._catching.get(asked)) is None:
            under_way = self._catching[asked] = asyncio.ensure_future(self.ask(_frame_from, *asked))
            under_way.add_done_callback(lambda _: self._catching.pop(asked))
        return await asyncio.shield(under_way)  # one socket that goes does not end the read of the others

    # -- passes -----------------------------------------------------------------------------------------------------

    async def _passing(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), SWEEP)
            self._rung.clear()
            begun = time.monotonic()
            try:
                told = await self.look()
            except DatabaseError as error:
                log.warning("database away, the hub tries again", error=type(error).__name__)
                await asyncio.sleep(SWEEP)
                continue
            except Exception:
                log.exception("a pass of the hub failed")
                await asyncio.sleep(SWEEP)
                continue
            took = time.monotonic() - begun
            if told:
                figures.passes.observe(took)
                # At most one frame per interval, and half of the time at least for everything else.
                await asyncio.sleep(max(told - took, took if took > told / 2 else 0.0, 0.0))

    async def look(self) -> float:
        """One pass: what moved among all that is followed, told to whoever follows it.

        Returns the shortest interval of the streams that were told, 0 where nothing was.
        """
        if not self.connections:
            return 0.0
        now = await self._read(stands, {stream for stream, _ in self.channels} | {RIGHTS})
        rights = now.get((RIGHTS, ALL), NOWHERE)
        if rights.pos != self._rights:
            await self._rights_moved(rights)
        moved = [
            (place, now.get(place, NOWHERE)) for place in self.channels
            if now.get(place, NOWHERE).pos > self.positions[place]
        ]  # fmt: skip
        told = 0.0
        for place, stand in moved:
            if place not in self.channels:
                continue
            try:
                interval = await self._tell(place, stand)
            except DatabaseError:
                raise
            except Exception:  # a fault in what one stream shows: the others go on
                log.exception("a stream could not be told", stream=place[0], view=place[1])
                continue
            told = min(told, interval) if told else interval
        owed, self._owed = self._owed, set()
        await asyncio.gather(*(self.acknowledged(one) for one in owed))
        return told

    async def _tell(self, place: Place, stand: Stand) -> float:
        stream, view = place
        found = kinds.kind_of(stream)
        if found is None:
            return 0.0
        since = self.positions[place]
        if found[0].own:  # nothing to read, and a post may touch those of all who are here
            frame: Frame | None = frames.me(self.epoch, stream, stand.pos)
        else:
            frame = await self._read(reading.frame_since, self.epoch, stream, view, since, stand)
        if place not in self.channels:
            return found[0].interval
        self.positions[place] = max(stand.pos, self.positions[place])
        behind = await self._fan_out(place, since, stand.pos, frame)
        await asyncio.gather(*(self.acknowledged(one) for one in behind))
        return found[0].interval

    async def _fan_out(self, place: Place, since: int, to: int, frame: Frame | None) -> list[Connection]:
        """The same text to each socket that stood where the frame begins; those that stood elsewhere are returned."""
        if frame is None:
            return []
        text, kind, behind = frames.text(frame), str(frame["k"]), []
        anywhere = kind != "delta"  # a snapshot and `me` lead there from wherever one stood
        for one in tuple(self.channels.get(place, ())):
            follow = one.follows.get(place[0])
            if follow is None or follow.view != place[1] or follow.sent >= to or not one.open_window:
                continue
            if follow.sent != since and not anywhere:
                behind.append(one)
                continue
            follow.sent = to
            await one.send(text, kind)
            self._sent_since_breath += 1
            if self._sent_since_breath >= BREATH:
                self._sent_since_breath = 0
                await asyncio.sleep(0)
        return behind

    # -- rights -----------------------------------------------------------------------------------------------------

    async def _rights_moved(self, stand: Stand) -> None:
        """Somebody's rights, a session or a stream's audience changed: ask again for whom it concerns."""
        before, self._rights = self._rights, stand.pos
        try:
            known = stand.floor <= before <= stand.pos
            changed = await self._read(seen_since, RIGHTS, ALL, before, 1000) if known else None
            await self._rights_of(changed)
        except BaseException:
            self._rights = before  # the database went away in between: all of it again in the next pass
            raise

    async def _rights_of(self, changed: list[Seen] | None) -> None:
        if changed is None:
            await self.ask_again(list(self.connections))
            return
        named: dict[str, set[str]] = {}
        for thing in changed:
            named.setdefault(thing.kind, set()).add(thing.object_id)
        sessions, people = named.get("session", set()), named.get("person", set())
        streams, prefixes = named.get("stream", set()), named.get("streams", set())

        for one in [c for c in self.connections if c.looker.session in sessions]:
            await one.close(self.epoch, Code.SESSION_OVER, "Cette session est terminée.")
        await self.ask_again([one for one in self.connections if one.looker.key in people])

        def moved(stream: str) -> bool:
            return stream in streams or stream.partition(":")[0] in prefixes

        questions = [(one, s) for one in self.connections for s in one.follows if moved(s)]
        views = await self.ask(_views, [(one.looker, stream) for one, stream in questions])
        for (one, stream), view in zip(questions, views, strict=True):
            await self._see(one, stream, view)

    async def ask_again(self, concerned: Iterable[Connection], over: Code = Code.SESSION_OVER) -> None:
        """Look up who these are now and what they may read; end what they may not any more, within this pass."""
        for one in concerned:
            if one.closed:
                continue
            rights: int | None = None
            views: dict[str, str | None] = {}
            # Again where rights moved (an answer of before must not replace one of after) or it began to follow more.
            while rights != self._rights or not one.follows.keys() <= views.keys():
                rights = self._rights
                fresh, views = await self.ask(_who_and_views, one.cookies, list(one.follows))
            if fresh.key != one.looker.key or fresh.session != one.looker.session:
                await one.close(self.epoch, over, "Vous n’êtes plus connecté.")
                continue
            one.looker = fresh
            for stream, view in views.items():
                await self._see(one, stream, view)
            await one.send(frames.text(frames.me(self.epoch, "", 0)), "me")

    async def _see(self, one: Connection, stream: str, view: str | None) -> None:
        """A socket has this view of a stream from now on: another one begins with a snapshot, none ends it."""
        follow = one.follows.get(stream)
        if follow is None or follow.view == view:
            return
        if view is None:
            self._unfollow(one, stream)
            await self._refuse(one, stream, Code.RIGHT_WITHDRAWN)
            return
        frame, pos = await self.ask(reading.read, stream, view, None)
        if one.follows.get(stream) is not follow:  # it went, or another answer came first
            return
        self._place(one, Follow(stream, view, pos))
        if frame is not None:
            await one.send(frames.text(frame), frame["k"])

    # -- care -------------------------------------------------------------------------------------------------------

    async def _caring(self) -> None:
        """Each second: heartbeats, sockets that do not read, rights that end by their date, presence, the epoch."""
        presence_at = 0.0
        while True:
            await asyncio.sleep(1.0)
            try:
                await self._care()
                if time.monotonic() - presence_at >= PRESENCE:
                    presence_at = time.monotonic()
                    await self._tell_presence()
                    if self.epoch and self.epoch != (fresh := await self.ask(reading.current_epoch)):
                        self.epoch = fresh
                        for one in list(self.connections):
                            await one.close(fresh, Code.RESYNCHRONISE, "Le site a été restauré.")
                            self.leave(one)  # at once: positions of the other past must not meet those who come now
            except DatabaseError as error:
                log.warning("database away, the hub tries again", error=type(error).__name__)
            except Exception:
                log.exception("the hub's care failed")

    async def _care(self) -> None:
        figures.tell()
        now, beats = time.monotonic(), {}
        expired = []
        for one in list(self.connections):
            if one.looker.until is not None and one.looker.until.timestamp() <= time.time():
                expired.append(one)
            if one.waits > NO_ACK:
                await one.close(self.epoch, Code.TOO_SLOW, "Cette page ne répond plus.")
            elif now - one.last_sent > SILENCE and one.open_window:
                positions = self._positions(one)
                key = tuple(sorted(positions.items()))
                if key not in beats:
                    beats[key] = frames.text(frames.heartbeat(self.epoch, positions))
                await one.send(beats[key], "hb")
        if expired:
            await self.ask_again(expired, Code.LOGIN_EXPIRED)

    def _positions(self, one: Connection) -> dict[str, int]:
        """Where its streams stand for the hub: a socket that is somewhere else has lost something and asks again."""
        return {f.stream: self.positions.get((f.stream, f.view), f.sent) for f in one.follows.values()}

    async def _tell_presence(self) -> None:
        counts: dict[str, int] = {}
        for (stream, _), members in self.channels.items():
            counts[stream] = counts.get(stream, 0) + len(members)
        told = await self.ask(presence.exchange, counts)
        for stream, count in told.items():
            text = frames.text(frames.here(self.epoch, stream, count))
            for place in [place for place in self.channels if place[0] == stream]:
                for one in tuple(self.channels.get(place, ())):
                    if one.open_window:
                        await one.send(text, "here")


def _frame_from(stream: str, view: str, since: int) -> tuple[str, str, int]:
    frame, pos = reading.read(stream, view, since)
    return (frames.text(frame), frame["k"], pos) if frame is not None else ("", "", pos)


def _sent(one: Connection) -> dict[str, int]:
    return {follow.stream: follow.sent for follow in one.follows.values()}


def _beginning() -> tuple[str, int]:
    return reading.current_epoch(), stands([RIGHTS]).get((RIGHTS, ALL), NOWHERE).pos


def _first_frames(
    epoch: str, looker: Looker, wanted: dict[str, int | None]
) -> list[tuple[str, str | None, Frame | None, int]]:
    """For each stream: the view, the frame that brings the client up to date, and where it then stands."""
    answers: list[tuple[str, str | None, Frame | None, int]] = []
    now = stands(list(wanted))
    for stream, since in wanted.items():
        view = kinds.view_of(looker.viewer, stream)
        if view is None:
            answers.append((stream, None, None, 0))
            continue
        stand = now.get((stream, view), NOWHERE)
        answers.append((stream, view, reading.frame_since(epoch, stream, view, since, stand), stand.pos))
    return answers


def _views(questions: list[tuple[Looker, str]]) -> list[str | None]:
    """The view of each looker, asked once for those who read alike (all visitors do)."""
    known: dict[tuple[Any, str], str | None] = {}
    for looker, stream in questions:
        if (looker.viewer, stream) not in known:
            known[looker.viewer, stream] = kinds.view_of(looker.viewer, stream)
    return [known[looker.viewer, stream] for looker, stream in questions]


def _who_and_views(cookies: dict[str, str], streams: list[str]) -> tuple[Looker, dict[str, str | None]]:
    looker = look_up(cookies)
    return looker, {stream: kinds.view_of(looker.viewer, stream) for stream in streams}


_hubs: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = weakref.WeakKeyDictionary()


def hub_of_loop() -> Hub:
    """The hub of the running event loop: one in a server, one in each test."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
