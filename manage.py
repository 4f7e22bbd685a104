#!/usr/bin/env python
"""Django's command line, with `site/` on the path (`site` itself is the standard library's name)."""

import errno
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    for folder in (str(HERE), str(HERE / "site")):
        if folder not in sys.path:
            sys.path.insert(0, folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "club.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))  # a variable of the environment: its sentence says which and what to do
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT):
            raise
        sys.exit(f"Impossible d’écrire ({error}) : libérez de la place, changez les droits, ou changez CLUB_STATE.")


if __name__ == "__main__":
    main()
