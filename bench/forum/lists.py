"""The list of one space at 1,000 topics, then of the same space at 50,000 topics with a million posts.

    python -m bench.forum.lists [--few 1000] [--topics 50000] [--posts 1000000] [--count 100]

One database, one run: the space is measured, the rest of the volume is generated into it, and it is measured again.
One request after the other, signed in, so that the time is that of the page. The baseline is `/me/` without an id.
"""

from __future__ import annotations

from bench.forum._site import Job, generate, get, one_by_one, options, sessions, show
from bench.realtime._site import busy
from tools.full import Desk, full_stack

SPACE = "volume"
PATHS = {
    "first page": f"/forum/{SPACE}/",
    "page 20": f"/forum/{SPACE}/?page=20",
    "without an answer": f"/forum/{SPACE}/?etat=sans-reponse",
    "unread": f"/forum/{SPACE}/?etat=non-lues",
    "an engagement": f"/forum/{SPACE}/?engagement=19",
    "all spaces": "/forum/",
}


def main() -> None:
    given = options(__doc__, few=1000, topics=50_000, posts=1_000_000, count=100, members=700, long=5000)
    with full_stack(search=False) as stack, Desk(stack) as desk:
        share = given.posts * given.few // given.topics
        generate(stack, members=given.members, topics=given.few, posts=share, seed=1, space=SPACE)
        (member,) = sessions(desk, 1)

        def page(path: str) -> Job:
            return lambda number: get(stack, path, member)

        jobs = {title: page(path) for title, path in {"/me/ without an id (baseline)": "/me/", **PATHS}.items()}
        print(f"\n{given.few} topics, {share} posts")
        before = busy()
        show(one_by_one(jobs, given.count), before)
        rest = {"topics": given.topics - given.few, "posts": given.posts - share}
        generate(stack, members=max(1, given.members // 10), long=given.long, seed=2, space=SPACE, **rest)
        print(f"\n{given.topics} topics, {given.posts} posts")
        before = busy()
        show(one_by_one(jobs, given.count), before)


if __name__ == "__main__":
    main()
