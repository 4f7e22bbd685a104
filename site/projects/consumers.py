"""Jobs of the import: the dry run and the import of a file that the bureau sent."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from changes import SYSTEM, change
from changes.jobs import JobRefused, Run, job
from changes.ticks import tick
from projects.actions import APPLY_JOB, TRY_JOB
from projects.importing.refusal import ImportRefused
from projects.importing.running import dry_run, import_file
from projects.models import ImportRun


@job(TRY_JOB)
def try_list(run: Run) -> dict[str, Any]:
    """Make the report of a file; a refused file is forgotten."""
    row = ImportRun.objects.get(pk=run.job.payload["run"])
    if row.state != ImportRun.State.READING:
        return {}
    try:
        with _copy(row) as path:
            dry_run(row, path, by=run.job.by, progress=run.progress)
    except ImportRefused as refusal:
        _forget(row, run.job.by)
        raise JobRefused(str(refusal)) from refusal
    return {"run": row.pk}


@job(APPLY_JOB)
def apply_list(run: Run) -> dict[str, Any]:
    """Import a file whose report was looked at; the file, which may hold more than we keep, is then forgotten."""
    row = ImportRun.objects.get(pk=run.job.payload["run"])
    if row.state != ImportRun.State.APPLYING:
        return {}
    try:
        with _copy(row) as path:
            import_file(row, path, by=run.job.by, progress=run.progress)
    except ImportRefused as refusal:
        with change(by=run.job.by):
            ImportRun.objects.filter(pk=row.pk).update(state=ImportRun.State.REFUSED, reason=str(refusal))
        _forget(row, run.job.by)
        raise JobRefused(str(refusal)) from refusal
    _forget(row, run.job.by)
    return {"run": row.pk}


@contextmanager
def _copy(row: ImportRun) -> Iterator[Path]:
    """The file on this machine's disk, wherever it is stored."""
    with tempfile.NamedTemporaryFile(prefix="liste-") as copy, row.file.open("rb") as stored:
        shutil.copyfileobj(stored, copy)
        copy.flush()
        yield Path(copy.name)


def _forget(row: ImportRun, by: str) -> None:
    row.file.delete(save=False)
    with change(by=by):
        ImportRun.objects.filter(pk=row.pk).update(file="")


@tick(every=3600 * 6)
def forget_old_lists() -> None:
    """Files that were tried and not imported for 30 days go: they hold columns that we keep nowhere else."""
    old = ImportRun.objects.filter(started_at__lt=timezone.now() - timedelta(days=30)).exclude(file="")
    for row in old[:100]:
        _forget(row, SYSTEM)
