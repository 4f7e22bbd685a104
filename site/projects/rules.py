"""Who may do what to projects: pure predicates."""

from __future__ import annotations

from members.viewer import Viewer
from projects.models import ImportLine, ImportRun


def may_import(viewer: Viewer) -> bool:
    """Import the list, read its reports, choose for doubtful lines: the national office."""
    return viewer.is_national_office


def may_apply(viewer: Viewer, run: ImportRun) -> bool:
    """Import a list whose dry run is done and would do something."""
    return may_import(viewer) and run.state == ImportRun.State.TRIED and bool(run.created + run.changed)


def may_choose(viewer: Viewer, run: ImportRun, line: ImportLine) -> bool:
    """Choose for a doubtful line, before or after the import of the others."""
    open_ = run.state in (ImportRun.State.TRIED, ImportRun.State.IMPORTED)
    return may_import(viewer) and open_ and line.outcome == ImportLine.Outcome.TO_VERIFY
