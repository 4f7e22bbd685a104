"""A site restored from a backup is the same site, under a new epoch; a backup one cannot trust changes nothing."""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tools.services import MissingService, services
from tools.services.postgresql import PostgreSQL

pytestmark = pytest.mark.services
ROOT = Path(__file__).parents[2]
FILES = {
    "photos/éco.txt": "une cour plantée",
    "plan.txt": "un plan",
    "fichiers/ab/ab12.pdf": "%PDF-",
    "vide/a b.txt": "",
}
SEED = """
from changes import SYSTEM, change
from changes.models import Job
from changes.installation import epoch
from django.contrib.sessions.models import Session
epoch()
with change(by=SYSTEM) as c:
    for n in range(50):
        Job.objects.create(kind="test", title=f"Écoquartier n° {n} ’", by=SYSTEM, payload={"n": n, "é": None})
        c.log("create", "job", n, after={"titre": "à vérifier"})
"""


@dataclass
class Site:
    """An installation: its database's address and its state folder."""

    state: Path
    url: str

    @property
    def media(self) -> Path:
        return self.state / "media"

    @property
    def environ(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "CLUB_ENV": "test",
            "SECRET_KEY": "of these tests alone, fifty characters long or a little more",
            "CLUB_STATE": str(self.state),
            "DATABASE_URL": self.url,
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "PYTHON": sys.executable,
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True)

    def manage(self, *arguments: str) -> str:
        done = self.run(sys.executable, "manage.py", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def query(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Asked without the site: names of the columns, rows."""
        opened: Any = (
            sqlite3.connect(self.url.removeprefix("sqlite:///"))
            if self.url.startswith("sqlite")
            else psycopg.connect(self.url)
        )
        with contextlib.closing(opened) as connection:
            cursor = connection.execute(sql)
            rows = cursor.fetchall() if cursor.description else []
            connection.commit()
            return [column[0] for column in cursor.description or []], rows

    def content(self) -> dict[str, tuple[int, str]]:
        """Every table: how many rows, and a hash of all they hold."""
        listing = (
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if self.url.startswith("sqlite")
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        found = {}
        for (table,) in self.query(listing)[1]:
            names, rows = self.query(f'SELECT * FROM "{table}"')
            lines = sorted(repr(dict(zip(names, row, strict=True))) for row in rows)
            found[table] = (len(rows), hashlib.sha256("\n".join(lines).encode()).hexdigest())
        return found

    def mark(self) -> list[tuple[Any, ...]]:
        """The epoch, and how long the journal is."""
        return self.query("SELECT epoch, (SELECT count(*) FROM changes_journalline) FROM changes_installation")[1]

    def files(self) -> dict[str, str]:
        return {
            str(file.relative_to(self.media)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in self.media.rglob("*")
            if file.is_file()
        }

    def backup(self, *arguments: str) -> Path:
        done = self.run(str(ROOT / "deploy" / "backup"), *arguments)
        assert done.returncode == 0, done.stderr
        return Path(done.stdout.partition(" : ")[2].strip())

    def restore(self, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(str(ROOT / "deploy" / "restore"), str(folder), *arguments)


Make = Callable[[str], Site]


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "TEST_DATABASE_URL"):
            patch.delenv(name, raising=False)
        try:
            PostgreSQL.find()
        except MissingService as reason:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(reason))
        with services(["postgresql"]) as found:
            yield found.server(PostgreSQL)


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """New empty installations on this kind of database."""

    def on_postgresql(name: str) -> Site:
        server = request.getfixturevalue("server")
        server.query(f"create database {name}")
        return Site(tmp_path_factory.mktemp(name), f"{server.url.rpartition('/')[0]}/{name}")

    def on_sqlite(name: str) -> Site:
        state = tmp_path_factory.mktemp(name)
        return Site(state, f"sqlite:///{state / 'club.sqlite3'}")

    return on_postgresql if request.param == "postgresql" else on_sqlite


@pytest.fixture(scope="module")
def origin(make: Make) -> Site:
    site = make("origin")
    site.manage("migrate", "--noinput", "-v", "0")
    site.manage("shell", "-v", "0", "-c", SEED)
    for name, text in FILES.items():
        (site.media / name).parent.mkdir(parents=True, exist_ok=True)
        (site.media / name).write_text(text)
    return site


@pytest.fixture(scope="module")
def made(origin: Site) -> Path:
    return origin.backup()


def test_a_restored_site_is_the_same_under_a_new_epoch(origin: Site, made: Path, make: Make) -> None:
    assert made.stat().st_mode & 0o077 == 0, "a backup is nobody else's to read"
    site = make("elsewhere")
    done = site.restore(made)
    assert done.returncode == 0, done.stderr
    before, after = origin.content(), site.content()
    assert before["changes_job"][0] == 50
    assert before["changes_installation"][0] == after["changes_installation"][0] == 1
    assert origin.mark()[0][0] != site.mark()[0][0]
    renewal = "changes_installation", "changes_journalline", "sqlite_sequence"
    assert {n: c for n, c in after.items() if n not in renewal} == {n: c for n, c in before.items() if n not in renewal}
    lines = "SELECT at, by, verb, kind, object_id FROM changes_journalline ORDER BY id"
    (*old, newest) = site.query(lines)[1]
    assert old == origin.query(lines)[1]
    assert newest[1:] == ("system", "renew", "epoch", "1")
    assert site.files() == origin.files()
    assert len(site.files()) == len(FILES)

    refused = site.restore(made)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    (site.media / "plus tard.txt").write_text("d’après la sauvegarde")
    site.query("DELETE FROM changes_job")
    again = site.restore(made, "--replace")
    assert again.returncode == 0, again.stderr
    assert site.content()["changes_job"] == before["changes_job"]
    assert site.mark()[0][0] not in (origin.mark()[0][0], newest)
    assert site.files() == origin.files()


def damaged(made: Path, tmp_path: Path, how: str) -> Path:
    """A copy of the backup with one thing wrong."""
    copy = tmp_path / (made.name + (".unfinished" if how == "unfinished" else ""))
    shutil.copytree(made, copy)
    database = next(copy.glob("database.*"))
    manifest = copy / "manifest.json"
    said = json.loads(manifest.read_text())
    match how:
        case "bit":
            content = bytearray(database.read_bytes())
            content[len(content) // 2] ^= 1
            database.write_bytes(content)
        case "cut":
            database.write_bytes(database.read_bytes()[:-100])
        case "no files":
            (copy / "media.tar").unlink()
        case "no manifest":
            manifest.unlink()
        case "garbled manifest":
            manifest.write_text("{")
        case "newer code":
            said["migrations"].append("changes.9999_from_the_future")
            manifest.write_text(json.dumps(said))
        case "newer format":
            said["format"] = 99
            manifest.write_text(json.dumps(said))
        case "other database":
            said["kind"] = "sqlite" if said["kind"] == "postgresql" else "postgresql"
            manifest.write_text(json.dumps(said))
        case "not a dump":
            database.write_bytes(b"nothing of the kind")
            digest = hashlib.sha256(b"nothing of the kind").hexdigest()
            said["files"][database.name] = {"sha256": digest, "bytes": 19}
            manifest.write_text(json.dumps(said))
        case "fewer files":
            said["media_files"] += 1
            manifest.write_text(json.dumps(said))
        case "out of the folder" | "a link":
            archive = copy / "media.tar"
            stranger = tarfile.TarInfo("../dehors.txt" if how == "out of the folder" else "lien")
            if how == "a link":
                stranger.type, stranger.linkname = tarfile.SYMTYPE, "/etc/passwd"
            with tarfile.open(archive, "a") as media:
                media.addfile(stranger)
            digest = hashlib.sha256(archive.read_bytes()).hexdigest()
            said["files"][archive.name] = {"sha256": digest, "bytes": archive.stat().st_size}
            manifest.write_text(json.dumps(said))
    return copy


@pytest.mark.parametrize(
    ("how", "word"),
    [
        ("bit", "abîmée"),
        ("cut", "abîmée"),
        ("no files", "incomplète"),
        ("no manifest", "incomplète"),
        ("unfinished", "incomplète"),
        ("garbled manifest", "abîmée"),
        ("newer code", "plus récente"),
        ("newer format", "plus récente"),
        ("other database", "DATABASE_URL"),
        ("not a dump", ""),
        ("fewer files", "nombre de fichiers"),
        ("out of the folder", "n’est pas un fichier du site"),
        ("a link", "n’est pas un fichier du site"),
    ],
)
def test_a_backup_one_cannot_trust_is_refused_and_changes_nothing(
    origin: Site, made: Path, tmp_path: Path, how: str, word: str
) -> None:
    before = (origin.content(), origin.files())
    done = origin.restore(damaged(made, tmp_path, how), "--replace")
    assert done.returncode == 1
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert (origin.content(), origin.files()) == before
    assert not (origin.media / ".restoring").exists()


@pytest.mark.parametrize("make", ["postgresql"], indirect=True)  # SQLite renames a file at the end: no half of it
def test_a_load_that_fails_half_way_leaves_everything_as_it_was(origin: Site, tmp_path: Path) -> None:
    origin.query("CREATE SCHEMA other")  # a restore does not own it, so it is still there when the dump makes it again
    try:
        taken = origin.backup(str(tmp_path))
        before = (origin.content(), origin.files())
        done = origin.restore(taken, "--replace")
        assert done.returncode == 1
        assert "rien n’a changé" in done.stderr
        assert "other" in done.stderr
        assert (origin.content(), origin.files()) == before
        assert not (origin.media / ".restoring").exists()
    finally:
        origin.query("DROP SCHEMA other")


def test_only_the_newest_backups_are_kept(origin: Site, made: Path, tmp_path: Path) -> None:
    for stamp in ("20200101T000000Z", "20210101T000000Z"):
        shutil.copytree(made, tmp_path / f"club-{stamp}")
    (tmp_path / "autre").mkdir()
    newest = origin.backup(str(tmp_path), "--keep", "2")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["autre", "club-20210101T000000Z", newest.name]


def test_an_empty_database_is_not_a_backup(make: Make) -> None:
    done = make("nothing").run(str(ROOT / "deploy" / "backup"))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
