"""How fast an engine answers and is written: invented French, queries of 1 to 4 words.

python -m bench.search.speed --engine sqlite --documents 20000
python -m bench.search.speed --engine postgresql --documents 100000
python -m bench.search.speed --engine elasticsearch --documents 1000000 --heap 2g

The server is started here, unless the environment names one (DATABASE_URL, ELASTICSEARCH_URL); the tables or the index
are its own. Words come at the frequencies of a language (the n-th 1/n times as often as the first) from some 12,000
different ones; a document in five is a discussion, the others are its replies. Queries take words of all frequencies,
some the most frequent ones. Everything is thrown away at the end.

`cpu p95` is processor time of this process. Of Elasticsearch, `took p95` is what the server says that the requests of a
search took together, `server` its processor time for one (mean), `requests` how many there are (mean). On a machine
that others use, what the wall clock adds is theirs.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from bench.search._stand import standing  # noqa: E402 - after the path

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
    parser.add_argument("--heap", default="2g", help="of an Elasticsearch that is started here")
    parser.add_argument("--slowest", action="store_true", help="name the slowest queries")
    return parser.parse_args()


class Corpus:
    """Documents and queries of one random source; no more than a batch of documents at a time."""

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

    def batches(self, size: int = 500) -> Iterator[list[Any]]:
        """A multiple of five documents at a time: whole discussions."""
        for first in range(1, self._documents + 1, size):
            last = min(first + size - 1, self._documents)
            yield [one for topic in range(first, last + 1, 5) for one in self._discussion(topic, min(4, last - topic))]

    def _discussion(self, number: int, replies: int) -> list[Any]:
        """A topic and the documents behind it, its replies."""
        from search.core.matter import Matter

        random = self._random
        title, space = self.text(random.randrange(4, 11)), f"espace-{number % 20}"
        texts = [self.text(random.randrange(20, 121)) for _ in range(1 + replies)]
        fold: dict[str, Any] = {
            "root": f"topic:{number}",
            "audience": random.choice([("public",), ("members",), ("members", f"region:{number % 18}")]),
            "space": space, "regions": (str(number % 18),), "detail": space, "people": "Anne Morel",
            "themes": tuple(str(one) for one in random.sample(range(1, 21), random.randrange(4))),
            "state": random.choice(["open", "solved", ""]),
        }  # fmt: skip
        made = []
        for place, text in enumerate(texts):
            kind = "post" if place else "topic"
            key = f"{kind}:{number + place}"
            made.append(
                Matter(
                    key=key, kind=kind, title="" if place else title, about=title if place else "", text=text,
                    replies="" if place else "\n".join(texts[1:]), covered=bool(place), url=f"/forum/{number + place}/",
                    containers=(key, f"topic:{number}", space),
                    at=self._now - timedelta(days=random.random() * 1000), **fold,
                )
            )  # fmt: skip
        return made

    def queries(self, count: int) -> list[str]:
        """One to four words; a third of them from the fifty most frequent, a third from the next thousand."""
        random = self._random
        drawn = [self.words[:50], self.words[50:1050], self.words]
        return [
            " ".join(random.choice(random.choice(drawn)) for _ in range(random.randrange(1, 5))) for _ in range(count)
        ]


def at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))] * 1000


class Clock:
    """What each search took: by the wall, of this process, and, of Elasticsearch, of its server (milliseconds)."""

    def __init__(self, engine: Any, *, slowest: bool) -> None:
        self._slowest, self._took, self._requests = slowest, 0, 0
        self._client = getattr(engine, "client", None)
        if self._client is not None:
            self._listen()

    def _listen(self) -> None:
        """Every answer of the client is looked at: how long the server says it took."""
        ask = self._client.transport.perform_request

        def listening(*args: Any, **others: Any) -> Any:
            answer = ask(*args, **others)
            if isinstance(answer.body, dict):
                self._took += answer.body.get("took", 0)
            self._requests += 1
            return answer

        self._client.transport.perform_request = listening

    def _server(self) -> int:
        """Processor time that the server has used, in milliseconds."""
        nodes = self._client.nodes.stats(metric="process")["nodes"] if self._client else {}
        return sum(one["process"]["cpu"]["total_in_millis"] for one in nodes.values())

    def head(self) -> None:
        server = f" {'took p95':>9} {'server':>9} {'requests':>9}" if self._client else ""
        print(f"{'ms':36} {'p50':>9} {'p95':>9} {'p99':>9} {'cpu p95':>9}{server}")

    def timed(self, title: str, run: Callable[[str], Any], queries: list[str]) -> None:
        """Asks all queries one after the other and prints a line."""
        from search.engines.base import EngineAway

        for query in queries[:5]:
            with suppress(EngineAway):
                run(query)
        times, used, took, lost = [], [], [], 0
        begun_at, self._requests = self._server(), 0
        for query in queries:
            self._took, before, begun = 0, time.process_time(), time.perf_counter()
            try:
                run(query)
            except EngineAway:
                lost += 1
            times.append(time.perf_counter() - begun)
            used.append(time.process_time() - before)
            took.append(self._took / 1000)
        line = " ".join(
            f"{at(one, share):9.1f}" for one, share in ((times, 0.5), (times, 0.95), (times, 0.99), (used, 0.95))
        )
        if self._client:
            requests = self._requests / len(queries)
            line += f" {at(took, 0.95):9.0f} {(self._server() - begun_at) / len(queries):9.1f} {requests:9.2f}"
        print(f"{title:36} {line}{f'  {lost} without an answer' if lost else ''}", flush=True)
        if self._slowest:
            for spent, query in sorted(zip(times, queries, strict=True), reverse=True)[:8]:
                print(f"    {spent * 1000:8.1f}  {query}")


def write(engine: Any, corpus: Corpus, given: argparse.Namespace) -> None:
    """All documents as a rebuild writes them, and the last ones again; the time of their making counts too."""
    last: list[Any] = []

    def batches() -> Iterator[tuple[list[Any], int]]:
        nonlocal last
        for last in corpus.batches():
            yield last, 1

    begun = time.perf_counter()
    for _ in engine.rebuild(batches()):
        pass
    spent = time.perf_counter() - begun
    engine.swap()
    swapped = time.perf_counter() - begun - spent
    rate = given.documents / spent
    print(f"{given.documents} documents written in {spent:.1f} s ({rate:.0f} a second), in place {swapped:.1f} s later")
    begun = time.perf_counter()
    engine.bulk(last[:20], 2, refresh=True)
    print(f"20 written again in {(time.perf_counter() - begun) * 1000:.0f} ms\n")


def until_warm(search: Callable[[str], object], queries: list[str]) -> int:
    """Ask queries again and again, until five rounds were no faster than those before: a server compiles meanwhile.

    How many rounds that took, forty at most.
    """
    from search.engines.base import EngineAway

    spent: list[float] = []
    while len(spent) < 40 and (len(spent) < 6 or min(spent[-5:]) < 0.97 * min(spent[:-5])):
        begun = time.perf_counter()
        for one in queries:
            with suppress(EngineAway):
                search(one)
        spent.append(time.perf_counter() - begun)
    return len(spent)


def measure(engine: Any, given: argparse.Namespace, settled: Callable[[], None] = lambda: None) -> None:
    """Writes, waits until the engine has `settled`, asks."""
    from search.core.asking import Request, read
    from search.engines.base import Scope

    corpus = Corpus(given.documents)
    scope = Scope(frozenset({"public", "members", "region:3", "person:7"}))
    write(engine, corpus, given)
    settled()
    queries = corpus.queries(given.queries)
    common = [" ".join(corpus.words[n : n + 1 + n % 3]) for n in range(30)]
    typed = [query[: 2 + len(query) * n // len(queries) // 2] for n, query in enumerate(queries)]
    filters = {"region": ("3",), "theme": ("1", "2")}
    clock = Clock(engine, slowest=given.slowest)

    def search(text: str, *rest: Any, **others: Any) -> Any:
        return engine.search(Request(read(text), *rest), scope, **others)

    rounds = until_warm(search, corpus.queries(given.queries))
    print(f"warm after {rounds} rounds of {given.queries} other queries\n")
    gc.collect()
    gc.freeze()  # as the site's processes do once they are loaded
    clock.head()
    clock.timed("search, facets and marks", search, queries)
    clock.timed("search, the most frequent words", search, common)
    clock.timed("search without facets", lambda one: search(one, facets=False), queries)
    clock.timed("search under two filters", lambda one: search(one, filters), queries)
    clock.timed("order by date", lambda one: search(one, {}, "date"), queries)
    clock.timed("filters alone", lambda one: search("", filters), queries[:20])
    clock.timed("page 20", lambda one: search(one, {}, "relevance", 20), queries)
    clock.timed("suggestions", lambda one: engine.suggest(one, scope), typed)
    clock.timed("similar", lambda one: engine.similar(one, corpus.text(60), scope), queries)


def embedded(given: argparse.Namespace) -> None:
    """In a database of its own, made and thrown away."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    made = setup_databases(verbosity=0, interactive=False)
    try:
        from search.engines.embedded import EmbeddedEngine

        print(f"{connection.vendor}\n")
        measure(EmbeddedEngine(), given)
    finally:
        teardown_databases(made, verbosity=0)


def elasticsearch(given: argparse.Namespace) -> None:
    """In an index of its own, deleted at the end; asked once its merges are done."""
    from search.core import synonyms
    from search.engines.choosing import client_of
    from search.engines.elastic.engine import ElasticEngine

    synonyms.added = tuple  # there is no database to hold more than the file's
    engine = ElasticEngine(client_of([os.environ["ELASTICSEARCH_URL"]]), f"speed-{uuid.uuid4().hex[:12]}")

    def settled() -> None:
        engine.refresh()
        while engine.patient.indices.stats(index=engine.index, metric="merge")["_all"]["total"]["merges"]["current"]:
            time.sleep(0.5)
        segments = engine.patient.indices.stats(index=engine.index, metric="segments,store")["_all"]["total"]
        size = segments["store"]["size_in_bytes"] / 2**20
        print(f"{segments['segments']['count']} segments, {size:.0f} MiB\n")

    print("elasticsearch\n")
    try:
        engine.clear()
        measure(engine, given, settled)
    finally:
        engine.remove()


def main() -> None:
    given = options()
    with standing([] if given.engine == "sqlite" else [given.engine], given.heap):
        (elasticsearch if given.engine == "elasticsearch" else embedded)(given)


if __name__ == "__main__":
    main()
