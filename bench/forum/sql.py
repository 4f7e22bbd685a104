"""How many SQL queries a page of the forum asks, and a reply: signed in and as a visitor, short topics and long ones.

    python -m bench.forum.sql [--members 700] [--topics 2000] [--posts 40000] [--long 5000]

In one process of the production shape, by Django's test client. `first` is with an empty cache (fragments, rights and
pages of visitors are made), `then` the same request again. The baseline of the same run is `/me/` without an id, the
least that a signed-in request asks.
"""

from __future__ import annotations

from bench.forum._site import addresses, options, sessions, volume
from tools.full import Desk, full_stack

ASK = """
from django.core.cache import cache
from django.db import connection
from django.test import Client
client, counts = Client(HTTP_HOST="127.0.0.1"), []
client.cookies.load(cookies)
cache.clear()
for turn in range(2):
    statements = []
    def note(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)
    with connection.execute_wrapper(note):
        if form:
            response = client.post(path, {"source": f"Une réponse de la mesure, {turn}.", "operation": f"{path}{turn}"})
        else:
            response = client.get(path)
    counts.append(len(statements))
answer = [response.status_code, *counts, len(response.content)]
"""


def main() -> None:
    given = options(__doc__)
    with full_stack(search=False) as stack, Desk(stack) as desk:
        volume(stack, given)
        (member,), found = sessions(desk, 1), addresses(desk)
        short, long = (f"/forum/discussions/{found[name]}/" for name in ("short", "long"))
        asked = desk.do("from forum.models import Topic\nanswer = [Topic.objects.get(pk=a).get_absolute_url(), "
                        "Topic.objects.get(pk=b).get_absolute_url()]", a=found["short"], b=found["long"])  # fmt: skip
        few, many = found["numbers"]
        pages = [
            ("/me/ without an id (baseline)", "/me/", member, False),
            (f"topic of {few} posts, signed in", asked[0], member, False),
            (f"topic of {few} posts, visitor", asked[0], "", False),
            (f"topic of {many} posts, page 1, signed in", asked[1], member, False),
            (f"topic of {many} posts, last page, signed in", f"{asked[1]}?page={found['pages']}", member, False),
            (f"topic of {many} posts, last page, visitor", f"{asked[1]}?page={found['pages']}", "", False),
            ("list of a space, signed in", f"/forum/{found['space']}/", member, False),
            ("list of a space, visitor", f"/forum/{found['space']}/", "", False),
            ("spaces, signed in", "/forum/", member, False),
            (f"reply to a topic of {few} posts", short, member, True),
            (f"reply to a topic of {many} posts", long, member, True),
        ]
        print(f"\n{'SQL queries':48} {'first':>6} {'then':>6} {'answer':>7} {'bytes':>8}")
        for title, path, cookies, form in pages:
            status, first, then, size = desk.do(ASK, path=path, cookies=cookies, form=form)
            print(f"{title:48} {first:6} {then:6} {status:7} {size:8}", flush=True)


if __name__ == "__main__":
    main()
