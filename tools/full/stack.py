"""Start everything in the right order, as much as possible side by side; stop it so that nothing is cut off."""

import contextlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.full import memory
from tools.full.kept import ROOT, environment, migrations_fingerprint, static_fingerprint
from tools.full.parts import Front, Mails, Sockets, Web, Worker, fetch_json
from tools.services import Server, ServiceError, Services, free_port, process, services
from tools.services.ports import is_free

NAMES = ("postgresql", "redis", "elasticsearch")
READY_SECONDS = 60


class Stack:
    """The running site: its address, its environment, its parts. Made by `full_stack()` only."""

    def __init__(self, state: Path, found: Services, *, port: int, processes: int, sockets: int, rate: int) -> None:
        self.state = state
        self.services = found
        self.url = f"http://127.0.0.1:{port}"
        self.took: dict[str, float] = {}
        """Seconds of each step; they overlap."""
        self.link = ""
        """The invitation of the bureau's first account, as long as nobody has used it."""
        run = state / "run"
        self.mails = Mails(run / "smtp")
        self.web = Web(run / "web")
        self.web.processes = processes
        self.sockets = [Sockets(run / f"sockets-{number}") for number in range(1, sockets + 1)]
        self.worker = Worker(run / "worker")
        self.front = Front(run / "nginx", port=port)
        self.rate = rate
        self.environ = environment(state, port, self.mails.url)
        self._abandoned = threading.Event()

    @property
    def servers(self) -> dict[str, Server]:
        """Everything that runs, by name: to kill it, to start it again, to look at it."""
        sockets = {one.folder.name: one for one in self.sockets}
        ours = {"smtp": self.mails, "web": self.web, **sockets, "worker": self.worker, "nginx": self.front}
        return {**self.services.servers, **ours}

    def start(self, email: str, on_ready: Callable[["Stack"], None]) -> None:
        """All of it; `on_ready` when the site answers, which does not wait for the search engine."""
        begun = time.monotonic()
        found = self.services
        with ThreadPoolExecutor(max_workers=4) as pool:
            try:
                search = pool.submit(found.start, "elasticsearch")
                static = pool.submit(self._collect_static)
                self._timed(self.mails)
                found.start("postgresql", "redis")
                self._addresses()
                known = self._stamped("prepared", migrations_fingerprint())
                if not known:
                    self._prepare(email)
                static.result()
                for one in [pool.submit(self._timed, part) for part in (self.web, *self.sockets, self.worker)]:
                    one.result()
                self.front.configure(self.web, self.sockets, self.state / "static", self.rate)
                self._timed(self.front)
                self.wait_ready()
                self.took["total"] = time.monotonic() - begun
                on_ready(self)
                if known:  # the link is told again as long as nobody has used it
                    self._install(email)
                search.result()
            except BaseException:  # Ctrl-C too: what is starting in other threads must not go on
                self._abandoned.set()
                for server in self.servers.values():
                    server.abandon()
                raise
        self.took |= found.took
        if "elasticsearch" in found.servers and found.servers["elasticsearch"].url != self.environ["ELASTICSEARCH_URL"]:
            raise ServiceError("Le port choisi pour Elasticsearch a été pris entre-temps : recommencez.")

    def _addresses(self) -> None:
        known = {**{v: s.url for s in self.services.servers.values() for v in s.variables[:1]}, **self.services.environ}
        figures = self.state / "figures"
        shutil.rmtree(figures, ignore_errors=True)  # of processes that are no more
        figures.mkdir()
        self.environ |= {**known, "PROMETHEUS_MULTIPROC_DIR": str(figures)}
        for part in (self.web, *self.sockets, self.worker):
            part.given = self.environ

    def _prepare(self, email: str) -> None:
        """The database, the first content and the first account; each sees what is already there."""
        self.manage("migrate", "--noinput", step="migrate")
        self._install(email)
        (self.state / "prepared.stamp").write_text(migrations_fingerprint())

    def _install(self, email: str) -> None:
        said = self.manage("install", "--email", email, "--show-link", step="install")
        if found := re.search(r"https?://\S+", said):
            self.link = found[0]

    def _stamped(self, name: str, wanted: str) -> bool:
        stamp = self.state / f"{name}.stamp"
        return stamp.exists() and stamp.read_text() == wanted

    def _collect_static(self) -> None:
        """The static files, unless those of these very sources are there already."""
        wanted = static_fingerprint()
        if self._stamped("static", wanted):
            return
        (self.state / "static.stamp").unlink(missing_ok=True)
        self.manage("collectstatic", "--noinput", step="collectstatic")
        (self.state / "static.stamp").write_text(wanted)

    def _timed(self, server: Server) -> None:
        begun = time.monotonic()
        server.start()
        self.took[server.folder.name] = time.monotonic() - begun

    def manage(self, *arguments: str, step: str = "") -> str:
        """Run a command of `manage.py` in this site's environment; what it printed. Raises `ServiceError`."""
        environ = {name: value for name, value in self.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
        begun = time.monotonic()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            started = subprocess.Popen(
                [sys.executable, "manage.py", *arguments],
                cwd=ROOT,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
            try:
                while started.poll() is None:
                    if self._abandoned.wait(0.03):
                        raise ServiceError("Démarrage abandonné.")
            finally:
                process.end(started, 15, 5)
            out.seek(0)
            err.seek(0)
            said, wrong = out.read().decode(errors="replace"), err.read().decode(errors="replace")
        if started.returncode:
            last = "\n".join(wrong.strip().splitlines()[-15:])
            raise ServiceError(f"« manage.py {' '.join(arguments)} » a échoué :\n{last}")
        if step:
            self.took[step] = time.monotonic() - begun
        return said

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Wait until /readyz says so through nginx."""
        end, last = time.monotonic() + seconds, ""
        while time.monotonic() < end:
            with contextlib.suppress(OSError, ValueError):
                answer = fetch_json(f"{self.url}/readyz")
                if isinstance(answer, dict) and answer.get("status") == "ok":
                    return
                last = str(answer)
            time.sleep(0.05)
        raise ServiceError(f"Le site n’est pas prêt après {seconds:.0f} s : {last or 'aucune réponse'}")

    def report(self) -> list[memory.Row]:
        """Memory of every process, by part."""
        return [row for name, server in self.servers.items() if server.running for row in memory.rows(name, server.pid)]

    def stop(self) -> None:
        """No new request, those in hand answered, then what answered them; the services are stopped by their owner."""
        self._abandoned.set()
        _stop([self.front, *self.sockets, self.worker])
        _stop([self.web, self.mails])


def _stop(servers: Sequence[Server]) -> None:
    with ThreadPoolExecutor(max_workers=len(servers)) as pool:
        for one in [pool.submit(server.stop) for server in servers]:
            one.result()


@contextlib.contextmanager
def _folder(state: Path | None) -> Iterator[Path]:
    if state is not None:
        state.mkdir(parents=True, exist_ok=True)
        yield state.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="club-full-") as made:
        Path(made).chmod(0o711)  # the databases' own users pass through
        yield Path(made)


@contextlib.contextmanager
def full_stack(
    state: Path | None = None,
    *,
    port: int | None = None,
    processes: int = 2,
    sockets: int = 1,
    rate: int = 100_000,
    email: str = "bureau@club.localhost",
    search: bool = True,
    on_ready: Callable[[Stack], None] = lambda stack: None,
) -> Iterator[Stack]:
    """The production shape, started and stopped: `stack.url`, `stack.environ`, `stack.manage("…")`.

    `state` keeps its data from one time to the next; without it all is thrown away. `rate` (pages per second and
    address) is far above the example's, because benches ask from one address. Without `search` the search engine, which
    takes longest, is away from the beginning.
    """
    names = NAMES if search else tuple(name for name in NAMES if name != "elasticsearch")
    if port is not None and not is_free(port):
        raise ServiceError(
            f"Le port {port} est déjà pris : choisissez-en un autre, "
            f"par exemple « make run-full CLUB_PORT={port + 1} »."
        )
    Front.find()
    with _folder(state) as folder, services(names, durable=True, state=folder, start=False) as found:
        if found.missing:
            raise ServiceError("\n".join(found.missing.values()))
        stack = Stack(folder, found, port=port or free_port(), processes=processes, sockets=sockets, rate=rate)
        try:
            stack.start(email, on_ready)
            yield stack
        finally:
            stack.stop()
