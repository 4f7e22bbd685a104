"""nginx, for the production shape: the caller gives what goes into its `http` block."""

import getpass
import os
import shutil
import socket
from pathlib import Path

from tools.services.server import MissingService, Server, ServiceError

PLACES = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])


class Nginx(Server):
    name = "nginx"
    title = "nginx"
    variables = ("NGINX_URL",)

    http = "server { listen 127.0.0.1:{port}; location / { return 404; } }"
    """Set before `start`; `{port}` stands for the port."""

    @classmethod
    def find(cls) -> Path:
        found = shutil.which("nginx", path=PLACES)
        if found is None:
            raise MissingService("nginx n’est pas installé")
        return Path(found)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        if '"' in str(self.folder):
            raise ServiceError(f"nginx ne peut pas travailler dans {self.folder} : le chemin contient un guillemet.")
        self.folder.chmod(0o755)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "\n".join(f'  {kind}_temp_path "{self.folder}/tmp-{kind}";' for kind in kinds)
        # Started by root, its workers stay root, as the site's own processes do then: one machine, loopback only.
        user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(
            f'{user}\ndaemon off;\nworker_processes auto;\npid "{self.folder}/nginx.pid";\nerror_log stderr warn;\n'
            "worker_shutdown_timeout 10s;\n"  # a socket that stays open does not hold a stop for ever
            "events { worker_connections 1024; }\n"
            f'http {{\n{temporary}\n  access_log "{self.folder}/access.log";\n'
            f"{self.http.replace('{port}', str(self.port))}\n}}\n",
            encoding="utf-8",
        )

    def command(self) -> list[str]:
        return [str(self.find()), "-p", str(self.folder), "-e", "stderr", "-c", str(self.folder / "nginx.conf")]

    def ready(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(b"OPTIONS * HTTP/1.0\r\n\r\n")
            return connection.recv(5) == b"HTTP/"
