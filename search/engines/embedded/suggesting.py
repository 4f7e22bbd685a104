"""Titles for what is being typed: those that begin so, then those that hold the words, the last one unfinished."""

from __future__ import annotations

from typing import Any

from search.core.french import folded_words
from search.engines.base import Scope, Suggestion
from search.engines.embedded.dialect import Row, begins, is_postgresql, rows
from search.engines.embedded.retrieving import Place, place_of
from search.engines.embedded.searching import shown_of

SHORTEST = 2
LOOKED_AT = 100
"""Titles of each sort that are looked at: whoever types on, narrows."""
MOST_WORDS = 8
_NAMED = "search_name n CROSS JOIN search_document d"
"""Names first: what was typed says more than the scope."""
_COLUMNS = "d.id, d.fold, d.weight, d.at, n.words"


def suggest(typed: str, scope: Scope, limit: int = 8) -> list[Suggestion]:
    """Titles under the scope; see `Engine.suggest`. Five queries."""
    words = folded_words(typed[:200])[:MOST_WORDS]
    place = place_of(scope)
    start = " ".join(words)
    if len(start) < SHORTEST or not place.readers or limit < 1:
        return []
    found = {row[0]: row for row in [*_beginning(start, place), *_holding(words, place)]}
    ordered = sorted(found.values(), key=lambda row: (not row[4].startswith(start), -row[2], -row[3], row[1]))
    return _shown([row[0] for row in ordered[:limit]])


def _beginning(start: str, place: Place) -> list[Row]:
    column = "left(n.words, 200)" if is_postgresql() else "n.words"
    condition, values = begins(column, start)
    return _some(_NAMED, condition, values, place)


def _holding(words: list[str], place: Place) -> list[Row]:
    if is_postgresql():
        written = " & ".join([*words[:-1], f"{words[-1]}:*"])
        return _some(_NAMED, "n.terms @@ %s::tsquery", [written], place)
    written = " AND ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}" *'])
    found = "search_titles t CROSS JOIN search_name n ON n.document_id = t.rowid CROSS JOIN search_document d"
    return _some(found, "search_titles MATCH %s", [written], place)


def _some(found: str, condition: str, values: list[Any], place: Place) -> list[Row]:
    scope, given = place.condition()
    sql = f"SELECT {_COLUMNS} FROM {found} WHERE d.id = n.document_id AND {condition} AND {scope} LIMIT {LOOKED_AT}"  # noqa: S608 -- parts of ours
    return rows(sql, [*values, *given])


def _shown(ids: list[int]) -> list[Suggestion]:
    return [Suggestion(one["key"], one["kind"], one["title"], one["url"]) for one in shown_of(ids) if one]
