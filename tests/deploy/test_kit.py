"""The hosting kit: what is in deploy/ can be used as it is."""

import base64
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.full.kept import LEGAL, ROOT
from tools.full.parts import Front, Sockets, Web, filled
from tools.services import MissingService

pytestmark = pytest.mark.services
BIN = Path(sys.executable).parent
DEPLOY = ROOT / "deploy"
PRODUCTION = {
    "PATH": f"{BIN}:{os.environ['PATH']}",
    "LANG": "C.UTF-8",
    "CLUB_ENV": "production",
    "SITE_URL": "https://club.example.org",
    "ALLOWED_HOSTS": "club.example.org",
    "SECRET_KEY": "of-these-tests-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
    "METRICS_TOKEN": "of-these-tests-alone-too",
    "DATABASE_URL": "postgres://club@127.0.0.1:9/club",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "TRUSTED_PROXIES": "1",
    **LEGAL,
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def test_every_container_has_a_health_check_and_none_listens_beyond_this_machine(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {"nginx", "web", "sockets", "worker", "postgres", "redis", "elasticsearch"} <= set(services)
    for name, service in services.items():
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL"), name
        for port in service.get("ports", []):
            assert str(port).startswith("127.0.0.1:"), name
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            if source.startswith("."):
                assert (DEPLOY / source).exists(), volume
            else:
                assert source in compose["volumes"], f"{name}: {source} is no named volume"
        for needed in service.get("depends_on", {}):
            assert needed in services
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    assert sorted(name for name, service in services.items() if service.get("ports")) == ["nginx"]


def test_the_container_of_nginx_is_given_every_value(compose: dict[str, Any]) -> None:
    wanted = set(re.findall(r"\$\{(CLUB_[A-Z]+)\}", (DEPLOY / "nginx.conf").read_text()))
    given = {name for name in compose["services"]["nginx"]["environment"] if name.startswith("CLUB_")}
    assert given == wanted


def test_the_image_is_not_root_and_gets_no_secret() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    assert text.count("\nFROM ") >= 2 or (text.startswith("FROM") and "\nFROM " in text)
    assert re.search(r"^USER club$", text, re.MULTILINE)
    assert "collectstatic" in text
    assert "--require-hashes" in text
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".env", "var", ".git"} <= set(ignored)


def test_nginx_takes_the_example(tmp_path: Path) -> None:
    try:
        program = Front.find()
    except MissingService as reason:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(reason))
    front = Front(tmp_path / "with space" / "nginx")
    front.folder.mkdir(parents=True)
    front.configure(Web(tmp_path / "web"), [Sockets(tmp_path / "1"), Sockets(tmp_path / "2")], tmp_path, 50)
    front.prepare()
    command = [str(program), "-t", "-p", str(front.folder), "-e", "stderr", "-c", str(front.folder / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with pytest.raises(KeyError):
        filled({})


def test_pages_of_nginx_stand_alone_and_their_style_is_allowed() -> None:
    allowed = re.search(r"style-src '(sha256-[^']+)'", (DEPLOY / "nginx.conf").read_text())
    assert allowed
    pages = sorted((DEPLOY / "pages").glob("*.html"))
    assert [page.stem for page in pages] == ["413", "429", "503"]
    for page in pages:
        text = page.read_text()
        (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert allowed[1] == f"sha256-{digest}"
        assert not re.search(r"(src=|<link|<script|https?://)", text), "nothing from elsewhere"
        assert '<html lang="fr">' in text
        assert len(text) < 3000


@pytest.mark.parametrize("kind", ["Procfile", "systemd", "compose"])
def test_commands_exist(kind: str, compose: dict[str, Any]) -> None:
    """Every command of the kit names a program and, for manage.py, a command and options that it knows."""
    if kind == "Procfile":
        lines = [line.partition(": ")[2] for line in (ROOT / "Procfile").read_text().splitlines()]
        commands = [shlex.split(line) for line in lines]
    elif kind == "systemd":
        units = sorted((DEPLOY / "systemd").glob("*.service"))
        assert [unit.stem for unit in units] == ["club-sockets", "club-web", "club-worker"]
        commands = [shlex.split(found) for u in units for found in re.findall(r"^ExecStart=(.*)$", u.read_text(), re.M)]
    else:
        ours = [s for s in compose["services"].values() if s["image"] == "club-ecoquartier"]
        commands = [s["command"] for s in ours if s["command"][0] != "sh"]
    assert len(commands) >= 3
    for command in commands:
        words = [word for word in command if not re.match(r"^[A-Z_]+=", word)]
        program = Path(words[0]).name
        if program == "gunicorn":
            check = [str(BIN / "gunicorn"), "--check-config", *words[1:]]
        else:
            assert (program, words[1]) == ("python", "manage.py")
            check = [sys.executable, *words[1:], "--help"]
        done = subprocess.run(check, cwd=ROOT, env=PRODUCTION, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}: {done.stderr}"


@pytest.mark.parametrize("name", ["web", "worker"])
def test_processes_of_the_procfile_refuse_an_unsafe_value(name: str) -> None:
    """They really start (and say why they do not go on), in an environment as a host gives it."""
    (line,) = re.findall(rf"^{name}: (.*)$", (ROOT / "Procfile").read_text(), re.MULTILINE)
    environ = {**PRODUCTION, "SECRET_KEY": "short", "PORT": "18999"}
    done = subprocess.run(line, shell=True, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "SECRET_KEY est absente ou trop courte" in done.stderr


def test_units_are_hardened() -> None:
    for unit in (DEPLOY / "systemd").glob("*.service"):
        lines = unit.read_text().splitlines()
        for wanted in ("User=club", "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "Restart=always"):
            assert wanted in lines, f"{unit.name}: {wanted}"


def test_scalingo_asks_for_what_production_demands() -> None:
    app = json.loads((ROOT / "scalingo.json").read_text())
    processes = {line.partition(":")[0] for line in (ROOT / "Procfile").read_text().splitlines()} - {"postdeploy"}
    assert set(app["formation"]) == processes
    demanded = {name for name in PRODUCTION if name not in ("PATH", "LANG", "DATABASE_URL")}
    assert demanded <= set(app["env"])
    for value in app["env"].values():
        assert value["description"]
        assert ("value" in value) != ("generator" in value)
