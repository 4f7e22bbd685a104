"""Writing tens of thousands of plain rows in one statement or copy.

`bulk_create` makes a model object of each row, prepares each value and asks each id back: 180,000 rows took 10 s, on
SQLite with every other writer waiting. These rows hold text, integers and None only, and their ids are not needed.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Model

Value = str | int | None


def insert(
    model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Value]], unique: Sequence[str] = ()
) -> None:
    """Insert rows; where `unique` names a unique key, rows that are there take all values but `first_seen` instead."""
    table = _name(model._meta.db_table)
    names = ", ".join(map(_name, columns))
    conflict = ""
    if unique:
        changes = ", ".join(f"{_name(c)} = excluded.{_name(c)}" for c in columns if c not in {*unique, "first_seen"})
        conflict = f" ON CONFLICT ({', '.join(map(_name, unique))}) DO UPDATE SET {changes}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # COPY knows no ON CONFLICT, so it fills a table that goes with the transaction.
            like = f"SELECT {names} FROM {table}"  # noqa: S608  # names of models only
            cursor.execute(f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS {like} WITH NO DATA")
            with cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming{conflict}")  # noqa: S608  # names of models only
            cursor.execute("DROP TABLE incoming")
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks}){conflict}", rows)  # noqa: S608  # names of models only


def _name(name: str) -> str:
    return connection.ops.quote_name(name)
