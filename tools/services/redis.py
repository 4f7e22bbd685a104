"""Redis: a cache and a doorbell, so by default nothing of it is written to disk."""

import shutil
import socket
from pathlib import Path

from tools.services.server import MissingService, Server


class Redis(Server):
    name = "redis"
    title = "Redis"
    variables = ("REDIS_URL",)

    @classmethod
    def find(cls) -> Path:
        found = shutil.which("redis-server")
        if found is None:
            raise MissingService("Redis n’est pas installé")
        return Path(found)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        self.folder.chmod(0o700)

    def command(self) -> list[str]:
        return [
            str(self.find()),
            *("--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)),
            *("--save", "", "--appendonly", "yes" if self.durable else "no"),
            *("--daemonize", "no", "--databases", "64"),
        ]

    def ready(self) -> bool:
        # While it reads its file it answers -LOADING.
        return self.ask("PING") == "+PONG"

    def ask(self, line: str) -> str:
        """One command on one line, the first line of its answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(line.encode() + b"\r\n")
            with connection.makefile("rb") as answer:
                return answer.readline().decode().rstrip()
