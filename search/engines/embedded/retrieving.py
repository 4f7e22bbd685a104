"""Candidates: the documents that match, under the viewer's scope, as short rows that Python sorts and counts.

The scope is a condition of the very query: what a viewer may not read is never a row here, so that no count, no facet,
no correction and no suggestion can tell of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from search.engines.base import Scope
from search.engines.embedded.dialect import Expression, among, matching, none_of_containers, rows, source
from search.engines.embedded.numbers import tokens_of

FIRST = 1


Candidate = tuple[int, int, int, int, float]
"""A document that matches: its number, fold, profile, moment, weight. A bare tuple: there may be a hundred thousand."""


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
    stand = next(iter(rows("SELECT serving, documents FROM search_generation WHERE id = %s", [FIRST])), (0, 0))
    sets = rows("SELECT id, tokens FROM search_readers", [])
    readers = tuple(number for number, tokens in sets if not scope.audience.isdisjoint(tokens_of(tokens)))
    return Place(stand[0], stand[1], readers, tuple(sorted(scope.closed)))


def candidates(expression: Expression | None, place: Place, excluded: Sequence[Expression] = ()) -> list[Candidate]:
    """Every document that matches and may be read, in no order. One query."""
    return _selected("d.id, d.fold, d.profile, d.at, d.weight", expression, place, excluded)


def alike(place: Place, excluded: Sequence[Expression] = ()) -> list[Candidate]:
    """All that may be read, the documents of one fold and profile as one: how many (for a number), the latest moment.

    Where no word narrows, the database has a hundred thousand rows to give and a few thousand to tell. One query.
    """
    return _selected("count(*), d.fold, d.profile, max(d.at), 0.0", None, place, excluded, "GROUP BY d.fold, d.profile")


def at_moments(moments: Collection[int], place: Place, excluded: Sequence[Expression] = ()) -> list[Candidate]:
    """Documents of these very moments that may be read. One query."""
    condition, values = among("d.at", moments)
    return _selected("d.id, d.fold, d.profile, d.at, d.weight", None, place, excluded, f"AND {condition}", values)


def _selected(
    columns: str,
    expression: Expression | None,
    place: Place,
    excluded: Sequence[Expression],
    ending: str = "",
    given: Sequence[Any] = (),
) -> list[Candidate]:
    found, condition, values = source(expression)
    scope, more = place.condition()
    values = [*values, *more]
    for one in excluded:
        inner, more = matching(one)
        scope += f" AND d.id NOT IN ({inner})"
        values += more
    sql = f"SELECT {columns} FROM {found} WHERE {condition} AND {scope} {ending}"  # noqa: S608 -- parts of ours
    return cast(list[Candidate], rows(sql, [*values, *given]))


def held(expressions: Sequence[Expression], place: Place) -> Sequence[bool]:
    """Of each, whether anything that this viewer may read matches. One query."""
    scope, given = place.condition()
    parts, all_given = [], []
    for one in expressions:
        found, condition, values = source(one)
        parts.append(f"EXISTS (SELECT 1 FROM {found} WHERE {condition} AND {scope})")  # noqa: S608 -- parts of ours
        all_given += [*values, *given]
    return [bool(one) for one in rows(f"SELECT {', '.join(parts)}", all_given)[0]]


def texts_with(expression: Expression, place: Place, most: int) -> list[str]:
    """What is read in some of the documents that match and that this viewer may read. One query."""
    found, condition, values = source(expression)
    scope, given = place.condition()
    sql = (
        f"SELECT b.shown FROM {found} JOIN search_body b ON b.document_id = d.id "  # noqa: S608 -- parts of ours
        f"WHERE {condition} AND {scope} LIMIT {most}"
    )
    shown = [json.loads(text) for (text,) in rows(sql, [*values, *given])]
    return ["\n".join(one[name] for name in ("title", "about", "text", "people", "place", "tags")) for one in shown]


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
