"""An import from its file to its end: the dry run with its report, then the import itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from django.db.models import F

from changes import Actor, change
from projects.importing.applying import OUTDATED, Prepared, apply, write
from projects.importing.planning import Outcome, Planned, Planner, Progress, base
from projects.importing.reading import Row, Spool, read
from projects.importing.refusal import ImportRefused
from projects.models import CallForProjects, ImportLine, ImportRun

Listener = Callable[[Planned], None]
KEPT_RUNS = 20


def dry_run(run: ImportRun, path: Path, *, by: Actor | str, progress: Progress | None = None) -> None:
    """Read the file and write the report: lines, five figures. Projects are not touched.

    Raises `ImportRefused` after noting the refusal on the run. Safe to run again from its start.
    """
    try:
        spool = read(path)
    except ImportRefused as refusal:
        refuse(run, str(refusal), by=by)
        raise
    try:
        _report(run, spool, by, progress)
    finally:
        spool.close()


def _report(run: ImportRun, spool: Spool, by: Actor | str, progress: Progress | None) -> None:
    with change(by=by):
        run.lines.all().delete()
    on, figures = base(), dict.fromkeys(Outcome.values, 0)
    plan = Planner().plan(spool, spool.count, progress)
    while part := list(islice(plan, 500)):
        for planned in part:
            figures[planned.outcome] += 1
        with change(by=by):
            ImportLine.objects.bulk_create([line_of(run, planned) for planned in part])
    run.state, run.base, run.sha256 = ImportRun.State.TRIED, on, spool.sha256
    run.read, run.filler = spool.count + spool.filler, spool.filler
    for name, count in figures.items():
        setattr(run, name, count)
    with change(by=by):
        run.save()
        old = ImportRun.objects.order_by("-id").values_list("id", flat=True)[KEPT_RUNS : KEPT_RUNS + 5]
        ImportLine.objects.filter(run__in=list(old)).delete()


def line_of(run: ImportRun, planned: Planned) -> ImportLine:
    """The line of the report; the raw row only where a person will need it."""
    doubtful = planned.outcome in (Outcome.TO_VERIFY.value, Outcome.REFUSED.value)
    return ImportLine(
        run=run,
        number=planned.number,
        outcome=planned.outcome,
        label=planned.label[:300],
        place=planned.place[:200],
        how=planned.how,
        reason=planned.reason,
        changes=planned.changes,
        candidates=planned.candidates,
        raw=planned.cells if doubtful else {},
        identity=planned.identity,
    )


def import_file(
    run: ImportRun, path: Path, *, by: Actor | str, progress: Progress | None = None, listener: Listener | None = None
) -> None:
    """Plan again, then write all of it in one transaction, if the projects are as the dry run saw them.

    Raises `ImportRefused`, with no project written. `listener` hears every planned row.
    """
    spool = read(path)
    try:
        on = base()
        if run.sha256 != spool.sha256 or run.base != on:
            raise ImportRefused(OUTDATED)
        prepared = Prepared(_heard(Planner().plan(spool, spool.count, progress), listener))
        try:
            apply(prepared, run=run, by=by, on=on)
        finally:
            prepared.close()
    finally:
        spool.close()
    run.refresh_from_db()


def _heard(plan: Iterator[Planned], listener: Listener | None) -> Iterator[Planned]:
    for planned in plan:
        if listener:
            listener(planned)
        yield planned


def settle(line: ImportLine, *, by: Actor | str) -> ImportLine:
    """Bring one doubtful line of a report up to date after a person's choice, and its project if the run is imported.

    Part of the caller's change.
    """
    planned = next(Planner().plan([Row(line.number, line.raw)], 1))
    run = line.run
    with change(by=by):
        if run.state == ImportRun.State.IMPORTED:
            prepared = Prepared([planned])
            try:
                write(prepared, dict(CallForProjects.objects.values_list("year", "id")))
            finally:
                prepared.close()
        fresh = line_of(run, planned)
        fresh.pk, fresh.raw, fresh.candidates = line.pk, line.raw, line.candidates
        fresh.save()
        counts = {line.outcome: -1}
        counts[planned.outcome] = counts.get(planned.outcome, 0) + 1
        ImportRun.objects.filter(pk=run.pk).update(**{name: F(name) + count for name, count in counts.items()})
    return fresh


def refuse(run: ImportRun, reason: str, *, by: Actor | str) -> None:
    """Note that a file was refused, and why."""
    with change(by=by) as c:
        run.state, run.reason = ImportRun.State.REFUSED, reason
        run.save(update_fields=["state", "reason"])
        c.log("refuse", "project_list", run.pk, reason=reason)
