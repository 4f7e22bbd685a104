"""Make a backup of the site that the environment names, or put one in its place. Needs Django set up."""

import fcntl
import io
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from backups import manifest, media
from backups.databases import Database, PostgreSQL, SQLite
from backups.manifest import Manifest, Refused


def database() -> Database:
    given = settings.DATABASES["default"]
    return SQLite(given) if connection.vendor == "sqlite" else PostgreSQL(given)


def backup(folder: Path | None, keep: int) -> Path:
    """Write a backup; it bears its name only once it is whole."""
    folder = folder or Path(settings.STATE) / "backups"
    try:
        applied = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
        with connection.cursor():
            server = ".".join(str(part) for part in connection.get_database_version())
    except DatabaseError as error:
        raise Refused(f"La base de données ne répond pas ({error}) : vérifiez DATABASE_URL.") from error
    connection.close()
    if not applied:
        raise Refused("La base est vide : il n’y a rien à sauvegarder.")
    now = datetime.now(UTC)
    final = folder / f"club-{now:%Y%m%dT%H%M%S}Z"
    work = folder / (final.name + manifest.UNFINISHED)
    work.mkdir(parents=True)
    os.chmod(work, 0o700)  # it holds everything people wrote
    try:
        source = database()
        source.dump(work / source.file)
        # After the database: every file that it names is there.
        count = media.pack(Path(settings.MEDIA_ROOT), work / media.FILE)
        made = Manifest(now.isoformat(), settings.RELEASE, source.kind, server, applied, count)
        for name in (source.file, media.FILE):
            made.add(work / name)
        made.write(work)
        for file in work.iterdir():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
        work.rename(final)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    if keep:
        whole = sorted(p for p in folder.glob("club-*Z") if p.is_dir())
        for old in whole[:-keep]:
            shutil.rmtree(old)
    return final


def restore(folder: Path, made: Manifest, replace: bool) -> None:
    """Put a backup in the place of what is here. Everything that can be wrong with it is found before."""
    target = database()
    if made.kind != target.kind:
        raise Refused(f"La sauvegarde est celle d’une base {made.kind}, DATABASE_URL désigne une base {target.kind}.")
    manifest.check_known(made, {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations})
    target.check(folder / target.file)
    refuse_running()
    root = Path(settings.MEDIA_ROOT)
    if not replace and not (tables() == 0 and media.is_empty(root)):
        raise Refused("Cette installation n’est pas vide : ajoutez --replace pour remplacer tout ce qu’elle contient.")
    connection.close()
    media.stage(root, folder / media.FILE, made.media_files)
    try:
        target.load(folder / target.file)
    except BaseException:
        media.drop(root)
        raise
    media.swap(root)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("new_epoch", stdout=io.StringIO())
    except Exception as error:
        raise Refused(
            f"Les données sont restaurées, mais la mise à jour de la base a échoué ({error}) : "
            "lancez « manage.py migrate » puis « manage.py new_epoch »."
        ) from error


def tables() -> int:
    try:
        return len(connection.introspection.table_names())
    except DatabaseError as error:
        raise Refused(f"La base de données ne répond pas ({error}) : vérifiez DATABASE_URL.") from error


def refuse_running() -> None:
    """A site that runs from this state folder (`make run`) must be stopped first."""
    lock = Path(settings.STATE) / "serve.lock"
    if not lock.exists():
        return
    with lock.open("a") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"Le site tourne avec le dossier {settings.STATE} : arrêtez-le avant de restaurer.") from None
