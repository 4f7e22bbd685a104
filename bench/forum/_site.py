"""The production shape with generated volume, people who are signed in, and a generator of requests on 127.0.0.1."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from bench.forum._load import Loaded, Request, load
from bench.realtime._site import at, host, median, share
from tools.full import Desk, Stack
from tools.wire import ask

ROOT = Path(__file__).resolve().parents[2]
CSRF = "c" * 32
SESSIONS = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Count
from changes import SYSTEM, change
from directory.acceptance import IN_SESSION, texts_in_force
from members.models import Person
answer = []
with change(by=SYSTEM):
    people = Person.objects.filter(email__endswith="@mesure.example", roles=None)
    people = people.annotate(mandates=Count("memberships")).filter(mandates=1)  # with more the form asks which
    people = people.order_by("joined_at", "pk")
    for person in people[:count]:
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session[IN_SESSION] = [[text.kind, text.version] for text in texts_in_force()]  # they accepted the texts
        session.create()
        answer.append(f"club_session={session.session_key}; club_csrf={'c' * 32}")
"""
TOPICS = """
from forum.models import Topic
public = Topic.objects.filter(space__audience="public", state="visible").exclude(status="closed")
long = Topic.objects.filter(state="visible").order_by("-last_number").first()
short = public.filter(last_number__gte=18, last_number__lte=20).order_by("pk").first() or public.order_by("pk").first()
type(long).objects.filter(pk=long.pk).update(status="open", space=short.space)
answer = {"short": short.pk, "long": long.pk, "pages": -(-long.last_number // 20), "numbers": [short.last_number,
          long.last_number], "space": short.space.slug, "some": list(public.order_by("-last_post_at")[:200]
          .values_list("pk", flat=True))}
"""
"""A topic of one whole page and the longest one, in one public space; the long one is open, whatever it was."""


def options(text: str | None, **defaults: int | float) -> argparse.Namespace:
    """The numbers of a measure, each an option, with those of the volume."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    volume = {"members": 700, "topics": 2000, "posts": 40_000, "long": 5000}
    for name, value in {**volume, **defaults}.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    return parser.parse_args()


def generate(stack: Stack, **numbers: int | str) -> None:
    """Volume in the site's database; in an environment of its own, because production refuses it. Prints its rate.

    The worker is stopped: it would index the volume while pages are measured, on the same two cores. Who measures what
    needs it calls `indexed` before.
    """
    stack.worker.stop()
    environ = {**stack.environ, "CLUB_ENV": "development"}
    environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
    command = [sys.executable, "manage.py", "generate", *(f"--{name}={value}" for name, value in numbers.items())]
    said = subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True, text=True)
    print(said.stdout.strip(), flush=True)


def indexed(stack: Stack, desk: Desk, seconds: float = 600) -> None:
    """Start the worker again, and wait until it has indexed what there is. Raises `TimeoutError`."""
    stack.worker.start()
    end = time.monotonic() + seconds
    while desk.do(
        "from changes.models import Fact\nfrom search import rebuilding\nfrom search.engines import choosing\n"
        "left = Fact.objects.filter(consumer='search', done_at=None, aside_at=None).exists()\n"
        "answer = left or choosing.written()[0].health().documents != rebuilding.total()"
    ):
        if time.monotonic() > end:
            raise TimeoutError(f"not indexed after {seconds:.0f} s")
        time.sleep(2)


def volume(stack: Stack, given: argparse.Namespace) -> None:
    """The volume that the options name."""
    generate(stack, members=given.members, topics=given.topics, posts=given.posts, long=given.long, seed=1)


def sessions(desk: Desk, count: int) -> list[str]:
    """Cookies of so many members, those who have been there longest."""
    found: list[str] = desk.do(SESSIONS, count=count)
    return found


Timed = Loaded


def line(title: str, timed: Timed) -> str:
    """One line of the table; the last figure is how much of the time went to the one who asked."""
    rate = len(timed.times) / timed.seconds if timed.seconds else float("nan")
    asking = timed.cpu / timed.seconds if timed.seconds else float("nan")
    return (
        f"{title:52} {rate:9.1f} {median(timed.times):9.1f} {at(timed.times, 0.95):9.1f} "
        f"{at(timed.times, 0.99):9.1f} {len(timed.times):8} {timed.refused:7} {asking:6.0%}"
    )


HEADING = f"{'':52} {'per s':>9} {'p50 ms':>9} {'p95 ms':>9} {'p99 ms':>9} {'requests':>8} {'refused':>7} {'asking':>6}"


async def get(stack: Stack, path: str, cookies: str = "", headers: Mapping[str, str] | None = None) -> bool:
    """One page through nginx; whether it came."""
    sent = {"Accept-Encoding": "gzip", **({"Cookie": cookies} if cookies else {}), **(headers or {})}
    answer = await ask(stack.front.port, path, host=host(stack), headers=sent)
    return answer.status == 200


async def reply(stack: Stack, topic: int, cookies: str, text: str) -> bool:
    """One reply through nginx, by the page's form; whether it was taken."""
    headers = {"Cookie": cookies, "Origin": stack.url}
    form = {"csrfmiddlewaretoken": CSRF, "source": text, "operation": os.urandom(16).hex()}
    answer = await ask(stack.front.port, f"/forum/discussions/{topic}/", host=host(stack), form=form, headers=headers)
    return answer.status == 302


Job = Callable[[int], Awaitable[bool]]
"""One request; it is told who asks, from 0."""


def closed_loop(jobs: Mapping[str, Job], *, at_once: int, seconds: float, rounds: int = 4) -> dict[str, Timed]:
    """Each kind by so many at once, each asking again as soon as it is answered; the kinds take turns.

    Turns of a few seconds, in both orders: what disturbs the machine disturbs all of them.
    """
    found = {title: Timed() for title in jobs}
    asyncio.run(_warm(jobs, at_once))
    for turn in range(rounds):
        for title in list(jobs) if turn % 2 == 0 else list(jobs)[::-1]:
            asyncio.run(_turn(jobs[title], found[title], at_once, seconds / rounds))
    return found


async def _warm(jobs: Mapping[str, Job], at_once: int) -> None:
    for job in jobs.values():
        await asyncio.gather(*(job(number) for number in range(at_once)))


async def _turn(job: Job, timed: Timed, at_once: int, seconds: float) -> None:
    begun, used = time.perf_counter(), time.process_time()
    end = begun + seconds

    async def one(number: int) -> None:
        while (started := time.perf_counter()) < end:
            good = await job(number)
            timed.times.append(time.perf_counter() - started)
            timed.refused += not good

    await asyncio.gather(*(one(number) for number in range(at_once)))
    timed.seconds += time.perf_counter() - begun
    timed.cpu += time.process_time() - used


def hammered(
    stack: Stack, requests: Mapping[str, Request], *, at_once: int, seconds: float, rounds: int = 4
) -> dict[str, Loaded]:
    """As `closed_loop`, for pages: over connections that stay open, so that little goes to the one who asks."""
    found = {title: Loaded() for title in requests}
    for one in requests.values():
        load(stack.front.port, one, at_once=at_once, seconds=0.2, into=Loaded())
    for turn in range(rounds):
        for title in list(requests) if turn % 2 == 0 else list(requests)[::-1]:
            load(stack.front.port, requests[title], at_once=at_once, seconds=seconds / rounds, into=found[title])
    return found


def one_by_one(jobs: Mapping[str, Job], count: int) -> dict[str, Timed]:
    """Each kind so many times, one request after the other, the kinds in turn."""
    found = {title: Timed() for title in jobs}

    async def run() -> None:
        for number in range(-3, count):
            for title, job in jobs.items():
                begun = time.perf_counter()
                good = await job(number)
                if number >= 0:
                    found[title].times.append(time.perf_counter() - begun)
                    found[title].refused += not good

    used = time.process_time()
    asyncio.run(run())
    each = (time.process_time() - used) / len(found)
    for timed in found.values():
        timed.seconds, timed.cpu = sum(timed.times), each
    return found


def show(found: Mapping[str, Timed], before: tuple[float, float]) -> None:
    """The table, and how busy the machine was meanwhile."""
    print(HEADING)
    for title, timed in found.items():
        print(line(title, timed), flush=True)
    print(f"the machine was {share(before):.0%} busy\n", flush=True)


def static_file(body: str) -> str:
    """The address of a static file that a page names."""
    found = re.search(r'/static/[^"\s]+\.css', body)
    return found[0] if found else "/static/"


def addresses(desk: Desk) -> dict[str, Any]:
    """Topics to measure: see `TOPICS`."""
    found: dict[str, Any] = desk.do(TOPICS)
    return found
