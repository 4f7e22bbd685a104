"""How long until a reply is found: people publish twenty a second, and the index is asked ten times a second for them.

    python -m bench.search.freshness [--people 40] [--every 2] [--seconds 30]

Through nginx and gunicorn to PostgreSQL, with one worker that indexes (and tells followers) beside. Counted from the
moment that the database gives a reply to the moment at which a search first holds it. The baseline of the same run is
one reply every two seconds.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from bench.forum._site import Job, addresses, indexed, options, reply, sessions, volume
from bench.forum.replying import paced
from bench.realtime._site import TEXT, at, busy, share
from tools.full import Desk, full_stack

WATCH = """
import time
from datetime import datetime, timezone, timedelta
from forum.models import Post
from search.engines import choosing
begun = datetime.now(timezone.utc)
engine = choosing.elastic()
ask = {"query": {"bool": {"filter": [{"term": {"kind": "post"}}, {"range": {"at": {"gte": begun.isoformat()}}}]}},
       "size": 2000, "_source": ["key"], "sort": [{"at": "desc"}]}
seen, end = {}, time.monotonic() + seconds
while time.monotonic() < end:
    rows = engine.client.search(index=engine.index, **ask)["hits"]["hits"]
    now = datetime.now(timezone.utc)
    for row in rows:
        seen.setdefault(row["_source"]["key"], now)
    time.sleep(0.1)
rows = Post.objects.filter(created_at__gte=begun, number__gt=1).values_list("pk", "created_at")
took = {f"post:{pk}": at for pk, at in rows}
answer = [(seen[key] - at).total_seconds() if key in seen else None for key, at in took.items()]
"""


def main() -> None:
    given = options(__doc__, people=40, every=2.0, seconds=30.0)
    with full_stack() as stack, Desk(stack) as desk, Desk(stack) as watching:
        volume(stack, given)
        indexed(stack, desk)
        members, found = sessions(desk, given.people), addresses(desk)
        numbers = iter(range(10**9))

        def job(number: int) -> Any:
            topic = found["some"][number % len(found["some"])]
            return reply(stack, topic, members[number], f"{next(numbers)}. {TEXT}")

        print(f"\n{'seconds until found':32}     p50     p95     p99    most  replies  not found")
        for title, people in (("one person (baseline)", 1), (f"{given.people} people", given.people)):
            before = busy()
            times = watched(watching, job, people, given.every, given.seconds)
            known = [one for one in times if one is not None]
            figures = " ".join(f"{at(known, part) / 1000:7.2f}" for part in (0.5, 0.95, 0.99, 1))
            name = f"{title}, every {given.every:g} s"
            print(
                f"{name:32} {figures} {len(times):8} {len(times) - len(known):10}   {share(before):.0%} busy",
                flush=True,
            )


def watched(watching: Desk, job: Job, people: int, every: float, seconds: float) -> list[float | None]:
    """What each reply took, while people publish; None for one not found ten seconds after the last."""
    said: list[list[float | None]] = []
    watcher = threading.Thread(target=lambda: said.append(watching.do(WATCH, seconds=seconds + 12)))
    watcher.start()
    asyncio.run(asyncio.wait_for(_after(1.0, job, people, every, seconds), seconds + 60))
    watcher.join()
    return said[0]


async def _after(wait: float, job: Job, people: int, every: float, seconds: float) -> None:
    await asyncio.sleep(wait)  # the watcher looks already
    await paced(job, people, every, seconds)


if __name__ == "__main__":
    main()
