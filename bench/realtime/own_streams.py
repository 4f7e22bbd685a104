"""10,000 people's own streams touched by one post: the worker's time, and the writer's request beside.

    python -m bench.realtime.own_streams [--followers 10000] [--posts 5] [--requests 100]

The worker is the one of production. Its time is counted from the commit of the post to the fact marked as done, which
holds up to half a second in which an idle worker sleeps; the baseline of the same run is a topic with nobody else.
Then a member's form by HTTP to a page server (gunicorn), in both topics, in random
order, without a worker beside; and once more while the worker tells.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import time

from bench.realtime._site import MEMBERS, TEXT, TOPIC, at, cpu, host, median, written
from tools.full import Desk, Stack, full_stack
from tools.wire import ask

FOLLOWERS = """
from changes import SYSTEM, change
from members.models import Follow, Person
with change(by=SYSTEM):
    people = Person.objects.bulk_create([
        Person(email=f"abonne{number}@mesure.example", given_name="Sacha", family_name=f"Nom{number}", password="!")
        for number in range(count)
    ], batch_size=1000)
    Follow.objects.bulk_create(
        [Follow(person=person, kind="topic", object_id=str(topic)) for person in people], batch_size=1000
    )
"""
DONE = """
import time
from changes.models import Fact
end = time.monotonic() + 60
while Fact.objects.filter(consumer="tell", done_at=None).exists() and time.monotonic() < end:
    time.sleep(0.005)
answer = [time.monotonic(), Fact.objects.filter(consumer="tell", done_at=None).count()]
"""
TOUCHED = """
from changes.models import Entry
answer = Entry.objects.filter(kind="topic", object_id=str(topic), stream__startswith="person:").count()
"""


def tell(stack: Stack, desk: Desk, topic: list[int], title: str, posts: int) -> None:
    times, used = [], cpu(stack.worker.pid)
    for _ in range(posts):
        commits = written(desk, topic, count=1, every=0)["commits"]
        moment, left = desk.do(DONE)
        times.append(moment - commits[0])
        if left:
            print(f"not done: {left}")
    each, touched = (cpu(stack.worker.pid) - used) / posts, desk.do(TOUCHED, topic=topic[0])
    print(f"{title:26} {median(times) / 1e3:10.2f} {at(times, 1) / 1e3:8.2f} {each:14.2f} {touched:10}", flush=True)


async def post(stack: Stack, topic: int, cookies: str, text: str) -> float:
    headers = {"Cookie": cookies, "Origin": stack.url}
    form = {"csrfmiddlewaretoken": "c" * 32, "source": text, "operation": ""}
    begun = time.perf_counter()
    answer = await ask(stack.front.port, f"/forum/discussions/{topic}/", host=host(stack), form=form, headers=headers)
    if answer.status != 302:
        raise SystemExit(f"{answer.status}: {answer.body[:2000]!r}")
    return time.perf_counter() - begun


async def requests(stack: Stack, topics: dict[str, int], cookies: str, count: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {title: [] for title in topics}
    for number in range(-5, count):
        for title, topic in random.sample(list(topics.items()), len(topics)):
            took = await post(stack, topic, cookies, f"{number}. {TEXT}")
            if number >= 0:
                times[title].append(took)
            await asyncio.sleep(0.02)
    return times


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--followers", type=int, default=10_000)
    parser.add_argument("--posts", type=int, default=5)
    parser.add_argument("--requests", type=int, default=100)
    given = parser.parse_args()
    with full_stack(search=False) as stack, Desk(stack) as desk:
        quiet, followed = desk.do(TOPIC), desk.do(TOPIC)
        ((_, cookies),) = desk.do(MEMBERS, count=1)
        desk.do(FOLLOWERS, topic=followed[0], count=given.followers)
        print(f"{'the worker, a post':26} {'median, s':>10} {'worst':>8} {'processor, s':>14} {'streams':>10}")
        tell(stack, desk, quiet, "nobody follows (baseline)", given.posts)
        tell(stack, desk, followed, f"{given.followers} follow, first time", 1)
        tell(stack, desk, followed, f"{given.followers} follow", given.posts)
        print(f"\n{'the request, gunicorn':26} {'median, ms':>10} {'p95':>8} {'p99':>8}")
        topics = {"nobody follows (baseline)": quiet[0], f"{given.followers} follow": followed[0]}
        stack.worker.stop()
        for title, times in asyncio.run(requests(stack, topics, cookies, given.requests)).items():
            print(f"{title:26} {median(times):10.1f} {at(times, 0.95):8.1f} {at(times, 0.99):8.1f}", flush=True)
        stack.worker.start()
        times = asyncio.run(requests(stack, {"while the worker tells": quiet[0]}, cookies, given.requests))
        for title, found in times.items():
            print(f"{title:26} {median(found):10.1f} {at(found, 0.95):8.1f} {at(found, 0.99):8.1f}", flush=True)
        with contextlib.suppress(TimeoutError):
            desk.do(DONE)


if __name__ == "__main__":
    main()
