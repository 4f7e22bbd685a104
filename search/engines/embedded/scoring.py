"""How well a document answers: BM25 over weighted fields, words together, the whole title, weight, freshness.

Pure: terms in, a number out; the same on both databases.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from search.engines.embedded import weights
from search.engines.embedded.plan import Group, Plan
from search.engines.embedded.terms import BARRIER, FIELDS

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


@dataclass(frozen=True)
class Ranking:
    """What a score needs to know of the query and of the day."""

    plan: Plan
    rarities: Sequence[float]
    now: int

    def score(self, stems: str, at: int, weight: float) -> float:
        fields = [f" {field} " for field in stems.split(BARRIER, len(FIELDS))[: len(FIELDS)]]
        total = sum(self.rarities) or 1.0
        words = covered = in_title = 0.0
        for group, worth in zip(self.plan.groups, self.rarities, strict=True):
            found = max(_frequency(fields, terms) * share for terms, share in group.alternatives)
            if found:
                words += worth * found * (1 + weights.SATURATION) / (found + weights.SATURATION)
                covered += worth
                in_title += worth * any(f" {' '.join(terms)} " in fields[0] for terms, _ in group.alternatives)
        for one, two, together in self.plan.pairs:
            text = f" {' '.join(together)} "
            both = self.rarities[one] + self.rarities[two]
            words += both * max((share for place, share in _TOGETHER if text in fields[place]), default=0.0)
        score = words * (1 - weights.COVERED + weights.COVERED * covered / total)
        score *= 1 + weights.WHOLE_TITLE * in_title / total
        score *= weight**weights.WEIGHT_POWER * freshness(at, self.now)
        if self.plan.title and fields[0].split() == list(self.plan.title):
            score += weights.EXACT_TITLE
        return score


def freshness(at: int, now: int) -> float:
    age = max(0, now - at) / _DAY
    return 1 + weights.FRESH * 0.5 ** (age / weights.HALF_LIFE_DAYS)


def _frequency(fields: Sequence[str], terms: Sequence[str]) -> float:
    """How often the terms stand there, each place by its weight, diluted by the length of its field."""
    wanted = f" {' '.join(terms)} "
    found = 0.0
    for place, weight, dilution, average in _WEIGHED:
        count = fields[place].count(wanted)
        if count:
            length = 1 - dilution + dilution * (fields[place].count(" ") - 1) / average if dilution else 1.0
            found += weight * count / length
    return found
