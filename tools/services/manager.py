"""Several servers at once: started in parallel, stopped together, their addresses as environment variables."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tools.services import chromium
from tools.services.elasticsearch import Elasticsearch
from tools.services.folders import working_folder
from tools.services.nginx import Nginx
from tools.services.postgresql import PostgreSQL
from tools.services.redis import Redis
from tools.services.server import MissingService, Server, ServiceError

SERVERS: dict[str, type[Server]] = {s.name: s for s in (PostgreSQL, Redis, Elasticsearch, Nginx)}
NAMES = ("postgresql", "redis", "elasticsearch", "chromium", "nginx")

AnyServer = TypeVar("AnyServer", bound=Server)


@dataclass
class Services:
    """What is there for a run."""

    environ: dict[str, str] = field(default_factory=dict)
    """Addresses to export: of servers started here, and of those the environment gave."""
    missing: dict[str, str] = field(default_factory=dict)
    """What could not be had, and why (French, one sentence)."""
    given: set[str] = field(default_factory=set)
    """Those whose address came from the environment: nothing was started for them."""
    took: dict[str, float] = field(default_factory=dict)
    """Seconds until each answered."""
    servers: dict[str, Server] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Start these (all that there are, if none is named) side by side; their addresses join `environ`."""
        servers = [self.servers[name] for name in names or tuple(self.servers) if name in self.servers]

        def start(server: Server) -> None:
            begin = time.monotonic()
            server.start()
            self.took[server.name] = time.monotonic() - begin

        with ThreadPoolExecutor(max_workers=len(servers) or 1) as pool:
            try:
                for one in [pool.submit(start, server) for server in servers]:
                    one.result()
            except BaseException:  # Ctrl-C too: the others must not go on for a minute
                self.abandon()
                raise
        for server in servers:
            self.environ |= server.environ

    def abandon(self) -> None:
        """Let starts under way in other threads end soon, and for good."""
        for server in self.servers.values():
            server.abandon()

    def server(self, kind: type[AnyServer]) -> AnyServer:
        """The server of this class that was started here: to kill it and start it again."""
        found = self.servers[kind.name]
        assert isinstance(found, kind)
        return found


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def find(name: str) -> Path:
    """The program of a service; raises MissingService."""
    return Path(chromium.find()) if name == "chromium" else SERVERS[name].find()


@contextlib.contextmanager
def services(
    names: Sequence[str], durable: bool = False, state: Path | str | None = None, start: bool = True
) -> Iterator[Services]:
    """Start these services, give their addresses, stop them.

    An address in the environment wins over a server of ours. What is not installed is noted in `missing`, or, in
    continuous integration (CI=true), refused: there nothing may be left out in silence.
    `durable` and `state` are for a site that keeps its data; without them everything is thrown away at the end.
    Without `start` the caller starts them (`Services.start`), some while it does other things.
    """
    if unknown := set(names) - set(NAMES):
        raise ValueError(f"service inconnu : {', '.join(sorted(unknown))} ; connus : {', '.join(NAMES)}")
    with working_folder(None if state is None else Path(state)) as (folder, lock):
        found = Services()
        for name in dict.fromkeys(names):
            _add(found, name, folder / name, durable=durable, lock=lock.fd)
        try:
            if start:
                found.start()
            yield found
        finally:
            _stop_all(list(found.servers.values()))


def _add(found: Services, name: str, folder: Path, *, durable: bool, lock: int) -> None:
    try:
        if name == "chromium":
            found.environ |= chromium.environ()
            return
        kind = SERVERS[name]
        if (address := kind.address_given()) is not None:
            found.environ[kind.variables[0]] = address
            found.given.add(name)
            return
        kind.find()
        found.servers[name] = kind(folder, durable=durable, lock=lock)
    except MissingService as reason:
        sentence = f"{reason} : lancez « python3 -m tools.services.install {name} »."
        if in_ci():
            raise MissingService(sentence) from None
        found.missing[name] = sentence


def _stop_all(servers: Sequence[Server]) -> None:
    with ThreadPoolExecutor(max_workers=len(servers) or 1) as pool:
        for server, done in [(s, pool.submit(s.stop)) for s in servers]:
            if (error := done.exception()) is not None:
                print(f"{server.title} : {error}", file=sys.stderr)


__all__ = ["NAMES", "SERVERS", "ServiceError", "Services", "find", "in_ci", "services"]
