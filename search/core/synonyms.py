"""Words of the field that mean the same: sets in `data/synonyms.txt`, looked up when something is asked.

Documents are not changed by them: a new set is in force with the next query. Whoever keeps more sets elsewhere says so
by `added`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from search.core.french import fold, folded_words, stems

FILE = Path(__file__).parent.parent / "data" / "synonyms.txt"
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
    """The sets as they are written, without remarks. Read once."""
    written = (line.partition("#")[0].strip() for line in _text().splitlines())
    return [line for line in written if "," in line]


@lru_cache(maxsize=1)
def _text() -> str:
    return FILE.read_text(encoding="utf-8")


def rules() -> list[str]:
    """The sets as an analysis of Elasticsearch takes them: expressions folded, between commas."""
    return [", ".join(" ".join(fold(entry).split()) for entry in line.split(",")) for line in lines()]


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    return frozenset(word for line in lines() for word in folded_words(line))


def holds(word: str) -> bool:
    """Whether a set holds the word: then it is spelled right, whatever the documents say."""
    asked = folded_words(word)
    return bool(_words().intersection(asked)) or any(set(folded_words(line)).intersection(asked) for line in more())


def parsed(lines: Iterable[str]) -> dict[Phrase, tuple[Phrase, ...]]:
    """Sets of lines, comma separated; what stands behind `#` is a remark."""
    found: dict[Phrase, dict[Phrase, None]] = {}
    for line in lines:
        entries = [tuple(stems(entry)) for entry in line.partition("#")[0].split(",")]
        entries = list(dict.fromkeys(entry for entry in entries if entry))
        for entry in entries:
            found.setdefault(entry, {}).update({other: None for other in entries if other != entry})
    return {entry: tuple(others) for entry, others in found.items() if others}


def sets() -> Sets:
    """Those of the file and those beside it."""
    return _sets(more())


@lru_cache(maxsize=8)
def _sets(others: tuple[str, ...]) -> Sets:
    return parsed([*lines(), *others])


def wordings(text: str, most: int = 6) -> list[tuple[str, str]]:
    """By each set beside the file: what is asked without a stretch of it, and what stands for that."""
    others = more()
    if not others:
        return []
    words = text.split()
    flat = [(stem, place) for place, word in enumerate(words) for stem in stems(word)]
    written = {tuple(stems(one)): one.strip() for line in others for one in line.split(",")}
    found = []
    for begin, end, phrases in spans([stem for stem, _ in flat], parsed(others)):
        first, last = flat[begin][1], flat[end - 1][1]
        rest = " ".join([*words[:first], *words[last + 1 :]])
        found += [(rest, written[phrase]) for phrase in phrases]
    return found[:most]


def spans(asked: Sequence[str], known: Sets) -> list[tuple[int, int, tuple[Phrase, ...]]]:
    """Stretches of a sequence of stems that have synonyms: from, to, the synonyms; the longest at each place."""
    longest = max((len(entry) for entry in known), default=0)
    found = []
    for begin in range(len(asked)):
        for end in range(min(len(asked), begin + longest), begin, -1):
            others = known.get(tuple(asked[begin:end]))
            if others:
                found.append((begin, end, others))
                break
    return found
