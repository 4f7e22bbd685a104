"""PostgreSQL, from the distribution's binaries, with a cluster of its own."""

import os
import pwd
import shutil
import signal
from pathlib import Path
from typing import ClassVar

from tools.services import process
from tools.services.folders import own
from tools.services.postgres_wire import PostgresError, query
from tools.services.server import MissingService, Server, ServiceError

DEBIAN = Path("/usr/lib/postgresql")
OLDEST = 15
ROLE = DATABASE = "club"

# What tests may lose is their own data, on a power cut; a commit still outlives a killed server.
FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
}


class PostgreSQL(Server):
    name = "postgresql"
    title = "PostgreSQL"
    variables = ("DATABASE_URL", "TEST_DATABASE_URL")
    stop_signal: ClassVar[int] = signal.SIGINT  # "fast": TERM would wait for every client to leave

    @classmethod
    def address_given(cls) -> str | None:
        """The one for tests first; a site's own address counts only when it is PostgreSQL's."""
        for name in ("TEST_DATABASE_URL", "DATABASE_URL"):
            if os.environ.get(name, "").startswith(("postgres://", "postgresql://")):
                return os.environ[name]
        return None

    @classmethod
    def find(cls) -> Path:
        """The folder of its binaries: the newest of Debian's, or the one on the path."""
        versions = sorted((int(p.name), p / "bin") for p in DEBIAN.glob("[0-9]*") if p.name.isdigit())
        for version, folder in reversed(versions):
            if version >= OLDEST and (folder / "initdb").exists() and (folder / "postgres").exists():
                break
        else:
            found = shutil.which("initdb")
            if found is None:
                raise MissingService("PostgreSQL n’est pas installé")
            folder = Path(found).resolve().parent
        if os.geteuid() == 0:
            try:
                pwd.getpwnam("postgres")
            except KeyError:
                raise MissingService("PostgreSQL refuse de tourner en root, et l’utilisateur postgres manque") from None
        return folder

    def user(self) -> str | None:
        return "postgres" if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def query(self, sql: str, database: str = DATABASE) -> list[list[str | None]]:
        return query(self.port, ROLE, database, sql)

    def prepare(self) -> None:
        self._same_version()
        if (self.data / "PG_VERSION").exists():
            return
        # Made beside and renamed: an interrupted initdb leaves nothing that looks like a cluster.
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        own(self.folder, self.user())
        options = ["--data-checksums"] if self.durable else ["--no-sync"]
        with self.log.open("ab") as log:
            process.run(
                [
                    str(self.find() / "initdb"),
                    f"--pgdata={fresh}",
                    f"--username={ROLE}",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    *options,
                ],
                user=self.user(),
                cwd=self.folder,
                log=log,
            )
        fresh.rename(self.data)

    def _same_version(self) -> None:
        try:
            made_with = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        here = self.find().parent.name
        if here.isdigit() and here != made_with:
            raise ServiceError(
                f"Les données de {self.data} viennent de PostgreSQL {made_with}, cette machine a PostgreSQL {here} : "
                f"installez postgresql-{made_with}, ou restaurez une sauvegarde dans un dossier neuf."
            )

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            # A socket's path is limited to 107 characters; without one, only TCP is served.
            "unix_socket_directories": str(self.folder) if len(str(self.folder)) < 85 else "",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C",
            **({} if self.durable else FAST),
        }
        command = [str(self.find() / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def ready(self) -> bool:
        try:
            if not query(self.port, ROLE, "postgres", f"select 1 from pg_database where datname = '{DATABASE}'"):
                query(self.port, ROLE, "postgres", f"create database {DATABASE}")
        except PostgresError as error:
            if str(error).startswith("57P03"):  # it is starting up, or recovering after a kill
                return False
            raise ServiceError(f"PostgreSQL répond : {error}") from error
        return True
