"""What `change()` adds to a transaction: rows alone, then the same rows with one entry, with four and two facts.

    python -m bench.realtime.change_cost [--rounds 2000]

Baseline: `transaction.atomic()` with the same rows (a post inserted, its topic updated). The variants take turns in
random order, so that whatever disturbs the machine disturbs all; what a variant adds is the median of its differences
to the baseline of the same round. PostgreSQL with the settings of production (each commit reaches the disk), then the
same where commits do not wait for it, then SQLite. "bell" is with Redis beside: one publication after the commit.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tools.services import services

ROOT = Path(__file__).resolve().parents[2]


def child(title: str, rounds: int) -> None:
    """In a process of its own, with the database of its environment."""
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from bench.realtime._site import at, median
    from changes import change, doorbell
    from forum.models import Post, Space, Topic
    from members.models import Person

    call_command("migrate", interactive=False, verbosity=0)
    person = Person.objects.create_user("autrice@mesure.example", None, given_name="Anne", family_name="Rives")
    space = Space.objects.create(slug="mesure", title="Mesure", audience="public")
    topic = Topic.objects.create(space=space, title="Une discussion de la mesure", author=person)
    numbers = iter(range(1, 10_000_000))

    def rows() -> Post:
        number = next(numbers)
        post = Post(topic=topic, number=number, author=person, html="<p>Un texte.</p>", text="Un texte.")
        post.save(force_insert=True)
        topic.last_number, topic.last_post_at = number, timezone.now()
        topic.save(update_fields=["last_number", "last_post_at"])
        return post

    def alone() -> None:
        with transaction.atomic():
            rows()

    def nothing() -> None:
        with change(by="person:1"):
            rows()

    def one() -> None:
        with change(by="person:1") as c:
            c.touch(topic.stream, "post", rows().pk, after=["mod"])

    def four() -> None:
        with change(by="person:1") as c:
            post = rows()
            c.touch(topic.stream, "post", post.pk, after=["public", "members", "mod"])
            c.touch(space.stream, "topic", topic.pk, after=["mod"])
            c.fact("forum.post", post.pk)
            c.fact("mail.queued", post.pk)

    variants: dict[str, Callable[[], None]] = {
        "rows alone (baseline)": alone, "change(), nothing touched": nothing, "change(), one entry": one,
        "change(), four entries, two facts": four,
    }  # fmt: skip
    if title.endswith("bell"):
        doorbell.ring()  # opens its connection
    taken: dict[str, list[float]] = {name: [] for name in variants}
    names = list(variants)
    for done in range(-100, rounds):
        random.shuffle(names)
        for name in names:
            begun = time.perf_counter()
            variants[name]()
            if done >= 0:
                taken[name].append(time.perf_counter() - begun)
    base = taken["rows alone (baseline)"]
    for name, times in taken.items():
        beyond = [mine - its for mine, its in zip(times, base, strict=True)]
        added = f"{median(beyond):8.2f} {at(times, 0.95) - at(base, 0.95):8.2f}" if times is not base else ""
        print(f"{title:34} {name:34} {median(times):7.2f} {at(times, 0.95):7.2f} {added}", flush=True)
    connection.close()


def run(title: str, rounds: int, **given: str) -> None:
    with tempfile.TemporaryDirectory() as state:
        environ = {**os.environ, "DATABASE_URL": "", "REDIS_URL": "", "CLUB_STATE": state, **given}
        environ |= {"CLUB_ENV": "development", "DJANGO_SETTINGS_MODULE": "club.settings"}
        command = [sys.executable, "-m", "bench.realtime.change_cost", "--rounds", str(rounds), "--child", title]
        subprocess.run(command, cwd=ROOT, env=environ, check=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--child", default="")
    parser.add_argument("--only", default="durable,bell,fast,sqlite")
    given = parser.parse_args()
    if given.child:
        child(given.child, given.rounds)
        return
    for name in ("TEST_DATABASE_URL", "DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    only = given.only.split(",")
    print(f"{'':34} {'':34} {'a transaction, ms':^15} {'beyond the rows, ms':>19}")
    print(f"{'database':34} {'what':34} {'median':>7} {'p95':>7} {'median':>8} {'p95':>8}")
    for kind, title, names in (
        ("durable", "PostgreSQL", ["postgresql"]),
        ("bell", "PostgreSQL, bell", ["postgresql", "redis"]),
        ("fast", "PostgreSQL, without fsync", ["postgresql"]),
    ):
        if kind in only:
            with services(names, durable=kind != "fast") as found:
                run(title, given.rounds, **found.environ)
    if "sqlite" in only:
        run("SQLite", given.rounds)


if __name__ == "__main__":
    main()
