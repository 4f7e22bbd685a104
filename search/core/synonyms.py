"""Words of the field that mean the same, or lead further: lines of `data/synonyms.txt`, looked up when one asks.

`a, b` is a set: each stands for the other. `a > b, c` leads one way: who asks for `a` may be helped by `b`, which
counts for less; `a, b >` leads from each to the others. Documents are not changed by them: a new line is in force with
the next query, whatever the engine. Whoever keeps more sets elsewhere says so by `added`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from search.core.french import fold, folded_words, stems, words
from search.core.spelling import distance, may_be_meant

FILE = Path(__file__).parent.parent / "data" / "synonyms.txt"
LEADS = ">"
FROM_END = "~"
LONGEST = 12
"""Stems of an entry that is found: no expression is longer."""
Found = TypeVar("Found")
Phrase = tuple[str, ...]
"""Stems in order."""
Sets = Mapping[Phrase, tuple[Phrase, ...]]
"""For each entry, the others of its sets."""

added: Callable[[], Sequence[str]] = tuple
"""Lines beside those of the file, as they are now."""
_instead: ContextVar[tuple[str, ...] | None] = ContextVar("synonyms", default=None)


@contextmanager
def with_added(lines: Sequence[str]) -> Iterator[None]:
    """Ask as if these were the lines beside the file: for a preview."""
    token = _instead.set(tuple(lines))
    try:
        yield
    finally:
        _instead.reset(token)


def more() -> tuple[str, ...]:
    """The lines beside those of the file."""
    instead = _instead.get()
    return tuple(added()) if instead is None else instead


def lines() -> list[str]:
    """The lines as they are written, without remarks. Read once."""
    written = (line.partition("#")[0].strip() for line in _text().splitlines())
    return [line for line in written if line]


@lru_cache(maxsize=1)
def _text() -> str:
    return FILE.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _stems() -> frozenset[str]:
    return frozenset(term for line in lines() for term in stems(line))


def holds(word: str) -> bool:
    """Whether a set holds the word, in whatever form: then it is spelled right, whatever the documents say."""
    asked = stems(word)
    return bool(_stems().intersection(asked)) or any(set(stems(line)).intersection(asked) for line in more())


@lru_cache(maxsize=1)
def _written() -> dict[str, str]:
    """The words of the file, folded → as they are written."""
    said = (word for line in lines() for word in words(line))
    return {folded: written for folded, written, _ in said if may_be_meant(folded)}


def near(word: str) -> dict[str, int]:
    """Words of the file a letter away at most, that begin or end as this one does, and how far each is.

    The file mostly says one of a thing: a plural is near the plural.
    """
    found = _near(word)
    if word.endswith("s"):
        found |= {f"{one}s": far for one, far in _near(word[:-1]).items() if not one.endswith(("s", "x"))}
    return found


def _near(word: str) -> dict[str, int]:
    half = max(2, len(word) // 2)
    alike = {*_by_edge().get(word[:half], ()), *_by_edge().get(f"{FROM_END}{word[-half:]}", ())}
    far = {_written()[one]: distance(word, one, 1) for one in alike if abs(len(one) - len(word)) <= 1}
    return {one: edits for one, edits in far.items() if edits <= 1}


@lru_cache(maxsize=1)
def _by_edge() -> dict[str, list[str]]:
    """The words of the file by how they begin and, behind a mark, by how they end."""
    found: dict[str, list[str]] = {}
    for folded in _written():
        for length in range(2, len(folded) + 1):
            found.setdefault(folded[:length], []).append(folded)
            found.setdefault(f"{FROM_END}{folded[-length:]}", []).append(folded)
    return found


def parsed(lines: Iterable[str]) -> dict[Phrase, tuple[Phrase, ...]]:
    """Sets of lines, comma separated; what stands behind `#` is a remark."""
    found: dict[Phrase, dict[Phrase, None]] = {}
    for line in lines:
        entries = [] if LEADS in line else _entries(line)
        for entry in entries:
            found.setdefault(entry, {}).update({other: None for other in entries if other != entry})
    return {entry: tuple(others) for entry, others in found.items() if others}


def led(lines: Iterable[str]) -> dict[Phrase, tuple[Phrase, ...]]:
    """Where the lines `a, b > c, d` lead from each expression on the left; `a, b >` from each to the others."""
    found: dict[Phrase, dict[Phrase, None]] = {}
    for line in lines:
        left, mark, right = line.partition("#")[0].partition(LEADS)
        to = _entries(right) or _entries(left)
        for entry in _entries(left) if mark else ():
            found.setdefault(entry, {}).update({other: None for other in to if other != entry})
    return {entry: tuple(others) for entry, others in found.items() if others}


def _entries(text: str) -> list[Phrase]:
    entries = [tuple(stems(entry)) for entry in text.partition("#")[0].split(",")]
    return list(dict.fromkeys(entry for entry in entries if entry))


def sets() -> Sets:
    """Those of the file and those beside it."""
    return _sets(more())


@lru_cache(maxsize=8)
def _sets(others: tuple[str, ...]) -> Sets:
    return parsed([*lines(), *others])


@lru_cache(maxsize=1)
def leads() -> Sets:
    """Where the file leads, read once."""
    return led(lines())


Texts = Mapping[Phrase, Mapping[str, tuple[str, ...]]]
"""For each entry, by its folded text, the others as they are written: two short words may have one stem."""


def texts(*, leading: bool) -> Texts:
    """Of the sets, those beside the file too; or of what leads further."""
    return _texts((), leading=True) if leading else _texts(more(), leading=False)


@lru_cache(maxsize=8)
def _texts(others: tuple[str, ...], *, leading: bool) -> Texts:
    known: dict[Phrase, dict[str, dict[str, None]]] = {}
    for line in [*lines(), *others]:
        if leading != (LEADS in line):
            continue
        left, _, right = line.partition(LEADS)
        entries = [entry.strip() for entry in left.split(",")]
        for entry in entries:
            reached = [other.strip() for other in right.split(",")] if right.strip() else entries
            found = known.setdefault(tuple(stems(entry)), {}).setdefault(" ".join(folded_words(entry)), {})
            found.update({other: None for other in reached if other != entry})
    return {entry: {text: tuple(found) for text, found in ways.items()} for entry, ways in known.items()}


def standing_for(text: str, ways: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What stands for a typed text: of the entries of its stems the one that is written so, else each."""
    typed = " ".join(folded_words(text))
    others = ways.get(typed) or dict.fromkeys(other for found in ways.values() for other in found)
    return tuple(other for other in others if fold(other).rstrip("sx") != typed.rstrip("sx"))


def spans(asked: Sequence[str], known: Mapping[Phrase, Found]) -> list[tuple[int, int, Found]]:
    """Stretches of a sequence of stems that have synonyms: from, to, the synonyms; the longest at each place."""
    found = []
    for begin in range(len(asked)):
        for end in range(min(len(asked), begin + LONGEST), begin, -1):
            others = known.get(tuple(asked[begin:end]))
            if others:
                found.append((begin, end, others))
                break
    return found
