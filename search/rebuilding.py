"""The whole index made anew beside the old one; comparing index and database, and mending what differs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from search import indexing
from search.core.matter import Matter
from search.engines.base import Engine
from search.sources import SOURCES
from search.verifying import BATCH, Ledger, listed, verify

Progress = Callable[[int, int, str], None]


def batches(after: str = "", *, rate: int = 0, ledger: Ledger | None = None) -> Iterator[tuple[list[Matter], int]]:
    """Documents of every source in a fixed order, from after this key on, with the version of their reading.

    `rate` bounds the documents a second, to leave the database to its readers; `ledger` keeps what was read.
    """
    begun, from_pk = after.partition(":")[0], int(after.partition(":")[2] or 0)
    names = list(SOURCES)
    ledger = ledger or Ledger()
    for name in names[names.index(begun) :] if begun in SOURCES else names:
        pk = from_pk if name == begun else 0
        if pk:
            ledger.note(name, pk, None)
        while True:
            started, version = time.monotonic(), indexing.version_now()
            ids = SOURCES[name].ids(pk, BATCH)
            if not ids:
                break
            matters = sorted(SOURCES[name].build(ids), key=lambda one: one.number)
            pk = ids[-1]
            ledger.note(name, pk, matters)
            yield matters, version
            if rate:
                time.sleep(max(0.0, len(ids) / rate - (time.monotonic() - started)))


def total() -> int:
    """How many documents there are. One SQL query for each source."""
    return sum(source.rows().count() for source in SOURCES.values())


def rebuild(engine: Engine, *, progress: Progress | None = None, rate: int = 0, anew: bool = False) -> int:
    """Make the index anew beside the one that serves, and let it take its place; returns the documents written.

    An interrupted one goes on where it stopped, unless `anew`. Raises `EngineAway`, and `verifying.Differs` where the
    new one does not hold what the database says: what serves then goes on serving.
    """
    count, written, ledger = total(), 0, Ledger()
    tell = progress or (lambda done, count, what: None)
    after = "" if anew else engine.resume_after()
    for part in engine.rebuild(batches(after, rate=rate, ledger=ledger), resume=bool(after)):
        written += part
        tell(written, max(count, written), "Documents")
    verify(engine, ledger, tell=lambda what: tell(written, max(count, written), what))
    engine.swap()
    return written


@dataclass
class Difference:
    """What index and database do not agree on."""

    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return [*self.missing, *self.stale, *self.left_over]


def compare(engine: Engine) -> Difference:
    """Every document built again and compared with the digest that the index holds; reads only."""
    held = dict(listed(engine))
    found = Difference()
    for matters, _ in batches():
        for matter in matters:
            digest = held.pop(matter.key, None)
            if digest is None:
                found.missing.append(matter.key)
            elif digest != matter.digest:
                found.stale.append(matter.key)
    found.left_over = list(held)
    return found


def repair(found: Difference) -> int:
    """Write what differs again; returns how many documents."""
    return indexing.renew(found.keys, refresh=True)


def sample(keys: Sequence[str], count: int = 5) -> str:
    return ", ".join(keys[:count]) + (" …" if len(keys) > count else "")
