"""The production shape, started once for the folder: two daphnes, gunicorn, a worker, PostgreSQL, Redis, nginx."""

from __future__ import annotations

import asyncio
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tools.full import Desk, Stack, full_stack
from tools.services import MissingService
from tools.services.install import missing
from tools.wire import Answer, Follower, Socket, ask, connect
from tools.wire.follower import Seen, state_of

NEEDED = ["postgresql", "redis", "nginx"]
PEOPLE = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from changes import SYSTEM, change
from members.actions import give_membership, give_role
from members.models import Organisation, Person, Role, Scope

def sign_in(person):
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key

with change(by=SYSTEM):
    organisation, _ = Organisation.objects.get_or_create(kind=Organisation.Kind.PARTNER, name="Atelier des Rives")
    person = Person.objects.create_user(email, None, given_name="Anne", family_name=name)
    give_membership(person, organisation, "chargée de mission", by=SYSTEM)
    if office:
        give_role(person, Role.NATIONAL_OFFICE, Scope.NATION, "", by=SYSTEM)
answer = [person.key, sign_in(person)]
"""
TOPIC = """
from forum.actions import start_topic
from forum.first import open_first_spaces
from members.models import Person
from members.viewer import Viewer
space = open_first_spaces()[0 if public else 1]
by = Viewer.of(Person.objects.get(pk=int(who.partition(":")[2])))
topic = start_topic(space=space, title="Une discussion de l’essai", source="Le sujet.", by=by)
answer = topic.pk
"""


@dataclass
class Someone:
    """Whoever looks or acts: a member with a session, or a visitor (empty)."""

    key: str = ""
    session: str = ""

    @property
    def cookies(self) -> str:
        return f"club_session={self.session}; club_csrf={'c' * 32}" if self.session else ""


VISITOR = Someone()


@dataclass
class Site:
    """The stack as the tests see it."""

    stack: Stack
    desk: Desk

    @property
    def host(self) -> str:
        return self.stack.url.removeprefix("http://")

    @property
    def port(self) -> int:
        """nginx: pages and sockets."""
        return self.stack.front.port

    def daphne(self, number: int = 0) -> int:
        """The port of one of the servers of sockets, past nginx."""
        return self.stack.sockets[number].port

    def somebody(self, *, office: bool = False) -> Someone:
        """A new member with a session."""
        name = uuid.uuid4().hex[:12]
        return Someone(*self.desk.do(PEOPLE, email=f"{name}@essai.example", name=name, office=office))

    def topic(self, author: Someone, *, public: bool = True) -> int:
        """A new topic in the public space or in the members' own."""
        made: int = self.desk.do(TOPIC, who=author.key, public=public)
        return made

    def query(self, sql: str) -> list[list[str | None]]:
        return self.stack.servers["postgresql"].query(sql)  # type: ignore[attr-defined]

    async def post(self, path: str, who: Someone, port: int = 0, seconds: float = 8, **form: str) -> Answer:
        """Send a form as somebody."""
        headers = {"Cookie": who.cookies, "Origin": self.stack.url}
        form = {"csrfmiddlewaretoken": "c" * 32, **form}
        return await ask(port or self.port, path, host=self.host, form=form, headers=headers, seconds=seconds)

    async def reply(self, topic: int, who: Someone, text: str, operation: str = "") -> Answer:
        """Post a reply, which has to be taken."""
        answer = await self.post(f"/forum/discussions/{topic}/", who, source=text, operation=operation)
        assert answer.status == 302, (answer.status, answer.body[:2000])
        return answer

    async def snapshot(self, stream: str, who: Someone) -> dict[str, Seen] | None:
        """What the server shows somebody now, asked anew; None where it refuses."""
        headers = {"Cookie": who.cookies} if who.session else {}
        answer = await ask(self.port, f"/flux/?s={stream}", host=self.host, headers=headers)
        (frame,) = json.loads(answer.body)["frames"]
        if frame["k"] == "bye":
            return None
        assert frame["k"] == "snap"
        assert frame["whole"], "this test needs topics that fit a frame"
        return state_of(frame)

    def follower(self, streams: list[str], who: Someone = VISITOR, port: int = 0, **options: Any) -> Follower:
        """A client of somebody's; `start()` it."""
        said = {"host": self.host, "pages": self.port, "cookies": who.cookies, "who": who.key, **options}
        return Follower(port or self.port, dict.fromkeys(streams), **said)

    async def socket(self, who: Someone = VISITOR, port: int = 0, **options: Any) -> Socket:
        """A bare socket of somebody's."""
        headers = {"Cookie": who.cookies} if who.session else {}
        options["headers"] = {**headers, **options.get("headers", {})}
        return await connect(port or self.daphne(), host=self.host, **options)


class Bare:
    """A socket without rules of its own: what it heard, frame by frame."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.socket: Socket

    async def open(self, site: Site, who: Someone = VISITOR, **options: Any) -> Bare:
        self.socket = await site.socket(who, heard=lambda text: self.frames.append(json.loads(text)), **options)
        assert self.socket.status == 101
        return self

    def say(self, **frame: Any) -> None:
        self.socket.say(json.dumps({"v": 1, **frame}))

    def hello(self, streams: dict[str, int | None] | None = None, **fields: Any) -> None:
        self.say(k="hello", ep="", streams=streams or {}, **fields)

    async def ended(self, seconds: float = 5) -> int:
        return await asyncio.wait_for(asyncio.shield(self.socket.closed), seconds)

    async def heard(self, kind: str, seconds: float = 5) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for frame in self.frames:
                if frame["k"] == kind:
                    return frame
            await asyncio.sleep(0.02)
        raise TimeoutError(f"no {kind} in {self.frames}")

    @property
    def bye(self) -> dict[str, Any]:
        return next(frame for frame in reversed(self.frames) if frame["k"] == "bye")


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """Started once, from nothing; services of the tests' own environment are not used."""
    if lacking := missing(NEEDED):
        if os.environ.get("CI"):
            raise MissingService("\n".join(lacking.values()))
        pytest.skip("\n".join(lacking.values()))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "TEST_DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL"):
            patch.delenv(name, raising=False)
        with full_stack(sockets=2, search=False) as stack, Desk(stack) as desk:
            yield Site(stack, desk)


@pytest.fixture(scope="session")
def member(site: Site) -> Someone:
    return site.somebody()


@pytest.fixture(scope="session")
def office(site: Site) -> Someone:
    return site.somebody(office=True)


Run = Callable[[Any], Any]


@pytest.fixture
def run() -> Run:
    """Run a coroutine, for two minutes at most."""

    def runner(coroutine: Any) -> Any:
        return asyncio.run(asyncio.wait_for(coroutine, 120))

    return runner
