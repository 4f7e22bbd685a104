"""How fast the whole index is made anew from the rows, as `manage.py search rebuild` does it.

python -m bench.search.reindex --engine elasticsearch        rows in PostgreSQL, as in production
python -m bench.search.reindex --engine postgresql --posts 10000

The servers are started here, unless the environment names them; the database and the index are its own, thrown away at
the end. The rows are those of a new club and of `manage.py generate`. `cpu` is processor time of this process alone:
what is left of the wall clock is the servers', and that of others who use the machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from bench.search._stand import standing  # noqa: E402 - after the path

NEEDED = {"sqlite": [], "postgresql": ["postgresql"], "elasticsearch": ["postgresql", "elasticsearch"]}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=[*NEEDED], default="sqlite")
    parser.add_argument("--heap", default="1g", help="of an Elasticsearch that is started here")
    parser.add_argument("--times", type=int, default=4, help="rebuilds: a server has compiled itself after two")
    for name, value in {"members": 700, "topics": 2000, "posts": 40_000}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    return parser.parse_args()


def counted(title: str, run: Callable[[], int]) -> None:
    begun, before = time.perf_counter(), time.process_time()
    count = run()
    spent, used = time.perf_counter() - begun, time.process_time() - before
    print(f"{title:28} {count:9} {spent:9.1f} {used:9.1f} {count / spent:9.0f}", flush=True)


def measure(engine: Any, given: argparse.Namespace) -> None:
    from search import rebuilding

    print(f"{'':28} {'documents':>9} {'s':>9} {'cpu s':>9} {'a second':>9}")
    counted("documents from rows alone", lambda: sum(len(matters) for matters, _ in rebuilding.batches()))
    for number in range(1, given.times + 1):
        counted(f"rebuild {number}", lambda: rebuilding.rebuild(engine, anew=True))


def engine_of(name: str) -> Any:
    """The engine, with an index of its own."""
    from search.engines.choosing import client_of, embedded
    from search.engines.elastic.engine import ElasticEngine

    if name != "elasticsearch":
        return embedded()
    return ElasticEngine(client_of([os.environ["ELASTICSEARCH_URL"]]), f"reindex-{uuid.uuid4().hex[:12]}")


def run(given: argparse.Namespace) -> None:
    """In a database of its own."""
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    engine = engine_of(given.engine)
    try:
        with open(os.devnull, "w", encoding="utf-8") as unread:
            numbers = {name: getattr(given, name) for name in ("members", "topics", "posts")}
            call_command("install", email="mesure@exemple.fr", stdout=unread)
            call_command("generate", seed=1, stdout=unread, stderr=unread, **numbers)
        print(f"{given.engine}, rows in {connection.vendor}\n")
        engine.clear()
        measure(engine, given)
    finally:
        engine.clear()
        if given.engine == "elasticsearch":
            engine.remove()
        teardown_databases(made, verbosity=0)


def main() -> None:
    given = options()
    with standing(NEEDED[given.engine], given.heap):
        run(given)


if __name__ == "__main__":
    main()
