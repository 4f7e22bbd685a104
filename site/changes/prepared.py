"""Reads whose SQL is written once: where every page asks, Django writes it longer than the database answers.

    unread = Prepared(lambda: Line.objects.filter(person=given("person"), read_at=None).values_list("pk"))
    unread.count(person=42)

The query stays an ordinary queryset, so its meaning is said in one place; what differs from one asking to the next
stands in it as `given(name)`. A queryset whose form depends on something (how many tokens) takes that as arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)
Written = tuple[str, tuple[Any, ...], dict[int, Any]]


class Given(Value):
    """A value that is known at the asking only: a number, a text, a moment."""

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Its place; `Prepared` puts the value there."""
        return "%s", [self]


def given(name: str, field: Field[Any, Any] | None = None) -> Any:
    """The place of a value in a prepared query; `field` where the database must know what it is."""
    return Given(name, output_field=field)


class Prepared:
    """A queryset of `values_list`, written once per database and form, asked with other values each time."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self.build = build
        self.written: dict[tuple[Any, ...], Written] = {}

    def _queryset(self, form: tuple[Any, ...]) -> QuerySet[Any, Any]:
        return self.build(*form)

    def rows(self, *form: Any, **values: Any) -> list[tuple[Any, ...]]:
        """The rows, as `values_list` gives them. One SQL query."""
        sql, places, converters = self._write(form)
        rows = self._ask(sql, places, values)
        if not converters:
            return rows
        return [tuple(_read(value, converters.get(i, ())) for i, value in enumerate(row)) for row in rows]

    def count(self, *form: Any, **values: Any) -> int:
        """How many rows. One SQL query."""
        sql, places, _ = self._write(form)
        counting = f"SELECT COUNT(*) FROM ({sql}) AS counted"  # noqa: S608 - Django wrote it, values are apart
        return int(self._ask(counting, places, values)[0][0])

    def _write(self, form: tuple[Any, ...]) -> Written:
        key = (connection.vendor, *form)
        if key not in self.written:
            compiler = self._queryset(form).query.get_compiler(connection=connection)
            sql, places = compiler.as_sql()
            converters = compiler.get_converters(expression for expression, *_ in compiler.select)
            self.written[key] = (sql, tuple(places), converters)
        return self.written[key]

    @staticmethod
    def _ask(sql: str, places: tuple[Any, ...], values: dict[str, Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, [_put(values[one.value]) if isinstance(one, Given) else one for one in places])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows


class PreparedObjects(Prepared, Generic[Row]):
    """A queryset of objects, with those that it joins by name; with `fields` those alone, the others at their use."""

    def __init__(
        self, model: type[Row], build: Callable[..., QuerySet[Row, Any]], *joins: str, fields: Sequence[str] = ()
    ) -> None:
        super().__init__(build)
        self.model, self.joins, self.fields = model, joins, fields

    def objects(self, *form: Any, **values: Any) -> list[Row]:
        """The objects, in their order. One SQL query."""
        return [self._made(row) for row in self.rows(*form, **values)]

    @cached_property
    def _parts(self) -> list[tuple[str, type[Model], list[str]]]:
        """Each model whose objects a row holds: the join's name (empty for the row's own), and its columns in order."""
        meta = self.model._meta
        own = [field.attname for field in meta.concrete_fields if not self.fields or field.attname in self.fields]
        joined = [(name, cast(type[Model], meta.get_field(name).related_model)) for name in self.joins]
        columns = [(name, model, [f.attname for f in model._meta.concrete_fields]) for name, model in joined]
        return [("", self.model, own), *columns]

    def _queryset(self, form: tuple[Any, ...]) -> QuerySet[Any, Any]:
        names = [f"{join}__{name}" if join else name for join, _, names in self._parts for name in names]
        return super()._queryset(form).values_list(*names)

    def _made(self, row: tuple[Any, ...]) -> Row:
        made: Any = None
        start = 0
        for join, model, names in self._parts:
            values = row[start : start + len(names)]
            start += len(names)
            if not join:
                made = model.from_db(connection.alias, names, values)
            else:
                setattr(made, join, model.from_db(connection.alias, names, values) if values[0] is not None else None)
        return cast(Row, made)


def _put(value: Any) -> Any:
    """As the database takes it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _read(value: Any, converters: Any) -> Any:
    """As Django gives it: `converters` are its own for this column."""
    if converters:
        functions, expression = converters
        for convert in functions:
            value = convert(value, expression, connection)
    return value
