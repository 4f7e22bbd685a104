"""Filters and facets over candidates: folds are counted, each once per value, with the other filters applied."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from search.engines.embedded.dialect import among, rows
from search.engines.embedded.numbers import FACETS
from search.engines.embedded.retrieving import Candidate

MOST_VALUES = 50
_KEPT = 50_000
Values = tuple[tuple[str, ...], ...]
"""The values of a profile, for each of `FACETS`."""
_profiles: dict[int, Values] = {}
"""A profile's number is made of its content: what was read once is right for ever."""


def profiles(numbers: Collection[int]) -> Mapping[int, Values]:
    """What profiles say. One query where one of them was never met."""
    missing = [number for number in numbers if number not in _profiles]
    if missing:
        if len(_profiles) + len(missing) > _KEPT:
            _profiles.clear()
            missing = list(numbers)
        condition, values = among("id", missing)
        for number, text in rows(f"SELECT id, holds FROM search_profile WHERE {condition}", values):  # noqa: S608 -- parts of ours
            _profiles[number] = tuple(tuple(one) for one in json.loads(text))
    return _profiles


class Sieve:
    """Candidates under filters: which pass, and how many folds there are of each value."""

    def __init__(self, candidates: Sequence[Candidate], filters: Mapping[str, Collection[str]]) -> None:
        self._all = candidates
        numbers = {profile for _, _, profile, _, _ in candidates}
        self._values = profiles(numbers)
        wanted = [(place, frozenset(filters[name])) for place, name in enumerate(FACETS) if filters.get(name)]
        self._filtered = [place for place, _ in wanted]
        self._fails = {
            number: [place for place, values in wanted if values.isdisjoint(self._values[number][place])]
            for number in numbers
        }
        self.passing = [one for one in candidates if not self._fails[one[2]]] if wanted else list(candidates)

    def lets_through(self, one: Candidate) -> bool:
        """Whether a document passes; its profile was among the candidates, or it does not."""
        return self._fails.get(one[2]) == []

    def facets(self) -> dict[str, list[tuple[str, int]]]:
        """Of each filter, values with the folds that hold them under the others."""
        found: dict[str, list[tuple[str, int]]] = {}
        free = [place for place in range(len(FACETS)) if place not in self._filtered]
        counted = self._counted(self.passing, free)
        for place in self._filtered:
            under = [one for one in self._all if self._fails[one[2]] in ([], [place])]
            counted[place] = self._counted(under, [place])[place]
        for place, name in enumerate(FACETS):
            ordered = sorted(counted[place].items(), key=lambda one: (-one[1], one[0]))
            if ordered:
                found[name] = ordered[:MOST_VALUES]
        return found

    def _counted(self, candidates: Sequence[Candidate], places: Sequence[int]) -> dict[int, Counter[str]]:
        """Folds per value. A fold mostly has one profile, and is then counted with all others of that profile."""
        known = {fold: profile for _, fold, profile, _, _ in candidates}
        several = {fold for _, fold, profile, _, _ in candidates if known[fold] != profile}
        mixed: dict[int, set[int]] = {}
        for _, fold, profile, _, _ in candidates if several else ():
            if fold in several:
                mixed.setdefault(fold, set()).add(profile)
        alike = Counter([profile for fold, profile in known.items() if fold not in several])
        counted: dict[int, Counter[str]] = {place: Counter() for place in places}
        for place, counter in counted.items():
            for profile, count in alike.items():
                for value in self._values[profile][place]:
                    counter[value] += count
            for profiles_of in mixed.values():
                counter.update({value for profile in profiles_of for value in self._values[profile][place]})
        return counted
