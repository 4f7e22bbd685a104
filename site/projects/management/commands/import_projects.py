"""Import the club's list of projects from the command line."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper

from changes import SYSTEM, change
from projects.importing.refusal import ImportRefused
from projects.importing.running import dry_run, import_file
from projects.models import ImportLine, ImportRun

HEADINGS = ["ligne", "résultat", "projet", "commune", "comment", "motif", "changements", "candidats"]


class Command(BaseCommand):
    help = "Read a list of projects (CSV or XLSX) and say, line by line, what it would do; with --apply, do it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="write: all or nothing")
        parser.add_argument("--report", type=Path, help="write the report by line to this CSV instead of the screen")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} : ce fichier n’existe pas.")
        with change(by=SYSTEM):
            run = ImportRun.objects.create(file_name=path.name[:200], by=SYSTEM, by_name="Ligne de commande")
        try:
            dry_run(run, path, by=SYSTEM, progress=self._bar)
            self._write_report(run, options["report"])
            if options["apply"]:
                import_file(run, path, by=SYSTEM, progress=self._bar)
        except ImportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._end(run, applied=options["apply"])

    def _bar(self, done: int, total: int, message: str) -> None:
        full = 30 * done // max(total, 1)
        self.stderr.write(f"\r[{'#' * full}{'.' * (30 - full)}] {done}/{total} {message}", ending="")
        if done >= total:
            self.stderr.write("")

    def _write_report(self, run: ImportRun, path: Path | None) -> None:
        if path is None:
            _report(run, self.stdout)
            return
        with path.open("w", encoding="utf-8", newline="") as file:
            _report(run, file)

    def _end(self, run: ImportRun, *, applied: bool) -> None:
        figures = (
            f"{run.created} créés, {run.changed} modifiés, {run.unchanged} inchangés, "
            f"{run.to_verify} à vérifier, {run.refused} refusés"
        )
        self.stderr.write(
            f"{run.read} lignes lues, {run.filler} vides ou de total : {figures}. "
            + ("Importé." if applied else "Essai : rien n’a été écrit ; --apply importe.")
        )


def _report(run: ImportRun, out: IO[str] | OutputWrapper) -> None:
    from projects.opendata import safe

    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADINGS)
    for line in run.lines.order_by("number").iterator(chunk_size=1000):
        changes = " | ".join(f"{name} : « {old} » → « {new} »" for name, (old, new) in line.changes.items())
        candidates = " | ".join(f"{one['code']} {one['name']} ({one['why']})" for one in line.candidates)
        outcome = ImportLine.Outcome(line.outcome).label
        cells = [line.number, outcome, line.label, line.place, line.how, line.reason, changes, candidates]
        writer.writerow([safe(cell) for cell in cells])
