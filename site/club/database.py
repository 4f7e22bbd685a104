"""What may be wrong with a database at start, each as one sentence that says what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder


class CannotStart(Exception):
    """The site cannot start; the message is one clear sentence (French)."""


# SQLite's own words, in French.
REASONS = {
    "database or disk is full": "il n’y a plus de place",
    "attempt to write a readonly database": "il est en lecture seule",
    "unable to open database file": "la base ne s’ouvre pas",
    "disk I/O error": "le disque ne répond pas bien",
    "database is locked": "un autre programme tient la base",
    "file is not a database": "ce n’est pas une base SQLite",
    "database disk image is malformed": "une partie en est illisible",
}

NO_ROOM = {"database or disk is full", "attempt to write a readonly database", "disk I/O error"}


def cannot_write(error: Exception) -> CannotStart:
    """What to say when the state folder takes no more."""
    why = REASONS.get(str(error), str(error))
    return CannotStart(
        f"Impossible d’écrire dans {settings.STATE} ({why}) : libérez de la place, changez les droits de ce dossier, "
        "ou donnez-en un autre par CLUB_STATE."
    )


def check_file() -> None:
    """Refuse a damaged SQLite file. Raises `CannotStart`; other databases look after themselves."""
    name = settings.DATABASES["default"]["NAME"]
    if connection.vendor != "sqlite" or not Path(name).exists() or Path(name).stat().st_size == 0:
        return
    try:
        with sqlite3.connect(f"file:{name}?mode=ro", uri=True) as opened:
            (verdict,) = opened.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        verdict = REASONS.get(str(error), str(error))
    if verdict != "ok":
        raise CannotStart(
            f"La base {name} est abîmée ({verdict}) : restaurez une sauvegarde, "
            "ou repartez de zéro par « make reset » (efface tout ce qu’elle contient)."
        )


def pending_migrations() -> bool:
    """Whether migrations wait. Raises `CannotStart` where the database was made by a newer version of the code."""
    try:
        executor = MigrationExecutor(connection)
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError as error:
        if connection.vendor == "sqlite":
            raise cannot_write(error) from error
        raise CannotStart(f"La base de données ne répond pas ({error}) : vérifiez DATABASE_URL.") from error
    known = set(executor.loader.disk_migrations)
    for migration in executor.loader.disk_migrations.values():
        known.update(migration.replaces)  # squashed ones stay known under their old names
    ours = {label for label, _ in known}
    unknown = sorted(f"{app}.{name}" for app, name in set(applied) - known if app in ours)
    if unknown:
        raise CannotStart(
            f"La base vient d’une version plus récente du site ({unknown[-1]}) : "
            "mettez le code à jour, ou repartez de zéro par « make reset »."
        )
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
