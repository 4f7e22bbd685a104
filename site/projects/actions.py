"""What a person does to the list of projects: send it, import it, choose for a doubtful line."""

from __future__ import annotations

import hashlib

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from changes import change
from changes.jobs import start_job
from changes.models import Job
from members.rules import NotAllowed
from members.viewer import Viewer
from projects.importing.planning import base
from projects.importing.running import settle
from projects.models import ImportChoice, ImportLine, ImportRun
from projects.rules import may_apply, may_choose, may_import
from territories.models import Commune

TRY_JOB, APPLY_JOB = "projects.try", "projects.apply"


def receive_list(*, upload: UploadedFile, by: Viewer) -> ImportRun:
    """Keep a file and queue its dry run. The national office; raises `NotAllowed`.

    The same file whose dry run is still going on or waiting (a double click) gives the same run.
    """
    if not may_import(by) or by.person is None:
        raise NotAllowed("Seul le bureau national importe la liste des projets.")
    digest = hashlib.sha256()
    for part in upload.chunks():
        digest.update(part)
    with change(by=by) as c:
        same = ImportRun.objects.filter(sha256=digest.hexdigest(), state=ImportRun.State.READING, by=by.key).last()
        if same and Job.objects.filter(pk=same.job_id or 0, state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists():
            return same
        run = ImportRun(
            file_name=(upload.name or "liste")[:200],
            sha256=digest.hexdigest(),
            by=by.key,
            by_name=by.person.get_full_name(),
        )
        run.file.save(f"{digest.hexdigest()[:16]}.bin", upload, save=False)
        run.save()
        run.job_id = start_job(TRY_JOB, f"Essai de « {run.file_name[:60]} »", by=by, payload={"run": run.pk}).pk
        run.save(update_fields=["job_id"])
        c.log("try", "project_list", run.pk, after={"file": run.file_name, "sha256": run.sha256})
    return run


def import_list(*, run: ImportRun, seen: str, by: Viewer) -> None:
    """Queue the import of a list whose report was looked at: `seen` is `figures_seen(run)` of the page that was read.

    The national office. Raises `NotAllowed`, also where the report changed since that page.
    """
    if not may_apply(by, run):
        raise NotAllowed("Cette liste ne peut pas être importée : voyez son état.")
    if seen != figures_seen(run):
        raise NotAllowed("Le rapport a changé depuis que vous l’avez lu : relisez-le avant d’importer.")
    with change(by=by):
        if ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.TRIED).update(state=ImportRun.State.APPLYING):
            job = start_job(APPLY_JOB, f"Import de « {run.file_name[:60]} »", by=by, payload={"run": run.pk})
            ImportRun.objects.filter(pk=run.pk).update(job_id=job.pk, looked_at=job.created_at)


def choose(*, line: ImportLine, commune: Commune | None, by: Viewer) -> ImportLine:
    """Say which commune a doubtful line means (None: it is no project); kept for later imports of the same line.

    After the import of the others it makes or ties the project at once; before, the import will. The national office;
    raises `NotAllowed`.
    """
    if not may_choose(by, line.run, line) or by.person is None:
        raise NotAllowed("Cette ligne n’attend pas de choix.")
    later = ImportLine.objects.filter(identity=line.identity, run__state=ImportRun.State.IMPORTED, run__gt=line.run_id)
    if line.run.state == ImportRun.State.IMPORTED and later.exists():
        raise NotAllowed("Une liste plus récente contient cette ligne : choisissez dans son rapport.")
    with change(by=by) as c:
        current = line.run.base == base()
        ImportChoice.objects.update_or_create(
            identity=line.identity,
            defaults={"commune": commune, "by": by.key, "by_name": by.person.get_full_name(), "at": timezone.now()},
        )
        c.log("choose", "project_line", line.identity[:40], after={"commune": commune.code if commune else None})
        settled = settle(line, by=by)
        if current:  # its own report knows of this choice; those of other lists are out of date
            ImportRun.objects.filter(pk=line.run_id).update(base=base())
    return settled


def figures_seen(run: ImportRun) -> str:
    """A mark of what the report said: the five figures and the state of the base."""
    figures = [run.created, run.changed, run.unchanged, run.to_verify, run.refused]
    return hashlib.sha256(f"{run.pk} {figures} {run.base}".encode()).hexdigest()[:16]
