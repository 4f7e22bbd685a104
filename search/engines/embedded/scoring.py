"""How well a document answers: BM25 over weighted fields, words together, the whole title, weight, freshness.

Pure: terms in, a number out; the same on both databases.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from search.engines.embedded import weights
from search.engines.embedded.plan import Group, Plan
from search.engines.embedded.terms import BARRIER, FIELDS, IN_ABOUT

_DAY = 86_400_000_000
_WEIGHED = [(place, weights.FIELDS[name], *weights.LENGTH.get(name, (0.0, 1))) for place, name in enumerate(FIELDS)]
_TOGETHER = [(FIELDS.index(name), share) for name, share in weights.TOGETHER.items()]


def rarity(documents: int, of: int) -> float:
    """What a term that stands in so many documents tells (idf of BM25, never negative)."""
    return math.log(1 + (max(of, documents) - documents + 0.5) / (documents + 0.5))


def rarities(groups: Sequence[Group], known: Mapping[str, int], of: int) -> list[float]:
    """Of each group, what its typed word tells; of a phrase, its rarest term. An unknown word is worth a rare one."""
    found = []
    for group in groups:
        own = [rarity(known[term], of) for term in group.first if term in known]
        other = [rarity(known[t], of) for terms, _ in group.alternatives[1:] for t in terms if t in known]
        found.append(max(own) if own else max(other, default=rarity(1, of)))
    return found


class Ranking:
    """Scores documents for one query on one day. What can be said once of the query is."""

    def __init__(self, plan: Plan, rarities: Sequence[float], now: int) -> None:
        self._title = f" {' '.join(plan.title)} "
        self._now = now
        self._total = sum(rarities) or 1.0
        self._groups = [
            (
                worth,
                [(f" {' '.join(terms)} ", share) for terms, share in group.alternatives],
                [(f" {' '.join(terms)} ", share) for terms, share in group.further],
            )
            for group, worth in zip(plan.groups, rarities, strict=True)
        ]
        self._pairs = [(f" {' '.join(terms)} ", rarities[one] + rarities[two]) for one, two, terms in plan.pairs]

    def score(self, stems: str, at: int, weight: float) -> float:
        """What a document of these terms is worth."""
        stems = stems.replace(f" {IN_ABOUT}", " ")  # what ranks, whether or not it finds
        whole = f" {stems} "
        fields = [f" {field} " for field in stems.split(BARRIER, len(FIELDS))]
        words = covered = in_title = 0.0
        for worth, alternatives, further in self._groups:
            often = [_frequency(fields, wanted) * share for wanted, share in alternatives if wanted in whole]
            held = bool(often)
            often += [_frequency(fields, wanted) * share for wanted, share in further if wanted in whole]
            if often:
                best = max(often)
                found = best + weights.ALSO * (sum(often) - best)
                words += worth * found * (1 + weights.SATURATION) / (found + weights.SATURATION)
                covered += worth if held else worth * weights.RELATED
                in_title += worth * any(wanted in fields[0] for wanted, _ in alternatives)
        for wanted, worth in self._pairs:
            if wanted in whole:
                words += worth * max((share for place, share in _TOGETHER if wanted in fields[place]), default=0.0)
        score = words * (1 - weights.COVERED + weights.COVERED * covered / self._total)
        score *= 1 + weights.WHOLE_TITLE * in_title / self._total
        score *= weight**weights.WEIGHT_POWER * freshness(at, self._now)
        return score + weights.EXACT_TITLE if fields[0] == self._title and self._title.strip() else score


def freshness(at: int, now: int) -> float:
    """From 1 + `weights.FRESH` of today down to 1."""
    age = max(0, now - at) / _DAY
    return 1 + weights.FRESH * 0.5 ** (age / weights.HALF_LIFE_DAYS)


def _frequency(fields: Sequence[str], wanted: str) -> float:
    """How often terms (between spaces) stand there, each place by its weight, diluted by the length of its field."""
    found = 0.0
    for place, weight, dilution, average in _WEIGHED:
        count = fields[place].count(wanted)
        if count:
            length = 1 - dilution + dilution * (fields[place].count(" ") - 1) / average if dilution else 1.0
            found += weight * count / length
    return found
