"""What the two databases say differently: a full-text condition, a list of numbers, a prefix."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Phrase:
    """Terms that stand one behind the other; of one term, that term."""

    terms: tuple[str, ...]


@dataclass(frozen=True)
class Both:
    """All (`and`) or one of (`or`) several conditions."""

    how: Literal["and", "or"]
    parts: tuple[Expression, ...]


Expression = Phrase | Both
"""A condition on the terms of a document. Terms are ASCII letters and digits: there is nothing to escape."""


def all_of(parts: Iterable[Expression]) -> Expression:
    return _several("and", tuple(dict.fromkeys(parts)))


def one_of(parts: Iterable[Expression]) -> Expression:
    return _several("or", tuple(dict.fromkeys(parts)))


def _several(how: Literal["and", "or"], parts: tuple[Expression, ...]) -> Expression:
    return parts[0] if len(parts) == 1 else Both(how, parts)


def some_of(parts: Sequence[Expression], least: int) -> Expression:
    """At least so many of the parts, written out: few parts, or it grows."""
    if least <= 1:
        return one_of(parts)
    if least >= len(parts):
        return all_of(parts)
    with_first = all_of([parts[0], some_of(parts[1:], least - 1)])
    return one_of([with_first, some_of(parts[1:], least)])


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def written(expression: Expression) -> str:
    """As this database reads it."""
    if isinstance(expression, Phrase):
        if is_postgresql():
            return f"({' <-> '.join(expression.terms)})"
        return f'"{" ".join(expression.terms)}"'
    signs = {"and": " & ", "or": " | "} if is_postgresql() else {"and": " AND ", "or": " OR "}
    return f"({signs[expression.how].join(written(part) for part in expression.parts)})"


def matching(expression: Expression) -> tuple[str, list[Any]]:
    """A subquery: the numbers of the documents that meet the expression, of any generation and for anybody."""
    if is_postgresql():
        return "SELECT id FROM search_document WHERE terms @@ %s::tsquery", [written(expression)]
    return "SELECT rowid FROM search_fulltext WHERE stems MATCH %s", [written(expression)]


def source(expression: Expression | None) -> tuple[str, str, list[Any]]:
    """Documents `d` that meet the expression: what stands behind FROM, a condition, its values."""
    if expression is None:
        return "search_document d", "NOT d.gone", []
    if is_postgresql():
        return "search_document d", "d.terms @@ %s::tsquery", [written(expression)]
    joined = "search_fulltext f CROSS JOIN search_document d ON d.id = f.rowid"
    return joined, "f.stems MATCH %s", [written(expression)]


def among(column: str, values: Collection[Any]) -> tuple[str, list[Any]]:
    """The column has one of the values: one parameter, however many they are."""
    if is_postgresql():
        return f"{column} = ANY(%s)", [list(values)]
    return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(list(values))]


def none_of_containers(closed: Collection[str]) -> tuple[str, list[Any]]:
    """None of the containers of `d` is closed."""
    if is_postgresql():
        return "NOT (string_to_array(d.containers, '|') && %s::text[])", [list(closed)]
    inside = "SELECT 1 FROM json_each(%s) WHERE instr(d.containers, '|' || value || '|')"
    return f"NOT EXISTS ({inside})", [json.dumps(list(closed))]


def begins(column: str, prefix: str) -> tuple[str, list[Any]]:
    """The column begins with folded letters, digits and spaces; an index serves both."""
    if is_postgresql():
        return f"{column} LIKE %s", [f"{prefix}%"]
    return f"{column} GLOB %s", [f"{prefix}*"]


def in_bytes(column: str) -> str:
    """The column compared byte by byte, whatever the language of the database."""
    return f'{column} COLLATE "C"' if is_postgresql() else column


def rows(sql: str, values: Sequence[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[Row] = cursor.fetchall()
        return found


def insert(table: str, columns: Sequence[str], values: Sequence[Row], ending: str, *, cast: str = "") -> list[Row]:
    """Insert rows in statements of some hundred; answers what `RETURNING` gives."""
    line = ", ".join([f"%s::{cast}" if cast and column == "terms" else "%s" for column in columns])
    step = max(1, 20_000 // len(columns))
    found: list[Row] = []
    with connection.cursor() as cursor:
        for batch in (values[i : i + step] for i in range(0, len(values), step)):
            places = ", ".join([f"({line})"] * len(batch))
            sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places} {ending}"  # noqa: S608 -- names of ours
            cursor.execute(sql, [value for row in batch for value in row])
            if "RETURNING" in ending:
                found += cursor.fetchall()
    return found
