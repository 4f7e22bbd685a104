"""What was meant: for a word that this viewer cannot find, the nearest word that they can.

Words of the documents up to two edits away, and those of the thesaurus one edit away, by which documents may be found
that hold another word. The first letter stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from search.core import synonyms
from search.core.asking import Query, put_right, read
from search.core.french import fold, stem, words
from search.core.spelling import LONGER, distance, doubtful, may_be_meant, most_edits
from search.engines.embedded.dialect import Expression, Phrase, begins, rows
from search.engines.embedded.plan import Plan
from search.engines.embedded.retrieving import Place, held, texts_with

LOOKED_AT = 400
MOST_CANDIDATES = 60
READ = 20
"""Documents in which the form of a word is looked up."""


def corrected(query: Query, plan: Plan, place: Place, planned: Callable[[Query], Plan]) -> Query | None:
    """The query with each unknown word replaced by the nearest known one; None where there is nothing to replace.

    A word is known when this viewer can find it: a correction tells of nothing that they may not read.
    """
    groups = {word: group for group in plan.plain for word in group.words if len(group.words) == 1}
    asked = [word for word in doubtful(query.words) if not synonyms.holds(word)]
    found_by = [groups[word].expression() if word in groups else Phrase((stem(word),)) for word in asked]
    known = held(found_by, place) if asked else ()
    near = {word: _nearest(word, place, planned) for word, is_known in zip(asked, known, strict=True) if not is_known}
    better = put_right(query, {word: one for word, one in near.items() if one})
    return better if better.raw != query.raw else None


@dataclass(frozen=True)
class Near:
    """A term of which a form is at a distance; of the thesaurus, the form and what finds it."""

    distance: int
    term: str
    shown: str
    found_by: Expression


def _nearest(word: str, place: Place, planned: Callable[[Query], Plan]) -> str:
    known = [
        Near(far, "", shown, planned(read(shown)).expression(1, loose=True))
        for shown, far in synonyms.near(word).items()
        if fold(shown)[0] == word[0]
    ]
    near = sorted([*known, *_near(word, place.generation)], key=lambda one: (one.distance, one.term, one.shown))
    near = near[:MOST_CANDIDATES]
    there = held([one.found_by for one in near], place) if near else ()
    forms: Counter[tuple[int, str]] = Counter()
    for one, is_there in zip(near, there, strict=True):
        if not is_there or (forms and one.distance > min(forms)[0]):
            continue
        forms.update(_forms(word, one.term, place) if one.term else {(one.distance, one.shown): 1})
    return min(forms, key=lambda one: (one[0], -forms[one], one[1]))[1] if forms else ""


def _forms(word: str, term: str, place: Place) -> Counter[tuple[int, str]]:
    """The forms of a term near the word, as texts that this viewer may read write them: distance, form, how often."""
    found: Counter[tuple[int, str]] = Counter()
    most = most_edits(word)
    for text in texts_with(Phrase((term,)), place, READ):
        for folded, written, of in words(text):
            alike = of == term and folded[0] == word[0] and abs(len(folded) - len(word)) <= LONGER
            if alike and (far := distance(word, folded, most)) <= most:
                found[far, written] += 1
    return found


def _near(word: str, generation: int) -> Iterator[Near]:
    """Terms, whoever reads them, with a form within the edits of the word, whose one half and first letter it has."""
    most = most_edits(word)
    half = max(2, len(word) // 2 - (most - 1))
    nearest: dict[str, int] = {}
    for column, start in (("folded", word[:half]), ("backwards", word[::-1][:half])):
        condition, values = begins(column, start)
        sql = (
            f"SELECT folded, stem FROM search_word WHERE generation = %s AND {condition} "  # noqa: S608 -- parts of ours
            "AND length(folded) BETWEEN %s AND %s AND substr(folded, 1, 1) = %s AND documents > 0 "
            "ORDER BY documents DESC, folded LIMIT %s"
        )
        lengths = len(word) - LONGER, len(word) + LONGER
        for folded, term in rows(sql, [generation, *values, *lengths, word[0], LOOKED_AT]):
            if may_be_meant(folded) and (far := distance(word, folded, most)) <= most:
                nearest[term] = min(far, nearest.get(term, far))
    for term, far in nearest.items():
        yield Near(far, term, "", Phrase((term,)))
