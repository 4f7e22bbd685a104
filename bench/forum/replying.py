"""Replies: eight people who each write one every two seconds, then as fast as they can.

    python -m bench.forum.replying [--people 8] [--every 2] [--seconds 30]

Through nginx and gunicorn to PostgreSQL, with the worker telling followers beside, each person in a topic of their own
and all in the longest one. The first is an open loop: each reply has its moment, whatever the one before took. The
baseline of the same run is `/me/` without an id at the same pace.
"""

from __future__ import annotations

import asyncio
import random
import time

from bench.forum._site import Job, Timed, addresses, closed_loop, get, indexed, options, reply, sessions, show, volume
from bench.realtime._site import TEXT, busy
from tools.full import Desk, full_stack


async def paced(job: Job, people: int, every: float, seconds: float) -> Timed:
    """Each person one request every so many seconds, at moments of their own."""
    timed, begun = Timed(seconds=seconds), time.perf_counter()

    async def one(number: int) -> None:
        due = begun + random.uniform(0, every)
        while due < begun + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            good = await job(number)
            timed.times.append(time.perf_counter() - due)
            timed.refused += not good
            due += every

    await asyncio.gather(*(one(number) for number in range(people)))
    return timed


def main() -> None:
    given = options(__doc__, people=8, every=2.0, seconds=30.0)
    with full_stack(search=False) as stack, Desk(stack) as desk:
        volume(stack, given)
        indexed(stack, desk)
        members, found = sessions(desk, given.people), addresses(desk)
        own = found["some"][: given.people]
        numbers = iter(range(10**9))

        def post(topic: int, number: int) -> Job:
            return lambda _: reply(stack, topic, members[number], f"{next(numbers)}. {TEXT}")

        jobs: dict[str, Job] = {
            "/me/ without an id (baseline)": lambda number: get(stack, "/me/", members[number]),
            "each in a topic of their own": lambda number: post(own[number % len(own)], number)(number),
            f"all in one topic of {found['numbers'][1]} posts": lambda number: post(found["long"], number)(number),
        }
        print(f"\n{given.people} people, a reply every {given.every:g} s each")
        before = busy()
        show({title: asyncio.run(paced(job, given.people, given.every, given.seconds)) for title, job in jobs.items()},
             before)  # fmt: skip
        print(f"{given.people} people, each as soon as the one before is there")
        before = busy()
        show(closed_loop(jobs, at_once=given.people, seconds=given.seconds), before)


if __name__ == "__main__":
    main()
