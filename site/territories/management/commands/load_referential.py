from typing import Any

from django.core.management.base import BaseCommand, CommandError

from territories.datafile import BadDataFile
from territories.loading import OlderReferential, load_referential


class Command(BaseCommand):
    help = "Load the official referential (régions, départements, EPCI, communes). Does nothing when it is loaded."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = load_referential(self._progress if options["verbosity"] > 1 else None)
        except (BadDataFile, OlderReferential) as error:
            raise CommandError(str(error)) from error
        if result.already_there:
            self.stdout.write(f"Référentiel {result.millesime} : déjà chargé.")
            return
        for table, counts in result.counts.items():
            self.stdout.write(f"{table} : {counts.added} ajoutés, {counts.changed} modifiés, {counts.gone} disparus")
        self.stdout.write(f"Référentiel {result.millesime} chargé en {result.seconds:.1f} s.")

    def _progress(self, done: int, total: int, message: str) -> None:
        self.stdout.write(f"{100 * done // total:3} % {message}")
