"""Writing a plan, whole or not at all: one transaction that only writes rows prepared before it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.db import connection
from django.utils import timezone

from changes import Actor, change
from changes.streams import PUBLIC
from projects.charter import seed_charter
from projects.importing.columns import COLUMNS
from projects.importing.content import values
from projects.importing.planning import Outcome, Planned, base
from projects.importing.refusal import ImportRefused
from projects.models import CallForProjects, Candidacy, Charter, ImportRun, LabelEvent, Project
from territories import bulk

SLICE = 1000
FIELDS = [*values(dict.fromkeys(COLUMNS, "")), "commune_id", "raw", "row_hash", "updated_at"]
OUTDATED = (
    "La liste des projets a changé depuis l’essai : rien n’a été importé. Recommencez l’essai, le rapport dira "
    "ce que l’import fera maintenant."
)


class Prepared:
    """The rows to write, in a temporary file: 20,000 of them weigh nothing in memory."""

    def __init__(self, plan: Iterable[Planned]) -> None:
        self._files: dict[str, IO[str]] = {}
        for outcome in (Outcome.CREATED.value, Outcome.CHANGED.value):
            self._files[outcome] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by `close`
        self.figures = dict.fromkeys(Outcome.values, 0)
        for planned in plan:
            self.figures[planned.outcome] += 1
            if planned.outcome in self._files:
                row = {"id": planned.project_id, **planned.data}
                self._files[planned.outcome].write(json.dumps(row, ensure_ascii=False) + "\n")

    def slices(self, outcome: Outcome) -> Iterator[list[dict[str, Any]]]:
        """The rows of an outcome, a thousand at a time."""
        file = self._files[outcome.value]
        file.seek(0)
        while lines := list(islice(file, SLICE)):
            yield [json.loads(line) for line in lines]

    def close(self) -> None:
        """Forget the rows."""
        for file in self._files.values():
            file.close()


def apply(prepared: Prepared, *, run: ImportRun, by: Actor | str, on: str) -> None:
    """Write a plan in one change; `on` is `planning.base()` as it was before planning.

    Raises `ImportRefused`, with nothing written, where a project changed in between.
    """
    seed_charter()
    calls = dict(CallForProjects.objects.values_list("year", "id"))
    with change(by=by) as c:
        if connection.features.has_select_for_update:
            ImportRun.objects.select_for_update().filter(pk=run.pk).first()
        if base() != on:
            raise ImportRefused(OUTDATED)
        now = write(prepared, calls)
        figures = {name: prepared.figures[name] for name in Outcome.values}
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.IMPORTED, imported_at=now, **figures)
        c.renew(PUBLIC, PUBLIC)
        c.fact("projects.imported", run.pk)
        c.log("import", "project_list", run.pk, after=figures | {"file": run.file_name, "sha256": run.sha256})


def write(prepared: Prepared, calls: dict[int, int]) -> datetime:
    """Write the rows of a plan inside the caller's change; returns the moment they bear."""
    now = timezone.now()
    for rows in prepared.slices(Outcome.CREATED):
        _create(rows, now)
        _write_steps(rows, calls)
    for rows in prepared.slices(Outcome.CHANGED):
        _update(rows, now)
        moved = [row for row in rows if not row["same_steps"]]
        _clear_steps([row["id"] for row in moved])
        _write_steps(moved, calls)
    return now


def _columns(row: dict[str, Any], now: Any) -> list[Any]:
    raw = json.dumps(row["raw"], ensure_ascii=False)
    return [*row["fields"].values(), row["commune"], raw, row["hash"], now]


def _create(rows: list[dict[str, Any]], now: Any) -> None:
    moment = connection.ops.adapt_datetimefield_value(now)
    columns = [*FIELDS, "source_key", "slug", "description", "published", "created_at"]
    written = [[*_columns(row, moment), row["key"], row["slug"], "", True, moment] for row in rows]
    bulk.insert(Project, columns, written)
    keys = [row["key"] for row in rows]
    ids = dict(Project.objects.filter(source_key__in=keys).values_list("source_key", "id"))
    for row in rows:
        row["id"] = ids[row["key"]]


def _update(rows: list[dict[str, Any]], now: Any) -> None:
    moment = connection.ops.adapt_datetimefield_value(now)
    quote = connection.ops.quote_name
    marks = ", ".join(f"{quote(name)} = %s" for name in FIELDS)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(Project._meta.db_table)} SET {marks} WHERE id = %s",  # noqa: S608 - names of columns only
            [[*_columns(row, moment), row["id"]] for row in rows],
        )


def _clear_steps(ids: list[int]) -> None:
    for model in (Candidacy, Charter, LabelEvent):
        model._default_manager.filter(project__in=ids, imported=True).delete()
    Project.communes.through.objects.filter(project__in=ids).delete()


def _write_steps(rows: list[dict[str, Any]], calls: dict[int, int]) -> None:
    communes = [(row["id"], commune) for row in rows for commune in row["communes"]]
    candidacies = [(row["id"], calls[year], True) for row in rows for year in row["candidacies"]]
    charters = [(row["id"], *row["charter"], True) for row in rows if row["charter"] and not row.get("charter_is_ours")]
    events = [(row["id"], *event, True) for row in rows for event in row["events"]]
    for model, columns, written in (
        (Project.communes.through, ["project_id", "commune_id"], communes),
        (Candidacy, ["project_id", "call_id", "imported"], candidacies),
        (Charter, ["project_id", "year", "pending", "imported"], charters),
        (LabelEvent, ["project_id", "kind", "year", "result", "wanted", "imported"], events),
    ):
        if written:
            bulk.insert(model, columns, written)
