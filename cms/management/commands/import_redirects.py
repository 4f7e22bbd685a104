"""`manage.py import_redirects FILE`: addresses of the former site lead to those of now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.old_addresses import NotAList, import_addresses


class Command(BaseCommand):
    help = "Reprend les adresses d’un ancien site (CSV : colonnes « ancienne » et « nouvelle »)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether only to look."""
        parser.add_argument("file", help="le fichier CSV, en UTF-8")
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui serait fait, sans rien écrire")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report."""
        try:
            lines = Path(options["file"]).read_text(encoding="utf-8-sig").splitlines()
            report = import_addresses(lines, dry_run=options["dry_run"])
        except (OSError, UnicodeDecodeError, NotAList) as error:
            raise CommandError(str(error)) from error
        for reason in report.refused:
            self.stdout.write(reason)
        words = ", ".join(f"{count} {word}" for word, count in sorted(report.counts.items()))
        self.stdout.write(f"{'À faire : ' if options['dry_run'] else ''}{words or 'rien à faire'}")
