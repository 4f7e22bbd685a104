"""How fast an engine answers and is written: invented French, queries of 1 to 4 words.

python -m bench.search.speed --engine sqlite --documents 20000
python -m tools.services.run --with postgresql -- python -m bench.search.speed --engine postgresql --documents 100000

Words come at the frequencies of a language (the n-th 1/n times as often as the first) from some 12,000 different ones;
a document in five is a discussion, the others are its replies. Queries take words of all frequencies, some the most
frequent ones. Everything is thrown away at the end. `cpu p95` is processor time of this process: on a machine
that others use, what the wall clock adds to it is theirs (SQLite works inside, PostgreSQL beside).
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]
ENDINGS = ["", "s", "ment", "tion", "age", "ité", "eur", "euse", "ique", "able"]
SYLLABLES = [
    first + last
    for first in ["b", "c", "d", "f", "g", "l", "m", "n", "p", "r", "s", "t", "v", "br", "cr", "fl"]
    for last in "aéio"
]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "elasticsearch"], default="sqlite")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--slowest", action="store_true", help="name the slowest queries")
    return parser.parse_args()


class Corpus:
    """Documents and queries of one random source."""

    def __init__(self, documents: int, seed: int = 1) -> None:
        from forum.generating.words import ADJECTIVES, SMALL, WORDS

        self._random = random = Random(seed)
        invented = {
            "".join(random.choices(SYLLABLES, k=random.randrange(2, 5))) + random.choice(ENDINGS) for _ in range(12_000)
        }
        self._small = SMALL.split()
        self.words = [*dict.fromkeys([*WORDS, *ADJECTIVES]), *sorted(invented)]
        said = [*self._small, *self.words]
        self._said, self._frequencies = said, list(accumulate(1 / (rank + 2) for rank in range(len(said))))
        self._documents = documents
        self._now = datetime.now(UTC)

    def text(self, count: int) -> str:
        return " ".join(self._random.choices(self._said, cum_weights=self._frequencies, k=count))

    def batches(self) -> Iterator[list[Any]]:
        from search.core.matter import Matter

        random, batch, title, topic = self._random, [], "", 0
        fold: dict[str, Any] = {}
        for number in range(1, self._documents + 1):
            first = number % 5 == 1
            if first:
                topic, title = number, self.text(random.randrange(4, 11))
                fold = {
                    "audience": random.choice([("public",), ("members",), ("members", f"region:{number % 18}")]),
                    "space": f"espace-{number % 20}", "regions": (str(number % 18),),
                    "themes": tuple(str(one) for one in random.sample(range(1, 21), random.randrange(4))),
                    "state": random.choice(["open", "solved", ""]),
                }  # fmt: skip
            kind = "topic" if first else "post"
            batch.append(
                Matter(
                    key=f"{kind}:{number}",
                    kind=kind,
                    root=f"topic:{topic}",
                    title=title if first else "",
                    about="" if first else title,
                    url=f"/forum/{number}/",
                    text=self.text(random.randrange(20, 121)),
                    containers=(f"{kind}:{number}", f"topic:{topic}", fold["space"]),
                    people="Anne Morel",
                    at=self._now - timedelta(days=random.random() * 1000),
                    detail=fold["space"],
                    **fold,
                )
            )
            if len(batch) == 500 or number == self._documents:
                yield batch
                batch = []

    def queries(self, count: int) -> list[str]:
        """One to four words; a third of them from the fifty most frequent, a third from the next thousand."""
        random = self._random
        drawn = [self.words[:50], self.words[50:1050], self.words]
        return [
            " ".join(random.choice(random.choice(drawn)) for _ in range(random.randrange(1, 5))) for _ in range(count)
        ]


def at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))] * 1000


def timed(title: str, run: Callable[[str], Any], queries: list[str], *, slowest: bool) -> None:
    for query in queries[:5]:
        run(query)
    times, used = [], []
    for query in queries:
        begun, before = time.perf_counter(), time.process_time()
        run(query)
        times.append(time.perf_counter() - begun)
        used.append(time.process_time() - before)
    print(
        f"{title:44} {at(times, 0.5):9.1f} {at(times, 0.95):9.1f} {at(times, 0.99):9.1f} {at(used, 0.95):9.1f}",
        flush=True,
    )
    if slowest:
        for spent, query in sorted(zip(times, queries, strict=True), reverse=True)[:8]:
            print(f"    {spent * 1000:8.1f}  {query}")


def measure(engine: Any, given: argparse.Namespace) -> None:
    from search.core.asking import Request, read
    from search.engines.base import Scope

    corpus = Corpus(given.documents)
    scope = Scope(frozenset({"public", "members", "region:3", "person:7"}))
    batches = list(corpus.batches())
    gc.collect()
    gc.freeze()
    begun = time.perf_counter()
    for version, batch in enumerate(batches, 1):
        engine.bulk(batch, version)
    spent = time.perf_counter() - begun
    print(f"{given.documents} documents written in {spent:.1f} s: {given.documents / spent:.0f} a second")
    begun = time.perf_counter()
    engine.bulk(batches[-1][:20], len(batches) + 1, refresh=True)
    print(f"20 written again in {(time.perf_counter() - begun) * 1000:.0f} ms\n")
    queries = corpus.queries(given.queries)
    common = [" ".join(corpus.words[n : n + 1 + n % 3]) for n in range(30)]
    typed = [query[: 2 + len(query) * n // len(queries) // 2] for n, query in enumerate(queries)]
    show = {"slowest": given.slowest}
    gc.collect()
    gc.freeze()  # as the site's processes do once they are loaded
    print(f"{'ms':44} {'p50':>9} {'p95':>9} {'p99':>9} {'cpu p95':>9}")
    timed("search, facets and marks", lambda one: engine.search(Request(read(one)), scope), queries, **show)
    timed("search, the most frequent words", lambda one: engine.search(Request(read(one)), scope), common, **show)
    timed("search without facets", lambda one: engine.search(Request(read(one)), scope, facets=False), queries, **show)
    filters = {"region": ("3",), "theme": ("1", "2")}
    timed("search under two filters", lambda one: engine.search(Request(read(one), filters), scope), queries, **show)
    timed("order by date", lambda one: engine.search(Request(read(one), {}, "date"), scope), queries, **show)
    timed("filters alone", lambda one: engine.search(Request(read(""), filters), scope), queries[:20], **show)
    timed("page 20", lambda one: engine.search(Request(read(one), {}, "relevance", 20), scope), queries, **show)
    timed("suggestions", lambda one: engine.suggest(one, scope), typed, **show)
    timed("similar", lambda one: engine.similar(one, corpus.text(60), scope), queries, **show)


def embedded(given: argparse.Namespace) -> None:
    """In a database of its own, made and thrown away."""
    state = tempfile.mkdtemp(prefix="search-speed-")
    os.environ.update(CLUB_ENV="test", CLUB_STATE=state, DJANGO_SETTINGS_MODULE="club.settings")
    os.environ.setdefault("SECRET_KEY", "a key of a measure, which protects nothing at all, long enough")
    if given.engine == "sqlite":
        os.environ.pop("DATABASE_URL", None)
    elif "DATABASE_URL" not in os.environ:
        sys.exit("DATABASE_URL names no PostgreSQL: see --help")
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        from search.engines.embedded import EmbeddedEngine

        print(f"{connection.vendor}\n")
        measure(EmbeddedEngine(), given)
    finally:
        teardown_databases(made, verbosity=0)
        shutil.rmtree(state, ignore_errors=True)


def main() -> None:
    given = options()
    if given.engine == "elasticsearch":
        sys.exit("speed: the other engine has its own measure")
    embedded(given)


if __name__ == "__main__":
    main()
