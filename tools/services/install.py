"""`python3 -m tools.services.install [postgresql redis …]`: what is missing on a bare Debian, and nothing else.

As root it installs; otherwise it says, one line per service, what is missing and how to get it.
"""

import argparse
import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.services import elasticsearch
from tools.services.archive import install_elasticsearch
from tools.services.manager import NAMES, find
from tools.services.server import MissingService, ServiceError

PACKAGES = {
    "postgresql": ["postgresql"],
    "redis": ["redis-server"],
    "elasticsearch": ["maven", "openjdk-17-jre-headless"],
    "chromium": ["chromium", "chromium-driver"],
    "nginx": ["nginx"],
}
POLICY = Path("/usr/sbin/policy-rc.d")


def missing(names: Sequence[str]) -> dict[str, str]:
    """What is not there, and why we think so."""
    reasons = {}
    for name in names:
        try:
            find(name)
        except MissingService as reason:
            reasons[name] = str(reason)
    return reasons


@contextlib.contextmanager
def no_service_started() -> Iterator[None]:
    """The distribution's own services are not started by their installation: we start ours, on our ports."""
    if POLICY.exists():  # a container image, or an operator, has decided already
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def install_packages(packages: Sequence[str]) -> None:
    if shutil.which("apt-get") is None:
        raise ServiceError(f"Cette machine n’a pas apt-get : installez vous-même {', '.join(packages)}.")
    apt = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300"]
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with no_service_started():
        for command in ([*apt, "update"], [*apt, "install", "--no-install-recommends", *packages]):
            done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if done.returncode:
                last = "\n".join((done.stdout + done.stderr).splitlines()[-8:])
                raise ServiceError(f"« {' '.join(command)} » a échoué :\n{last}")


def packages_for(name: str) -> list[str]:
    if name == "elasticsearch" and elasticsearch.java() and (shutil.which("mvn") or elasticsearch.home().is_dir()):
        return []
    return PACKAGES[name]


def ensure_user() -> None:
    try:
        pwd.getpwnam(elasticsearch.USER)
    except KeyError:
        options = ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
        subprocess.run(["useradd", *options, "--user-group", elasticsearch.USER], check=True)


def install(names: Sequence[str]) -> None:
    """Install what is missing; needs root for all but the Elasticsearch cache."""
    lacking = missing(names)
    packages = [package for name in lacking for package in packages_for(name)]
    if packages:
        print(f"Paquets : {' '.join(packages)}", flush=True)
        install_packages(packages)
    if "elasticsearch" in lacking:
        print(f"Elasticsearch {elasticsearch.VERSION} dans {elasticsearch.home()}", flush=True)
        ensure_user()
        install_elasticsearch()


def how_to_get(name: str) -> str:
    variable = {"postgresql": "DATABASE_URL", "chromium": "CHROMIUM"}.get(name, f"{name.upper()}_URL")
    packages = f"apt-get install --no-install-recommends {' '.join(PACKAGES[name])}"
    if name == "elasticsearch":
        packages += f", puis python3 -m tools.services.install {name}"
    return f"en root : {packages} ; ou donnez {variable}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python3 -m tools.services.install", description="Installe les services des tests."
    )
    parser.add_argument(
        "names", nargs="*", metavar="service", help=f"parmi {', '.join(NAMES)} (tous si rien n’est dit)"
    )
    names: list[str] = parser.parse_args(arguments).names or list(NAMES)
    if unknown := set(names) - set(NAMES):
        parser.error(f"service inconnu : {', '.join(sorted(unknown))} ; connus : {', '.join(NAMES)}")
    begin = time.monotonic()
    lacking = missing(names)
    try:
        if lacking and os.geteuid() == 0:
            install(names)
        elif "elasticsearch" in lacking and not packages_for("elasticsearch"):
            install_elasticsearch()  # the cache is the user's own: no need to be root
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    lacking = missing(names)
    for name, reason in lacking.items():
        print(f"{name} : {reason} ({how_to_get(name)})", file=sys.stderr)
    if not lacking:
        print(f"Tout est là : {', '.join(names)} ({time.monotonic() - begin:.1f} s).".replace(".", ",", 1))
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
