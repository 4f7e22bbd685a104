"""The two databases: how each is written into a file and read back, all or nothing."""

import contextlib
import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from backups.manifest import Refused

# Everything of the site stands in this schema; a restore replaces it whole, in the transaction that fills it.
EMPTY = "SET lock_timeout = '10s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public; SET lock_timeout = 0"


class Database(Protocol):
    """What both can do."""

    kind: str
    file: str

    def dump(self, target: Path) -> None:
        """Write the whole as of one moment; the site goes on meanwhile."""

    def check(self, source: Path) -> None:
        """Raise `Refused` where `source` cannot be read back here."""

    def load(self, source: Path) -> None:
        """Replace all by `source`, or change nothing and raise `Refused`."""


class PostgreSQL:
    """With the client programs of the distribution; the password goes through the environment, never an argument."""

    kind = "postgresql"
    file = "database.dump"

    def __init__(self, settings: dict[str, Any]) -> None:
        names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
        given = {variable: str(settings[name]) for name, variable in names.items() if settings.get(name)}
        options = settings.get("OPTIONS") or {}
        if "sslmode" in options:
            given["PGSSLMODE"] = str(options["sslmode"])
        self.environ = {**os.environ, **given}

    def _run(self, *command: str, **options: Any) -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(command, env=self.environ, text=True, capture_output=True, check=False, **options)
        except FileNotFoundError:
            raise Refused(f"Le programme {command[0]} manque : installez « postgresql-client ».") from None

    def dump(self, target: Path) -> None:
        done = self._run("pg_dump", "-Fc", "--no-owner", "--no-privileges", "--file", str(target))
        if done.returncode:
            raise Refused(f"pg_dump a échoué : {_last(done.stderr)}")

    def check(self, source: Path) -> None:
        done = self._run("pg_restore", "--list", str(source))
        if done.returncode:
            raise Refused(f"Cette machine ne sait pas lire la sauvegarde : {_last(done.stderr)}")

    def load(self, source: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="club-restore-") as folder:
            # The whole script first: a dump that cannot be read to its end never meets the database.
            script = Path(folder) / "restore.sql"
            done = self._run("pg_restore", "--no-owner", "--no-privileges", "--file", str(script), str(source))
            if done.returncode:
                raise Refused(f"La sauvegarde ne se laisse pas lire, rien n’a changé : {_last(done.stderr)}")
            psql = ["psql", "--no-psqlrc", "--quiet", "--output", os.devnull, "--set", "ON_ERROR_STOP=1"]
            done = self._run(*psql, "--single-transaction", "--command", EMPTY, "--file", str(script))
            if done.returncode:
                raise Refused(f"La restauration a échoué, rien n’a changé : {_first_error(done.stderr)}")


class SQLite:
    """A file; its own online copy sees one moment while the site writes on."""

    kind = "sqlite"
    file = "database.sqlite3"

    def __init__(self, settings: dict[str, Any]) -> None:
        self.path = Path(settings["NAME"])

    def dump(self, target: Path) -> None:
        if not self.path.is_file():
            raise Refused(f"Il n’y a pas de base à sauvegarder ({self.path}).")
        try:
            with _opened(self.path) as source, _opened(target) as copy:
                source.backup(copy, pages=1000)
                copy.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            raise Refused(f"La base {self.path} ne se laisse pas copier : {error}.") from error
        self.check(target)

    def check(self, source: Path) -> None:
        try:
            with _opened(source) as opened:
                (verdict,) = opened.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            verdict = str(error)
        if verdict != "ok":
            raise Refused(f"La base copiée est abîmée : {verdict}.")

    def load(self, source: Path) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(self.path.name + ".restoring")
        beside.unlink(missing_ok=True)
        with _opened(source) as kept, _opened(beside) as copy:
            kept.backup(copy)
        for end in ("-wal", "-shm"):  # of the database that goes: its log must not be played into the other
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        beside.replace(self.path)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=20)
    try:
        yield connection
    finally:
        connection.close()


def _first_error(text: str) -> str:
    """What psql said first is the reason, the rest follows from it."""
    found = [line for line in text.splitlines() if "ERROR" in line or "FATAL" in line or "error:" in line]
    return found[0].strip() if found else _last(text)


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "sans explication"
