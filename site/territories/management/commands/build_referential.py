from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from territories.datafile import DATA_FILE, checksum, to_bytes
from territories.package import BadPackage, read_package


class Command(BaseCommand):
    help = "Rebuild the shipped data file, byte for byte, from the archive of @etalab/decoupage-administratif."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--package", type=Path, required=True, help="the .tgz that `npm pack` gives")
        parser.add_argument("--millesime", type=int, help="the year, where the package's README does not tell it")
        parser.add_argument("--output", type=Path, default=DATA_FILE)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            referential = read_package(options["package"], options["millesime"])
        except BadPackage as error:
            raise CommandError(str(error)) from error
        data = to_bytes(referential)
        options["output"].write_bytes(data)
        self.stdout.write(
            f"{options['output'].name}: {len(data):,} bytes, {len(referential.communes):,} communes, "
            f"millésime {referential.millesime}, sha256 {checksum(data)}"
        )
