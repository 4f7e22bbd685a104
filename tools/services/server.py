"""What all servers have in common: prepared once, started, asked whether they are ready, ended."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Self

from tools.services import process
from tools.services.ports import free_port, is_free


class ServiceError(Exception):
    """Something a person has to know, in one French sentence."""


class MissingService(ServiceError):
    """The program is not on this machine; the sentence says how to get it."""


class Server(ABC):
    """One real server, started from its own binary on its own port, in its own folder."""

    name: ClassVar[str]
    title: ClassVar[str]
    variables: ClassVar[tuple[str, ...]]
    """Environment variables that hold its address; the first is the one we set."""
    stop_signal: ClassVar[int] = signal.SIGTERM
    start_seconds: ClassVar[float] = 30
    stop_seconds: ClassVar[float] = 15

    def __init__(
        self, folder: Path, *, durable: bool = False, port: int | None = None, lock: int | None = None
    ) -> None:
        self.folder = folder
        self.durable = durable
        self._chosen = port is not None
        self.port = port or free_port()
        self._keep = () if lock is None else (lock,)
        self._process: subprocess.Popen[bytes] | None = None
        self._abandoned = threading.Event()
        self._prepared = False

    @classmethod
    @abstractmethod
    def find(cls) -> Path:
        """The binary (or folder) to start; raises MissingService when it is not there."""

    @classmethod
    def address_given(cls) -> str | None:
        """The address of a server that the environment gives us: then nothing is started."""
        return next((os.environ[name] for name in cls.variables if os.environ.get(name)), None)

    @property
    @abstractmethod
    def url(self) -> str: ...

    @property
    def environ(self) -> dict[str, str]:
        return {self.variables[0]: self.url}

    @abstractmethod
    def prepare(self) -> None:
        """Make folders, settings and empty data where they are not there yet."""

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def ready(self) -> bool:
        """Does it answer in its own protocol? (False while it does not yet.)"""

    def user(self) -> str | None:
        """The user to run as; None: whoever we are."""
        return None

    def cwd(self) -> Path:
        return self.folder

    def process_environ(self) -> Mapping[str, str]:
        """A small environment: what a developer exports must not change how a server behaves."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def pid(self) -> int:
        """The process to kill; only while it runs."""
        if self._process is None:
            raise ServiceError(f"{self.title} n’est pas démarré.")
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Start it and wait until it answers; again on the same port and data when it was started before."""
        if self.running:
            return self
        attempts = 1 if self._chosen or self._prepared else 3
        for attempt in range(1, attempts + 1):
            try:
                self._start_once()
            except ServiceError:
                # Between choosing the port and listening on it, somebody else may have taken it.
                if attempt == attempts or self._abandoned.is_set() or not self.port_taken():
                    raise
                self.take_ports()
            else:
                self._prepared = True
                return self
        raise AssertionError("unreachable")

    def _start_once(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        try:
            self.prepare()
        except (subprocess.SubprocessError, OSError) as error:
            raise self._failure(f"n’a pas pu être préparé ({error})") from error
        with self.log.open("ab") as log:
            self._process = process.spawn(
                self.command(),
                user=self.user(),
                cwd=self.cwd(),
                log=log,
                env=self.process_environ(),
                death_signal=self.stop_signal,
                keep=self._keep,
            )
        try:
            self._wait_until_ready(self._process)
        except BaseException:
            self.kill()  # nobody has used it yet, and in the middle of its start it may not listen to reason
            raise

    def _wait_until_ready(self, started: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + self.start_seconds
        while True:
            if self._abandoned.is_set():
                raise ServiceError(f"{self.title} : démarrage abandonné.")
            if started.poll() is not None:
                raise self._failure(f"s’est arrêté au démarrage (code {started.returncode})")
            with contextlib.suppress(OSError):  # not listening yet
                # That somebody answers on the port is not enough: it may be somebody else's server.
                if process.listens(started.pid, self.port) and self.ready():
                    return
            if time.monotonic() > end:
                raise self._failure(f"ne répond pas après {self.start_seconds:.0f} s")
            time.sleep(0.03)

    def port_taken(self) -> bool:
        return not is_free(self.port)

    def take_ports(self) -> None:
        self.port = free_port()

    def _failure(self, what: str) -> ServiceError:
        try:
            last = "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        except OSError:
            last = ""
        return ServiceError(
            f"{self.title} {what}. Son journal est {self.log} ; ses dernières lignes :\n{last}".rstrip()
        )

    def abandon(self) -> None:
        """Let a start under way in another thread end soon, and for good."""
        self._abandoned.set()

    def stop(self) -> None:
        """Ask it to end in good order; by force when it does not. Leaves no process. Its data stay."""
        if self._process is not None:
            process.end(self._process, self.stop_signal, self.stop_seconds)

    def kill(self) -> None:
        """`kill -9`, it and all its processes at once: what a power cut or the kernel's memory killer does."""
        if self._process is not None and self._process.poll() is None:
            process.kill(process.tree(self.pid), self._process)
