"""Pages of topics under load: signed in against the least signed-in views, visitors against a static file of nginx.

    python -m bench.forum.reading [--at-once 16] [--seconds 20] [--count 200]

The production shape with two page processes, asked from 127.0.0.1. Baselines of the same run: `/me/` without an id
(session, rights, no template) and `/notifications/` of somebody who has none (the page's frame, nothing in it); a style
sheet that nginx sends by itself. Then the first and the last page of the longest topic, one request after the other.
"""

from __future__ import annotations

import asyncio
from functools import partial

from bench.forum._site import (
    Job,
    addresses,
    closed_loop,
    get,
    one_by_one,
    options,
    sessions,
    show,
    static_file,
    volume,
)
from bench.realtime._site import busy, host
from tools.full import Desk, full_stack
from tools.wire import ask


def main() -> None:
    given = options(__doc__, at_once=16, seconds=20.0, count=200)
    with full_stack(search=False) as stack, Desk(stack) as desk:
        volume(stack, given)
        members, found = sessions(desk, given.at_once), addresses(desk)
        urls = desk.do(
            "from forum.models import Topic\nrows = Topic.objects.in_bulk(some)\n"
            "answer = [rows[pk].get_absolute_url() for pk in some]",
            some=[found["short"], found["long"], *found["some"]],
        )
        short, long, some = urls[0], urls[1], urls[2:]
        few, many = found["numbers"]
        body = asyncio.run(ask(stack.front.port, short, host=host(stack))).body.decode()
        style, last = static_file(body), f"{long}?page={found['pages']}"

        def member(path: str) -> Job:
            return lambda number: get(stack, path, members[number % len(members)])

        turns = iter(range(10**9))
        print(f"\n{given.at_once} at once, signed in")
        before = busy()
        jobs: dict[str, Job] = {
            "/me/ without an id (baseline)": member("/me/"),
            "/notifications/ with none (baseline)": member("/notifications/"),
            f"topic of {few} posts": member(short),
            "200 topics in turn": lambda number: get(stack, some[next(turns) % len(some)], members[number]),
            f"topic of {many} posts, last page": member(last),
        }
        show(closed_loop(jobs, at_once=given.at_once, seconds=given.seconds), before)
        print(f"{given.at_once} at once, visitors")
        before = busy()
        visitor = partial(get, stack)
        jobs = {
            "a style sheet by nginx (baseline)": lambda number: visitor(style),
            f"topic of {few} posts": lambda number: visitor(short),
            "200 topics in turn": lambda number: visitor(some[next(turns) % len(some)]),
        }
        show(closed_loop(jobs, at_once=given.at_once, seconds=given.seconds), before)
        print("one after the other, signed in")
        before = busy()
        jobs = {
            f"topic of {many} posts, first page (baseline)": member(long),
            f"topic of {many} posts, last page": member(last),
        }
        show(one_by_one(jobs, given.count), before)


if __name__ == "__main__":
    main()
