"""The site's own processes, each as a server that is started, asked whether it answers, and ended in good order."""

import json
import re
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from subprocess import Popen
from typing import ClassVar

from tools.full.kept import ROOT
from tools.services.nginx import Nginx
from tools.services.server import Server, ServiceError

BIN = Path(sys.executable).parent


class Part(Server):
    """A process of the site: it gets the site's environment and works in the project's folder."""

    variables = ()
    given: Mapping[str, str] = {}
    """The environment; set before `start`."""

    @classmethod
    def find(cls) -> Path:
        return Path(sys.executable)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cwd(self) -> Path:
        return ROOT

    def prepare(self) -> None:
        self.folder.chmod(0o700)

    def process_environ(self) -> Mapping[str, str]:
        return self.given

    def answers(self, path: str, host: str = "") -> bool:
        """Whether a GET gives 200."""
        request = urllib.request.Request(self.url + path, headers={"X-Forwarded-Proto": "http"})
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError:
            return False


class Web(Part):
    """gunicorn: pages."""

    name = "web"
    title = "gunicorn (pages)"
    start_seconds = 60
    stop_seconds = 40  # longer than its own grace for requests in hand
    processes = 2
    threads = 4

    def command(self) -> list[str]:
        return [str(BIN / "gunicorn"), "-c", str(ROOT / "deploy" / "gunicorn.conf.py")]

    def process_environ(self) -> Mapping[str, str]:
        return {
            **self.given,
            "WEB_BIND": f"127.0.0.1:{self.port}",
            "WEB_CONCURRENCY": str(self.processes),
            "WEB_THREADS": str(self.threads),
        }

    def ready(self) -> bool:
        return self.answers("/healthz")


class Sockets(Part):
    """daphne: sockets. Through `serve`, because daphne by itself closes sockets without a word at its stop."""

    name = "sockets"
    title = "daphne (sockets)"
    start_seconds = 60
    drain: ClassVar[float] = 1.0

    def command(self) -> list[str]:
        return [str(self.find()), "manage.py", "serve", "--no-worker", "--drain", str(self.drain)]

    def process_environ(self) -> Mapping[str, str]:
        return {**self.given, "CLUB_PORT": str(self.port), "DATABASE_POOL": "10"}

    def ready(self) -> bool:
        return self.answers("/healthz")


class Worker(Part):
    """`manage.py worker`: it listens nowhere, so it is ready once it has loaded the site and says so."""

    name = "worker"
    title = "l’agent de travail"
    stop_seconds = 20

    def command(self) -> list[str]:
        return [str(self.find()), "manage.py", "worker"]

    def ready(self) -> bool:
        return True

    def _wait_until_ready(self, started: Popen[bytes]) -> None:
        # What can go wrong (an unsafe value, no database) goes wrong while it loads; then it takes TERM as its own.
        end = time.monotonic() + self.start_seconds
        while not self._handles(started.pid, signal.SIGTERM):
            if started.poll() is not None:
                raise self._failure(f"s’est arrêté au démarrage (code {started.returncode})")
            if self._abandoned.is_set() or time.monotonic() > end:
                raise self._failure("n’a pas fini de démarrer")
            time.sleep(0.05)

    @staticmethod
    def _handles(pid: int, sig: int) -> bool:
        try:
            found = re.search(r"^SigCgt:\s*([0-9a-f]+)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        except OSError:
            return False
        return bool(found and int(found[1], 16) >> (sig - 1) & 1)


class Mails(Part):
    """A real SMTP server that keeps what it is given (a Maildir), so that EMAIL_URL is a real address."""

    name = "smtp"
    title = "le serveur de courriels"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def box(self) -> Path:
        return self.folder / "maildir"

    def command(self) -> list[str]:
        handler = ["-c", "aiosmtpd.handlers.Mailbox", str(self.box)]
        return [str(self.find()), "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{self.port}", *handler]

    def ready(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            return connection.recv(4) == b"220 "


class Front(Nginx):
    """nginx, with the example that operators get: deploy/nginx.conf is tested by every run."""

    stop_signal: ClassVar[int] = signal.SIGQUIT  # what is under way is answered

    def configure(self, web: Web, sockets: list[Sockets], static: Path, rate: int) -> None:
        """Write what goes into its `http` block."""
        extra = self.folder / "extra"
        extra.mkdir(parents=True, exist_ok=True)
        text = filled(
            {
                "CLUB_LISTEN": "127.0.0.1:{port}",
                "CLUB_HOST": "127.0.0.1 localhost",
                "CLUB_PAGES": f"127.0.0.1:{web.port}",
                "CLUB_SOCKETS": " max_fails=0; server ".join(f"127.0.0.1:{one.port}" for one in sockets),
                "CLUB_STATIC": quoted(static),
                "CLUB_ERRORS": quoted(ROOT / "deploy" / "pages"),
                "CLUB_PROTO": "$scheme",
                "CLUB_RATE": str(rate),
                "CLUB_EXTRA": quoted(extra),
            }
        )
        types = Path("/etc/nginx/mime.types")
        self.http = (
            (f"include {types};\n" if types.exists() else "") + "default_type application/octet-stream;\n" + text
        )


def quoted(path: Path) -> str:
    """A path as nginx takes it inside a longer word: with what it would read as syntax escaped."""
    if re.search(r"[\"'{}$\n]", str(path)):
        raise ServiceError(f"nginx ne peut pas travailler avec le chemin {path} : il contient un caractère réservé.")
    return str(path).replace("\\", "\\\\").replace(" ", "\\ ").replace(";", "\\;")


def filled(values: Mapping[str, str]) -> str:
    """deploy/nginx.conf with its ${CLUB_…}; one that is not given is an error."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return re.sub(r"\$\{(CLUB_[A-Z]+)\}", lambda found: values[found[1]], body) + "\n"


def fetch_json(url: str) -> object:
    """The JSON of an address of this machine, whatever its status."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=5) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)
