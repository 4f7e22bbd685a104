"""Pages of topics under load: signed in against the least signed-in views, visitors against a static file of nginx.

    python -m bench.forum.reading [--at-once 16] [--seconds 20] [--count 200]

The production shape with two page processes, asked from 127.0.0.1. Baselines of the same run: `/me/` without an id
(session, rights, no template) and `/notifications/` of somebody who has none (the page's frame, nothing in it); a style
sheet that nginx sends by itself. Then the first and the last page of the longest topic, one request after the other.
"""

from __future__ import annotations

import asyncio

from bench.forum._load import Request, request
from bench.forum._site import (
    Job,
    addresses,
    get,
    hammered,
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

        def member(path: str) -> Request:
            sent = [request(path, host(stack), cookies) for cookies in members]
            return lambda number: sent[number]

        def visitor(path: str) -> Request:
            sent = request(path, host(stack))
            return lambda number: sent

        turns = iter(range(10**9))
        address = host(stack)
        print(f"\n{given.at_once} at once, signed in")
        before = busy()
        jobs: dict[str, Request] = {
            "/me/ without an id (baseline)": member("/me/"),
            "/notifications/ with none (baseline)": member("/notifications/"),
            f"topic of {few} posts": member(short),
            "200 topics in turn": lambda number: request(some[next(turns) % len(some)], address, members[number]),
            f"topic of {many} posts, last page": member(last),
        }
        show(hammered(stack, jobs, at_once=given.at_once, seconds=given.seconds), before)
        print(f"{given.at_once} at once, visitors")
        before = busy()
        jobs = {
            "a style sheet by nginx (baseline)": visitor(style),
            f"topic of {few} posts": visitor(short),
            "200 topics in turn": lambda number: request(some[next(turns) % len(some)], address),
        }
        show(hammered(stack, jobs, at_once=given.at_once, seconds=given.seconds), before)
        print("one after the other, signed in")
        before = busy()
        pages: dict[str, Job] = {
            f"topic of {many} posts, first page (baseline)": lambda number: get(stack, long, members[0]),
            f"topic of {many} posts, last page": lambda number: get(stack, last, members[0]),
        }
        show(one_by_one(pages, given.count), before)


if __name__ == "__main__":
    main()
