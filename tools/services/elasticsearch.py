"""Elasticsearch 8, the real server, from the cache that `tools.services.install` fills.

Its usual shell wrapper is not in that archive: its launcher is started directly. Several nodes form a cluster when each
is given its name, the transport addresses of the others and the names of the first masters.
"""

import json
import os
import pwd
import shutil
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.services import process
from tools.services.folders import cache_root, own
from tools.services.ports import free_port, is_free
from tools.services.server import MissingService, Server

VERSION = "8.16.6"
USER = "club-elasticsearch"
"""Made by the installation when root: Elasticsearch refuses to run as root, and owns nothing but its data."""


def home() -> Path:
    return cache_root() / f"elasticsearch-{VERSION}"


def java() -> str | None:
    """Java 17, which this version is made for: the newest Java of the machine may be one it cannot start on."""
    places = sorted(Path("/usr/lib/jvm").glob("java-17-openjdk-*/bin/java"))
    return str(places[0]) if places else shutil.which("java")


class Elasticsearch(Server):
    name = "elasticsearch"
    title = "Elasticsearch"
    variables = ("ELASTICSEARCH_URL",)
    start_seconds = 120  # 14 s alone on two cores; a busy machine takes its time
    stop_seconds = 20

    def __init__(
        self,
        folder: Path,
        *,
        durable: bool = False,
        port: int | None = None,
        lock: int | None = None,
        heap: str = "512m",
        node: str = "node-1",
        transport_port: int | None = None,
        seeds: Sequence[str] = (),
        first_masters: Sequence[str] = (),
    ) -> None:
        super().__init__(folder, durable=durable, port=port, lock=lock)
        self.heap = heap
        self.node = node
        self.transport_port = transport_port or free_port()
        self.seeds = list(seeds)
        self.first_masters = list(first_masters)

    @classmethod
    def find(cls) -> Path:
        if not home().is_dir():
            raise MissingService(f"Elasticsearch {VERSION} n’est pas dans {cache_root()}")
        if java() is None:
            raise MissingService("Java 17, dont Elasticsearch a besoin, n’est pas installé")
        if os.geteuid() == 0:
            try:
                pwd.getpwnam(USER)
            except KeyError:
                raise MissingService(
                    f"Elasticsearch refuse de tourner en root, et l’utilisateur {USER} manque"
                ) from None
        return home()

    def user(self) -> str | None:
        return USER if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def config(self) -> Path:
        return self.folder / "config"

    def cwd(self) -> Path:
        return self.find()  # the launcher finds its parts relative to it

    def prepare(self) -> None:
        own(self.folder, self.user())
        own(self.config, self.user())
        for name in ("data", "logs", "tmp", "config/jvm.options.d"):
            own(self.folder / name, self.user())
        for source in (self.find() / "config").iterdir():
            if source.is_file() and source.name not in ("elasticsearch.yml", "jvm.options"):
                self._write(source.name, source.read_text(encoding="utf-8"))
        self._write("jvm.options", self._jvm_options())
        self._write("jvm.options.d/heap.options", f"-Xms{self.heap}\n-Xmx{self.heap}\n")
        # JSON is YAML: nothing has to be quoted by hand.
        self._write("elasticsearch.yml", json.dumps(self.settings(), indent=1, ensure_ascii=False))

    def settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "cluster.name": "club",
            "node.name": self.node,
            "network.host": "127.0.0.1",
            "http.port": self.port,
            "transport.port": self.transport_port,
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
            "xpack.security.enabled": False,
            "cluster.routing.allocation.disk.threshold_enabled": False,
        }
        if self.seeds or self.first_masters:
            settings["discovery.seed_hosts"] = self.seeds
            settings["cluster.initial_master_nodes"] = self.first_masters
        else:
            settings["discovery.type"] = "single-node"
        return settings

    def _jvm_options(self) -> str:
        """The shipped options, without what would be written into the shared folder."""
        shipped = (self.find() / "config" / "jvm.options").read_text(encoding="utf-8")
        unwanted = ("-XX:HeapDumpPath=", "-XX:ErrorFile=", "-XX:+HeapDumpOnOutOfMemoryError", "-Xlog:gc")
        kept = [line for line in shipped.splitlines() if line.strip() and not line.startswith(("#", *unwanted))]
        return "\n".join([*kept, f"-XX:ErrorFile={self.folder}/logs/hs_err_pid%p.log", ""])

    def _write(self, name: str, text: str) -> None:
        path = self.config / name
        path.write_text(text, encoding="utf-8")
        if (user := self.user()) is not None:
            shutil.chown(path, user)
        path.chmod(0o600)

    def process_environ(self) -> Mapping[str, str]:
        return {
            **super().process_environ(),
            "ES_TMPDIR": str(self.folder / "tmp"),
            "ES_PATH_CONF": str(self.config),
            "HOME": str(self.folder),
        }

    def command(self) -> list[str]:
        es = self.find()
        return [
            java() or "java",
            *("-Xms4m", "-Xmx64m", "-XX:+UseSerialGC"),
            *("-Dcli.name=server", f"-Dcli.script={es}/bin/elasticsearch", "-Dcli.libs=lib/tools/server-cli"),
            *(f"-Des.path.home={es}", f"-Des.path.conf={self.config}", "-Des.distribution.type=zip"),
            *("-cp", f"{es}/lib/*:{es}/lib/cli-launcher/*"),
            "org.elasticsearch.launcher.CliToolLauncher",
        ]

    @property
    def pid(self) -> int:
        """The server itself, which the launcher has started (the launcher while there is none yet)."""
        family = process.tree(super().pid)
        return family[1].pid if len(family) > 1 else super().pid

    def kill(self) -> None:
        """The launcher goes too: it would only report that its server is gone."""
        if self._process is not None and self._process.poll() is None:
            process.kill(process.tree(self._process.pid), self._process)

    def port_taken(self) -> bool:
        return super().port_taken() or not is_free(self.transport_port)

    def take_ports(self) -> None:
        super().take_ports()
        self.transport_port = free_port()

    def ready(self) -> bool:
        """It answers, has a master, and every index it kept can be read again."""
        try:
            status = self._get("/_cluster/health")["status"]
        except urllib.error.HTTPError:
            return False  # 503 while it has no master
        return status in ("yellow", "green")

    def _get(self, path: str) -> Any:
        """Past any proxy of the environment: it is on this machine."""
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.url + path, timeout=5) as answer:
            return json.load(answer)
