"""What was meant: for a word that nothing holds, the nearest word that this viewer could find.

Words of the documents up to two edits away, and those of the thesaurus one edit away, by which documents may be found
that hold another word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from search.core import synonyms
from search.core.asking import Query, read
from search.core.french import stem
from search.core.spelling import LONGER, MOST_WORDS, distance, doubtful, replaced
from search.engines.embedded.dialect import Expression, Phrase, begins, rows
from search.engines.embedded.plan import Plan
from search.engines.embedded.retrieving import Place, held

LOOKED_AT = 400
MOST_TRIED = 4


@dataclass(frozen=True)
class Near:
    """A known word at a distance."""

    distance: int
    documents: int
    shown: str
    stem: str = ""
    """Empty of a word of the thesaurus."""


def corrected(query: Query, plan: Plan, place: Place, planned: Callable[[Query], Plan]) -> Query | None:
    """The query with each unknown word replaced by the nearest known one; None where there is nothing to replace.

    A word is known when this viewer can find it: a correction tells of nothing that they may not read.
    """
    raw = query.raw
    asked = dict(_parts(plan))
    for word, known in zip(asked, held(list(asked.values()), place) if asked else (), strict=True):
        near = "" if known else _nearest(word, place, planned)
        if near:
            raw = replaced(raw, word, near)
    return read(raw) if raw != query.raw else None


def _parts(plan: Plan) -> list[tuple[str, Expression]]:
    """The words that may be misspelt, the first ones, and what finds each."""
    return [
        (word, group.expression() if len(group.words) == 1 else Phrase((stem(word),)))
        for group in plan.plain
        for word in doubtful(group.words)
        if not synonyms.holds(word)
    ][:MOST_WORDS]


def _nearest(word: str, place: Place, planned: Callable[[Query], Plan]) -> str:
    known = [Near(far, 0, shown) for shown, far in synonyms.near(word, 1).items()]
    near = sorted([*known, *_near(word, place.generation)], key=lambda one: (one.distance, -one.documents, one.shown))
    for one in near[:MOST_TRIED]:
        found_by = Phrase((one.stem,)) if one.stem else planned(read(one.shown)).expression(1, loose=True)
        if any(held([found_by], place)):
            return one.shown
    return ""


def _near(word: str, generation: int) -> Iterator[Near]:
    """Known words within two edits (one for short words) that begin or end as this one does."""
    most = 1 if len(word) < 6 else 2
    half = max(2, len(word) // 2 - (most - 1))
    seen = set()
    for column, start in (("folded", word[:half]), ("backwards", word[::-1][:half])):
        condition, values = begins(column, start)
        sql = (
            f"SELECT folded, shown, stem, documents FROM search_word WHERE generation = %s AND {condition} "  # noqa: S608 -- parts of ours
            "AND length(folded) BETWEEN %s AND %s AND documents > 0 ORDER BY documents DESC, folded LIMIT %s"
        )
        for folded, shown, term, documents in rows(
            sql, [generation, *values, len(word) - LONGER, len(word) + LONGER, LOOKED_AT]
        ):
            if folded not in seen and folded.isalpha() and (far := distance(word, folded, most)) <= most:
                seen.add(folded)
                yield Near(far, documents, shown, term)
