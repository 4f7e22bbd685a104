"""A made list with the columns and oddities of the club's, on real communes; the real one only where it is named."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

collect_ignore = [] if os.environ.get("CLUB_PROJECT_LIST") else ["test_the_real_list.py"]

Cells = dict[str, str]


@pytest.fixture
def row() -> Callable[..., Cells]:
    """`row("67482", "Strasbourg", "Les Rives")`: the cells of a record; further columns by their heading."""
    from projects.importing.columns import COLUMNS

    def make(code: str, town: str, name: str = "", more: Cells | None = None) -> Cells:
        department = code[:3] if code.startswith("97") else code[:2]
        cells = dict.fromkeys(COLUMNS, "") | {
            "CODE INSEE": code, "Ville": town, "Nom EcoQuartier": name, "N° Dept": department,
        }  # fmt: skip
        return cells | (more or {})

    return make


@pytest.fixture
def as_csv(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes records as a CSV (or any text under a name) and returns its path."""
    from projects.importing.columns import COLUMNS

    def write(rows: list[Cells], *, columns: list[str] = COLUMNS, encoding: str = "utf-8", name: str = "l.csv") -> Path:
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, extrasaction="ignore", restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write


@pytest.fixture
def import_list(referential: None) -> Callable:
    """`import_list(path)`: the dry run, then the import; returns the run."""
    from changes import change
    from projects.importing.running import dry_run, import_file
    from projects.models import ImportRun

    def run_it(path: Path, *, apply: bool = True) -> ImportRun:
        with change(by="test"):
            run = ImportRun.objects.create(file_name=path.name, by="test")
        dry_run(run, path, by="test")
        if apply:
            import_file(run, path, by="test")
        return run

    return run_it


@pytest.fixture
def figures() -> Callable:
    """The five figures of a run: created, changed, unchanged, to verify, refused."""
    return lambda run: (run.created, run.changed, run.unchanged, run.to_verify, run.refused)


@pytest.fixture
def make_projects(referential: None) -> Callable:
    """`make_projects(10)`: published projects with steps, spread over communes."""
    from changes import change
    from projects.charter import seed_charter
    from projects.models import CallForProjects, Candidacy, Charter, LabelEvent, Project
    from territories.models import Commune

    def make(count: int) -> list[Project]:
        communes = list(Commune.objects.of_today().order_by("code")[: count // 2 + 1])
        seed_charter()  # a test with real transactions may have emptied it
        call = CallForProjects.objects.get(year=2011)
        with change(by="test"):
            made = Project.objects.bulk_create(
                Project(
                    name=f"Quartier {number:04}", sort_name=f"quartier {number:04}", slug=f"q-{number:04}",
                    source_key=f"test:{number}", commune=communes[number // 2], dwellings=number,
                )
                for number in range(count)
            )  # fmt: skip
            Candidacy.objects.bulk_create(Candidacy(project=one, call=call) for one in made)
            Charter.objects.bulk_create(Charter(project=one, year=2013) for one in made)
            LabelEvent.objects.bulk_create(
                LabelEvent(project=one, kind="label", year=2014, result="committed") for one in made
            )
            Project.communes.through.objects.bulk_create(
                Project.communes.through(project=one, commune=one.commune) for one in made
            )
        return made

    return make
