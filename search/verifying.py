"""Whether a new index holds what the database says, before it takes the place of the former.

While it is made, the documents of each batch are counted and summed; afterwards the same is done with what the new
index lists. Batches that agree need no second reading of the database; the others are read again, document by
document, since what changed meanwhile was written to the new index by its own fact.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from search import indexing, sources
from search.core.matter import Matter
from search.engines.base import Engine
from search.sources import SOURCES

BATCH = 1000
_MODULUS = 1 << 64
Lost = Mapping[str, tuple[str, str]]
"""Of keys, the digest that the database gives and that which the index holds; empty where there is no document."""


class Differs(Exception):
    """The new index does not say what the database says, and indexing the difference again did not mend it."""

    def __init__(self, kinds: Mapping[str, tuple[int, int, list[str]]], refused: Sequence[str] = ()) -> None:
        super().__init__(", ".join(kinds))
        self.kinds = kinds
        """For each kind: documents of the database, of the index, and the keys that differ."""
        self.refused = tuple(refused)
        """What the engine said of documents that it did not take."""


@dataclass
class Sum:
    """A count and a checksum of documents, whatever their order."""

    count: int = 0
    total: int = 0

    def add(self, key: str, digest: str) -> None:
        one = hashlib.blake2b(f"{key}\0{digest}".encode(), digest_size=8).digest()
        self.count += 1
        self.total = (self.total + int.from_bytes(one)) % _MODULUS


@dataclass
class Ledger:
    """What was read of each kind, batch by batch: primary keys up to `ends[kind][n]` have the sum `sums[kind][n]`.

    A batch without a sum was read by another process (a rebuild that goes on): it is read again. So is whatever stands
    behind the last one, which is new.
    """

    ends: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in SOURCES})
    sums: dict[str, list[Sum | None]] = field(default_factory=lambda: {name: [] for name in SOURCES})

    def note(self, kind: str, end: int, matters: Iterable[Matter] | None) -> None:
        """A batch of a kind that ends with this primary key; without matters, one that is not known."""
        made = None if matters is None else Sum()
        for matter in matters or ():
            made.add(matter.key, matter.digest)  # type: ignore[union-attr]  # there are matters
        self.ends[kind].append(end)
        self.sums[kind].append(made)

    def place(self, key: str) -> tuple[str, int]:
        """The batch in which a key stands, were there a document of it."""
        kind, _, number = key.partition(":")
        return kind, bisect_left(self.ends.get(kind, []), int(number) if number.isdecimal() else 0)

    def doubtful(self, held: Iterable[tuple[str, str]]) -> tuple[set[tuple[str, int]], dict[str, int]]:
        """Batches that an index with these keys and digests does not agree on; how many it holds of each kind."""
        found: dict[tuple[str, int], Sum] = {}
        for key, digest in held:
            found.setdefault(self.place(key), Sum()).add(key, digest)
        known = {(kind, number): one for kind, sums in self.sums.items() for number, one in enumerate(sums)}
        counted = dict.fromkeys(SOURCES, 0)
        for (kind, _), one in found.items():
            counted[kind] = counted.get(kind, 0) + one.count
        return {place for place in {*known, *found} if known.get(place) != found.get(place, Sum())}, counted

    def behind(self) -> set[tuple[str, int]]:
        """Of each kind, what came behind the last batch."""
        return {(kind, len(ends)) for kind, ends in self.ends.items()}

    def read(self, place: tuple[str, int]) -> Iterator[Matter]:
        """The documents of a batch as the rows are now."""
        kind, number = place
        if kind not in SOURCES:
            return
        ends = self.ends[kind]
        after = ends[number - 1] if number else 0
        last = ends[number] if number < len(ends) else None
        while ids := SOURCES[kind].ids(after, BATCH):
            wanted = [pk for pk in ids if last is None or pk <= last]
            if wanted:
                yield from SOURCES[kind].build(wanted)
            if len(wanted) < BATCH:
                return
            after = ids[-1]


def listed(engine: Engine, *, beside: bool = False) -> Iterator[tuple[str, str]]:
    """Keys and digests of all that the serving index holds, or that which is being made beside it."""
    after = ""
    while True:
        part = engine.listing(after, BATCH, beside=beside)
        yield from part
        if len(part) < BATCH:
            return
        after = part[-1][0]


def verify(engine: Engine, ledger: Ledger, *, tell: Callable[[str], None] = lambda what: None) -> dict[str, int]:
    """The documents of each kind in the new index, once it agrees with the database in count and checksum.

    What differs is written again, once. Raises `Differs` for what then still differs and did not change meanwhile:
    what did change has a fact of its own, which writes it to whichever index serves then.
    """
    tell("Vérification")
    first, counted = _differing(engine, ledger)
    if not first:
        return counted
    tell("Réparation")
    refused = _write(engine, list(first))
    left, counted = _still(engine, first)
    if left:
        raise Differs(_by_kind(left, counted), refused)
    return counted


def _differing(engine: Engine, ledger: Ledger) -> tuple[Lost, dict[str, int]]:
    """What the new index has otherwise than the database, and how many documents of each kind it holds."""
    places, counted = ledger.doubtful(listed(engine, beside=True))
    held: dict[str, str] = {}
    if places:
        held = {key: digest for key, digest in listed(engine, beside=True) if ledger.place(key) in places}
    lost = {}
    for place in sorted(places | ledger.behind()):
        for matter in ledger.read(place):
            digest = held.pop(matter.key, "")
            if digest != matter.digest:
                lost[matter.key] = matter.digest, digest
    return {**lost, **{key: ("", digest) for key, digest in held.items()}}, counted


def _write(engine: Engine, keys: Sequence[str]) -> tuple[str, ...]:
    """Documents of these keys as they are now, to this engine alone; what it refuses."""
    refused: list[str] = []
    for part in indexing.batched_keys(keys):
        matters, gone, version = indexing.read_now(part)
        for written in (engine.bulk(matters, version), engine.delete(gone, version)):
            refused += written.failed
    return tuple(refused)


def _still(engine: Engine, first: Lost) -> tuple[Lost, dict[str, int]]:
    """Of what differed, that which the index still has otherwise than a database that has not changed since."""
    held: dict[str, str] = {}
    counted = dict.fromkeys(SOURCES, 0)
    for key, digest in listed(engine, beside=True):
        kind = key.partition(":")[0]
        counted[kind] = counted.get(kind, 0) + 1
        if key in first:
            held[key] = digest
    now: dict[str, str] = {}
    for part in indexing.batched_keys(first):
        now.update((one.key, one.digest) for one in sources.build(part))
    left = {}
    for key, (before, _) in first.items():
        pair = now.get(key, ""), held.get(key, "")
        if pair[0] == before != pair[1]:
            left[key] = pair
    return left, counted


def _by_kind(left: Lost, counted: Mapping[str, int]) -> dict[str, tuple[int, int, list[str]]]:
    kinds: dict[str, list[str]] = {}
    for key in sorted(left):
        kinds.setdefault(key.partition(":")[0], []).append(key)
    return {
        kind: (SOURCES[kind].rows().count() if kind in SOURCES else 0, counted.get(kind, 0), keys)
        for kind, keys in kinds.items()
    }
