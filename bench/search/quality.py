"""What the search answers to the judged queries (`judged.toml`): nDCG@10, recall@20, nothing found; p50 and p95.

A fresh database with the demo (SQLite; PostgreSQL for its engine), all of it indexed, the queries asked as a member.

    python -m bench.search.quality [--engine sqlite|postgresql|elasticsearch] [--half a|b|all] [--worst 10]

Weights and synonyms are chosen on half "a", half "b" is reported. `--state` keeps the database for the next run.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "site")]

from tools.services.manager import services  # noqa: E402 - after the path

if TYPE_CHECKING:
    from bench.search._measures import Answered
    from members.viewer import Viewer
    from search.engines.base import Engine

ENGINES = ("sqlite", "postgresql", "elasticsearch")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    parser.add_argument("--half", choices=("a", "b", "all"), default="all")
    parser.add_argument("--worst", type=int, default=10, help="how many of the worst queries are shown")
    parser.add_argument("--state", type=Path, help="a folder that keeps the database (not for PostgreSQL)")
    return parser.parse_args()


@contextmanager
def site(engine: str, state: Path | None) -> Iterator[None]:
    """Django on a database with the demo, and the engine's server beside."""
    needed = [] if engine == "sqlite" else [engine]
    with tempfile.TemporaryDirectory(prefix="club-quality-") as folder, services(needed) as found:
        if found.missing:
            raise SystemExit("\n".join(found.missing.values()))
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "club.settings",
            "CLUB_ENV": "development",
            "CLUB_STATE": str((state or Path(folder)).resolve()),
            **found.environ,
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        with Path(folder, "demo.log").open("w") as log:
            call_command("demo", stdout=log)
        yield


def engine_of(name: str) -> Engine:
    """The engine, empty."""
    from search.engines import choosing

    engine = choosing.elastic() if name == "elasticsearch" else choosing.embedded()
    assert engine is not None
    engine.clear()
    return engine


def index(engine: Engine) -> int:
    """Every document there is; returns how many."""
    from search import rebuilding

    return rebuilding.rebuild(engine, anew=True)


def ask(engine: Engine, viewer: Viewer, half: str) -> list[Answered]:
    """Each judged query of the half, twice: the second time is counted."""
    from bench.search._judged import judged, name_of
    from bench.search._measures import Answered
    from search.core.asking import Request, read
    from search.rights import scope_of

    scope = scope_of(viewer)
    answers = []
    for query in judged():
        if half not in ("all", query.half):
            continue
        request = Request(read(query.text))
        engine.search(request, scope)
        begun = time.perf_counter()
        found = engine.search(request, scope)
        took = time.perf_counter() - begun
        answers.append(Answered(query, [name_of(hit.kind, hit.title) for hit in found.hits], took))
    return answers


def main() -> None:
    given = options()
    with site(given.engine, given.state):
        from bench.realtime._site import at, median
        from bench.search._judged import CLASSES, VIEWER
        from bench.search._measures import table, worst
        from members.models import Person
        from members.viewer import Viewer

        engine = engine_of(given.engine)
        count = index(engine)
        answers = ask(engine, Viewer.of(Person.objects.get(email=VIEWER)), given.half)
        times = [one.took for one in answers]
        print(f"{given.engine}, half {given.half}: {count} documents, {len(answers)} queries as {VIEWER}\n")
        print("\n".join(table(answers, CLASSES)))
        print(f"\nwith facets and passages: p50 {median(times):.1f} ms, p95 {at(times, 0.95):.1f} ms\n")
        print("\n".join(worst(answers, given.worst)), flush=True)


if __name__ == "__main__":
    main()
