"""`manage.py import_projects`: a dry run by default, the report on screen or in a CSV, `--apply` to write."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from changes.models import JournalLine
from projects.management.commands.import_projects import HEADINGS
from projects.models import ImportRun, Project

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("referential")]


def run(path: Path, **options) -> tuple[list[dict[str, str]], str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_projects", str(path), stdout=out, stderr=err, **options)
    return list(csv.DictReader(io.StringIO(out.getvalue()))), err.getvalue()


@pytest.fixture
def rows(row):
    return [
        row("67482", "Strasbourg", "Les Rives", {"Nombre de logements": "120"}),
        row("21232", "Dijon", "Le Clos", {"N° Dept": "22"}),
        row("67482", "Strasbourg", "Les Rives", {"Nombre de logements": "120"}),
    ]


def test_a_dry_run_by_default_says_each_line_and_writes_nothing(as_csv, rows):
    report, said = run(as_csv(rows))
    assert [one["résultat"] for one in report] == ["créé", "à vérifier", "refusé"]
    assert "21231 Dijon" in report[1]["candidats"]
    assert "Même ligne que la ligne 1" in report[2]["motif"]
    assert "1 créés" in said or "1 créé" in said
    assert "Essai : rien n’a été écrit" in said
    assert "3/3" in said, "a bar of progress"
    assert not Project.objects.exists()


def test_apply_writes_and_a_second_run_tells_before_and_after(as_csv, rows, tmp_path):
    _, said = run(as_csv(rows), apply=True)
    assert "Importé" in said
    assert Project.objects.get().name == "Les Rives"
    line = JournalLine.objects.filter(verb="import").last()
    assert line.by == "system"
    rows[0] = rows[0] | {"Nombre de logements": "140"}
    file = tmp_path / "report.csv"
    shown, _ = run(as_csv(rows[:1]), report=file)
    assert shown == [], "into the file instead"
    (changed,) = csv.DictReader(io.StringIO(file.read_text()))
    assert list(changed) == HEADINGS
    assert changed["changements"] == "Nombre de logements : « 120 » → « 140 »"
    assert Project.objects.get().dwellings == 120


def test_a_refused_file_is_one_sentence_and_is_noted(tmp_path):
    path = tmp_path / "autre.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="colonnes absentes"):
        run(path, apply=True)
    assert ImportRun.objects.get().state == ImportRun.State.REFUSED
    with pytest.raises(CommandError, match="n’existe pas"):
        run(tmp_path / "absent.csv")
