"""Import a forum's people, spaces, topics and posts from JSON lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from changes import SYSTEM
from forum.importing.running import import_forum


class Command(BaseCommand):
    help = "Importe les personnes, espaces, discussions et messages de lignes JSON (docs/exploitation/reprise.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--source", default="", help="nom de la source ; par défaut celui du fichier, sans extension"
        )
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait, n’écrit rien")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} : ce fichier n’existe pas.")
        source = options["source"] or path.stem
        if len(source) > 40:
            raise CommandError("Le nom de la source a 40 signes au plus : donnez-en un avec --source.")
        with path.open(encoding="utf-8", errors="surrogateescape") as lines:
            report = import_forum(lines, source=source, by=SYSTEM, dry_run=options["dry_run"], progress=self._bar)
        for line in report.words():
            (self.stderr if report.errors else self.stdout).write(line)
        if report.errors:
            raise CommandError("Rien n’a été importé : corrigez ces lignes, puis recommencez.")
        self.stdout.write("Essai : rien n’a été écrit." if report.dry_run else "Importé.")

    def _bar(self, done: int, total: int) -> None:
        full = 30 * done // max(total, 1)
        self.stderr.write(f"\r[{'#' * full}{'.' * (30 - full)}] {done}/{total}", ending="")
        if done >= total:
            self.stderr.write("")
