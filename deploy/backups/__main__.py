"""`deploy/backup` and `deploy/restore`: the command line."""

import argparse
import os
import sys
from pathlib import Path

from backups import manifest
from backups.manifest import Refused


def main() -> int:
    parser = argparse.ArgumentParser(prog="deploy", description="Sauvegarde et restauration du site.")
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("backup", help="écrit une sauvegarde")
    making.add_argument("folder", nargs="?", type=Path, help="dossier des sauvegardes (sinon : CLUB_STATE/backups)")
    making.add_argument("--keep", type=int, default=0, help="n’en garder que les N dernières (0 : toutes)")
    restoring = commands.add_parser("restore", help="remet le site dans l’état d’une sauvegarde")
    restoring.add_argument("folder", type=Path, help="la sauvegarde")
    restoring.add_argument("--replace", action="store_true", help="remplace ce que cette installation contient")
    given = parser.parse_args()
    try:
        # Before anything else, the site's own start included: most of what can be wrong is wrong with the backup.
        made = manifest.read(given.folder) if given.command == "restore" else None
        set_up()
        from backups import site

        if made is None:
            sys.stdout.write(f"Sauvegarde écrite : {site.backup(given.folder, given.keep)}\n")
        else:
            site.restore(given.folder, made, given.replace)
            sys.stdout.write("Le site est restauré, sous une nouvelle époque : relancez ses processus.\n")
    except (Refused, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def set_up() -> None:
    """Load the site's settings and applications; without the site's lines of log, which are not the operator's."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "club.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
