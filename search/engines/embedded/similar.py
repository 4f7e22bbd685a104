"""Documents near a text: those that share its rarest words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.utils import timezone

from search.core.french import Wanted, is_stop_word, words
from search.engines.base import Hit, Scope
from search.engines.embedded.counting import profiles
from search.engines.embedded.dialect import Phrase, one_of
from search.engines.embedded.numbers import FACETS, fold_of, microseconds
from search.engines.embedded.plan import Group, Plan
from search.engines.embedded.retrieving import Candidate, candidates, documents_with, place_of
from search.engines.embedded.scoring import Ranking, rarities, rarity
from search.engines.embedded.searching import best_first, best_of_folds, hit_of, shown_of

MOST_TERMS = 16
MOST_DOCUMENTS = 600
"""Documents that the chosen terms may find together: a term that stands everywhere says nothing of nearness."""
LOOKED_AT = 4000
"""Characters of the text."""
NATURES = frozenset({"topic", "practice", "article"})
IN_TITLE = 3
"""How much more a word of the title tells than one of the text."""


def similar(title: str, text: str, scope: Scope, *, without: str = "", limit: int = 5) -> list[Hit]:
    """Discussions, practices and articles near a text, under the scope; see `Engine.similar`. Six queries."""
    place = place_of(scope)
    counted = Counter({term: count * IN_TITLE for term, count in _counted(title).items()})
    counted.update(_counted(text[:LOOKED_AT]))
    known = documents_with(counted, place.generation)
    chosen = _telling(counted, known, place.documents)
    if not chosen or not place.readers or limit < 1:
        return []
    left_out = fold_of(without) if without else None
    found = [one for one in candidates(one_of(Phrase((term,)) for term in chosen), place) if one[1] != left_out]
    of = profiles({one[2] for one in found})
    nature = FACETS.index("kind")
    near = [one for one in found if NATURES.intersection(of[one[2]][nature])]
    plan = Plan(tuple(Group((((term,), 1.0),)) for term in chosen))
    ranking = Ranking(plan, rarities(plan.plain, known, place.documents), microseconds(timezone.now()))
    best = best_of_folds(sorted(near, key=_latest)[:MOST_DOCUMENTS], ranking)
    page = sorted(best.values(), key=best_first)[:limit]
    shown = shown_of([one[0] for one, _ in page])
    return [hit_of(one, score, line, Wanted()) for (one, score), line in zip(page, shown, strict=True) if line]


def _latest(one: Candidate) -> tuple[int, int]:
    return (-one[3], one[1])


def _counted(text: str) -> Counter[str]:
    return Counter(stem for folded, _, stem in words(text) if len(stem) > 2 and not is_stop_word(folded))


def _telling(counted: Counter[str], known: Mapping[str, int], of: int) -> Sequence[str]:
    """The terms that tell most, by how often they are said and how rare they are, as long as they find few enough."""
    ordered = sorted(
        (term for term in counted if term in known),
        key=lambda term: (-rarity(known[term], of) * min(counted[term], 6), term),
    )
    chosen: list[str] = []
    documents = 0
    for term in ordered[: 3 * MOST_TERMS]:
        if documents + known[term] <= MOST_DOCUMENTS or (not chosen and of < 10 * MOST_DOCUMENTS):
            chosen.append(term)
            documents += known[term]
        if len(chosen) == MOST_TERMS:
            break
    return chosen
