"""Candidates: the documents that match, under the viewer's scope, as short rows that Python sorts and counts.

The scope is a condition of the very query: what a viewer may not read is never a row here, so that no count, no facet,
no correction and no suggestion can tell of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from search.engines.base import Scope
from search.engines.embedded.dialect import Expression, among, matching, none_of_containers, rows, source
from search.engines.embedded.numbers import tokens_of
from search.models import Generation

FIRST = 1


class Candidate(NamedTuple):
    """A document that matches."""

    id: int
    fold: int
    profile: int
    at: int
    weight: float


@dataclass(frozen=True)
class Place:
    """Where a search looks: the serving generation, as this viewer may read it."""

    generation: int
    documents: int
    readers: tuple[int, ...]
    closed: tuple[str, ...]
    since: int = 0

    def condition(self) -> tuple[str, list[Any]]:
        """On a document `d`."""
        condition, values = among("d.readers", self.readers)
        parts, given = ["d.generation = %s", condition], [self.generation, *values]
        if self.closed:
            condition, values = none_of_containers(self.closed)
            parts.append(condition)
            given += values
        if self.since:
            parts.append("d.at >= %s")
            given.append(self.since)
        return " AND ".join(parts), given


def place_of(scope: Scope) -> Place:
    """Which sets of readers hold one of the viewer's tokens. Two queries."""
    stand = Generation.objects.filter(pk=FIRST).values_list("serving", "documents").first() or (0, 0)
    sets = rows("SELECT id, tokens FROM search_readers", [])
    readers = tuple(number for number, tokens in sets if not scope.audience.isdisjoint(tokens_of(tokens)))
    return Place(stand[0], stand[1], readers, tuple(sorted(scope.closed)))


def candidates(expression: Expression | None, place: Place, excluded: Sequence[Expression] = ()) -> list[Candidate]:
    """Every document that matches and may be read, in no order. One query."""
    found, condition, values = source(expression)
    scope, given = place.condition()
    for one in excluded:
        inner, more = matching(one)
        scope += f" AND d.id NOT IN ({inner})"
        given += more
    sql = f"SELECT d.id, d.fold, d.profile, d.at, d.weight FROM {found} WHERE {condition} AND {scope}"  # noqa: S608 -- parts of ours
    return [Candidate(*row) for row in rows(sql, [*values, *given])]


def holds(expression: Expression, place: Place) -> bool:
    """Whether anything that this viewer may read matches."""
    found, condition, values = source(expression)
    scope, given = place.condition()
    sql = f"SELECT 1 FROM {found} WHERE {condition} AND {scope} LIMIT 1"  # noqa: S608 -- parts of ours
    return bool(rows(sql, [*values, *given]))


def numbers_of(expression: Expression, generation: int) -> set[int]:
    """Numbers of all that match, whoever may read them: to be met with candidates, never to be shown."""
    inner, values = matching(expression)
    return {row[0] for row in rows(inner, values)}


def documents_with(stems: Iterable[str], generation: int) -> Mapping[str, int]:
    """In about how many documents each of the stems stands."""
    wanted = list(dict.fromkeys(stems))
    if not wanted:
        return {}
    condition, values = among("stem", wanted)
    sql = f"SELECT stem, sum(documents) FROM search_word WHERE generation = %s AND {condition} GROUP BY stem"  # noqa: S608 -- parts of ours
    return {stem: int(count) for stem, count in rows(sql, [generation, *values]) if count > 0}
