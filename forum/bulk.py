"""Many rows of the forum at once: ids taken beforehand, rows by COPY or in one prepared statement.

Rows that point to each other (a topic to its accepted answer, a text to another post) know their ids before they are
written. Called inside a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault


def reserve(model: type[Model], count: int) -> list[int]:
    """So many ids that nobody else will take. One SQL query on PostgreSQL, two on SQLite."""
    table = model._meta.db_table
    if not count:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            taken = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(taken, [table, count])
            return [row[0] for row in cursor.fetchall()]
        # A change on SQLite is exclusive from its start: between these statements nobody writes.
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [count, table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count])
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = int(cursor.fetchone()[0])
    return list(range(last - count + 1, last + 1))


def insert(rows: Sequence[Model]) -> None:
    """Write new objects of one model as they are, nothing read back. One SQL query, none without objects."""
    if not rows:
        return
    model = type(rows[0])
    fields = [one for one in model._meta.concrete_fields if not (one.primary_key and rows[0].pk is None)]
    names = [one.attname for one in fields]
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(one.column or "") for one in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row([_plain(getattr(row, name)) for name in names])
            return
        marks = ", ".join(["%s"] * len(names))
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - names of columns only
            [[_adapted(_plain(getattr(row, name))) for name in names] for row in rows],
        )


def _plain(value: Any) -> Any:
    """What is written of an attribute; one that nobody set is the database's default, a plain value in our models."""
    if isinstance(value, DatabaseDefault):
        value = getattr(value, "expression").value  # noqa: B009 - the stubs do not know it
    return value.value if isinstance(value, Enum) else value


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
