"""The servers that all other tests stand on: they start, answer, survive being killed, and leave nothing behind."""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.services import MissingService, Server, ServiceError, folders, free_port, ports, process, services
from tools.services.elasticsearch import Elasticsearch
from tools.services.nginx import Nginx
from tools.services.ports import LAST, is_free
from tools.services.postgresql import PostgreSQL
from tools.services.process import Process, tree, wait_gone
from tools.services.redis import Redis

pytestmark = pytest.mark.services

ROOT = Path(__file__).parents[2]
ADDRESSES = ("DATABASE_URL", "TEST_DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL", "NGINX_URL", "CHROMIUM")
HAVE = {"postgresql": PostgreSQL, "redis": Redis, "elasticsearch": Elasticsearch, "nginx": Nginx}


@pytest.fixture(autouse=True)
def _no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests start servers even where `make test` has given addresses."""
    for name in ADDRESSES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A folder for a site's state; what root has to keep elsewhere is removed too."""
    elsewhere = Path(tempfile.mkdtemp(dir="/var/tmp"))
    elsewhere.chmod(0o711)
    monkeypatch.setattr(folders, "SYSTEM", elsewhere)
    yield tmp_path / "état"
    shutil.rmtree(elsewhere)


def needs(*names: str) -> None:
    """On a laptop without a service: skipped with its reason. In continuous integration: never skipped."""
    for name in names:
        try:
            HAVE[name].find()
        except MissingService as reason:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(reason))


def gone(processes: list[Process]) -> bool:
    return wait_gone(processes, 10) == []


def killed_and_back(server: Server) -> None:
    """`kill -9`, nothing left of it, nobody on its port; then again on the same port."""
    port, family = server.port, tree(server.pid)
    server.kill()
    assert not server.running
    assert gone(family)
    assert is_free(port)
    server.start()
    assert server.port == port
    assert server.ready()


def stopped(server: Server) -> None:
    family = tree(server.pid)
    assert family
    server.stop()
    assert not server.running
    assert [p for p in family if p.alive] == []
    assert is_free(server.port)


# Each server, in its own protocol


def test_postgresql_answers_and_keeps_commits_through_a_kill() -> None:
    needs("postgresql")
    with services(["postgresql"]) as found:
        server = found.server(PostgreSQL)
        assert found.environ == {"DATABASE_URL": f"postgres://club@127.0.0.1:{server.port}/club"}
        assert server.query("select current_database(), null") == [["club", None]]
        assert server.query("show fsync") == [["off"]]
        assert int(server.query("show max_connections")[0][0] or 0) >= 200
        assert server.query("show server_encoding") == [["UTF8"]]
        server.query("create table town (name text)")
        server.query("insert into town values ('Épernay')")
        killed_and_back(server)
        assert server.query("select name from town") == [["Épernay"]]
        stopped(server)


def test_a_durable_postgresql_waits_for_the_disk(state: Path) -> None:
    needs("postgresql")
    with services(["postgresql"], durable=True, state=state) as found:
        server = found.server(PostgreSQL)
        assert server.query("show fsync") == [["on"]]
        assert server.query("show data_checksums") == [["on"]]
        server.query("create table town (name text)")
    with services(["postgresql"], durable=True, state=state) as found:
        assert found.server(PostgreSQL).query("select count(*) from town") == [["0"]]


@pytest.mark.parametrize("durable", [False, True])
def test_redis_keeps_its_keys_only_when_durable(durable: bool) -> None:
    needs("redis")
    with services(["redis"], durable=durable) as found:
        server = found.server(Redis)
        assert found.environ == {"REDIS_URL": f"redis://127.0.0.1:{server.port}/0"}
        assert server.ask("SET town Nantes") == "+OK"
        killed_and_back(server)
        assert server.ask("EXISTS town") == (":1" if durable else ":0")
        stopped(server)


def http(url: str, method: str = "GET", body: bytes | None = None) -> str:
    request = urllib.request.Request(url, method=method, data=body, headers={"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        return str(answer.read().decode())


def test_elasticsearch_searches_in_french_and_keeps_documents_through_a_kill() -> None:
    needs("elasticsearch")
    with services(["elasticsearch"]) as found:
        server, url = found.server(Elasticsearch), found.environ["ELASTICSEARCH_URL"]
        assert Path(f"/proc/{server.pid}/cmdline").read_text().count("org.elasticsearch.server") >= 1
        http(f"{url}/town", "PUT", b'{"mappings":{"properties":{"t":{"type":"text","analyzer":"french"}}}}')
        http(f"{url}/town/_doc/1?refresh=true", "PUT", '{"t": "l’énergie des écoquartiers"}'.encode())
        assert '"value":1' in http(f"{url}/town/_search?q=t:energies%20OR%20t:%C3%A9nergies")
        killed_and_back(server)
        assert '"found":true' in http(f"{url}/town/_doc/1")
        stopped(server)


def test_nginx_serves_what_it_is_told(tmp_path: Path) -> None:
    needs("nginx")
    server = Nginx(tmp_path / "nginx")
    server.http = 'server { listen 127.0.0.1:{port}; location / { return 200 "bonjour"; } }'
    try:
        server.start()
        assert http(server.url) == "bonjour"
        killed_and_back(server)
        stopped(server)
    finally:
        server.stop()


# What is given, what is missing


def test_an_address_in_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "DATABASE_URL": "postgres://somebody@db.example/club",
        "REDIS_URL": "redis://cache.example/3",
        "ELASTICSEARCH_URL": "http://search.example:9200",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with services(["postgresql", "redis", "elasticsearch"]) as found:
        assert found.environ == given
        assert found.servers == {}
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://somebody@db.example/tests")
    with services(["postgresql"]) as found:
        assert found.environ == {"DATABASE_URL": "postgres://somebody@db.example/tests"}


def test_a_site_on_sqlite_gives_no_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("postgresql")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///var/club.sqlite3")
    with services(["postgresql"]) as found:
        assert found.environ["DATABASE_URL"].startswith("postgres://club@127.0.0.1:")


def test_the_browser_is_found_or_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CI", raising=False)
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with services(["chromium"]) as found:
        assert found.environ == {"CHROMIUM": str(browser)}
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "absent"))
    with services(["chromium"]) as found:
        assert "ne désigne pas un programme" in found.missing["chromium"]


def test_a_missing_service_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with services(["redis", "elasticsearch"]) as found:
        assert found.environ == {}
        assert found.missing["redis"] == (
            "Redis n’est pas installé : lancez « python3 -m tools.services.install redis »."
        )
        assert "python3 -m tools.services.install elasticsearch" in found.missing["elasticsearch"]


def test_in_continuous_integration_a_missing_service_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingService, match="Redis n’est pas installé"), services(["redis"]):
        pass


# Accidents


def test_a_port_taken_meanwhile_is_replaced_unless_it_was_asked_for(tmp_path: Path) -> None:
    needs("redis")
    first = Redis(tmp_path / "first").start()
    try:
        asked = Redis(tmp_path / "asked", port=first.port)
        with pytest.raises(ServiceError, match=r"(?s)Redis s’est arrêté au démarrage.*in use"):
            asked.start()
        unlucky = Redis(tmp_path / "unlucky")
        unlucky.port = first.port
        try:
            assert unlucky.start().port != first.port
        finally:
            unlucky.stop()
    finally:
        first.stop()


def test_a_server_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    needs("redis")
    server = Redis(tmp_path / "redis")
    thread = threading.Thread(target=server.start)
    thread.start()
    thread.join()
    time.sleep(0.3)
    try:
        assert server.ready()
    finally:
        server.stop()


def test_one_that_does_not_start_stops_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("redis", "postgresql")
    started: list[Process] = []
    monkeypatch.setattr(Redis, "command", lambda self: ["/bin/false"])
    before = set(tree(os.getpid()))
    with pytest.raises(ServiceError, match="Redis s’est arrêté au démarrage"), services(["postgresql", "redis"]):
        pass
    started = [p for p in tree(os.getpid()) if p not in before]
    assert started == []


def test_a_folder_in_use_is_refused_and_free_again_afterwards(monkeypatch: pytest.MonkeyPatch, state: Path) -> None:
    needs("redis")
    monkeypatch.setattr(folders, "PATIENCE", 0.2)
    with (
        services(["redis"], state=state),
        pytest.raises(ServiceError, match="déjà utilisé"),
        services(["redis"], state=state),
    ):
        pass
    with services(["redis"], state=state) as found:
        assert found.server(Redis).ready()


def test_what_root_keeps_elsewhere_is_found_again_and_goes_with_its_state(
    monkeypatch: pytest.MonkeyPatch, state: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    state.mkdir(mode=0o700)
    first = folders.state_folder(state)
    assert first.parent == folders.SYSTEM
    assert folders.state_folder(state) == first
    shutil.rmtree(state)
    second = folders.state_folder(state)
    assert second != first
    assert [f.name for f in folders.SYSTEM.iterdir()] == [second.name]


def test_temporary_folders_of_dead_runs_are_swept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(folders, "temporary_root", lambda: tmp_path)
    dead, held, young = (tmp_path / f"{folders.TEMPORARY}{name}" for name in ("dead", "held", "young"))
    for folder in (dead, held, young):
        folder.mkdir()
        (folder / "data").write_text("x")
    lock = folders.Lock(held)
    assert lock.take()
    for folder in (dead, held):
        os.utime(folder, (0, 0))
    folders.sweep()
    assert [f.exists() for f in (dead, held, young)] == [False, True, True]
    lock.close()


def test_two_runs_with_the_same_seed_do_not_try_the_same_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    for _ in range(2):
        random.seed(0)
        monkeypatch.setattr(ports, "_given", set())
        tried.append([free_port() for _ in range(3)])
    assert tried[0] != tried[1]


def test_ports_are_never_given_twice_and_not_the_kernels() -> None:
    given = [free_port() for _ in range(200)]
    assert len(set(given)) == 200
    assert max(given) < LAST


STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen(["sleep", "600"])
print("here", flush=True)
time.sleep(600)
"""


def test_one_that_ignores_the_request_is_ended_with_its_children(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as file:
        stubborn = process.spawn([sys.executable, "-c", STUBBORN], user=None, cwd=tmp_path, log=file)
    while "here" not in log.read_text():
        time.sleep(0.02)
    family = tree(stubborn.pid)
    assert len(family) == 2
    process.end(stubborn, signal.SIGTERM, 0.3)
    assert stubborn.returncode == -signal.SIGKILL
    assert [p for p in family if p.alive] == []


# The parent

HOLD = """
import sys, time
from tools.services import services
with services(sys.argv[1].split(",")) as found:
    print(*(server.pid for server in found.servers.values()), flush=True)
    time.sleep(600)
"""


def held(names: str) -> tuple[subprocess.Popen[str], list[Process]]:
    parent = subprocess.Popen([sys.executable, "-c", HOLD, names], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    family = [p for p in tree(parent.pid) if p.pid != parent.pid]
    assert set(pids) <= {p.pid for p in family}
    return parent, family


@pytest.mark.parametrize("names", ["postgresql,redis,nginx", "elasticsearch"])
def test_a_parent_killed_takes_its_servers_with_it(names: str) -> None:
    needs(*names.split(","))
    parent, family = held(names)
    parent.kill()
    parent.communicate()
    left = wait_gone(family, 30)
    process.kill(left)  # where this fails, it leaves nothing either
    assert left == []


# The command


def run(*arguments: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tools.services.run", *arguments],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_gets_the_addresses_and_its_exit_code_is_passed_on() -> None:
    needs("redis")
    command = run("--with", "redis", "--", "sh", "-c", 'echo "$REDIS_URL"; exit 7')
    out, err = command.communicate(timeout=30)
    assert (command.returncode, out.startswith("redis://127.0.0.1:")) == (7, True)
    assert "redis prêt en" in err
    assert is_free(int(out.rsplit(":", 1)[1].split("/")[0]))


def test_the_command_says_what_it_goes_without(tmp_path: Path) -> None:
    nothing = {"PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    command = run("--with", "redis", "--", "/bin/true", env={**nothing, "CI": ""})
    assert "⚠ Sans redis : Redis n’est pas installé" in command.communicate(timeout=30)[1]
    assert command.returncode == 0
    command = run("--with", "redis", "--", "/bin/true", env={**nothing, "CI": "true"})
    assert command.communicate(timeout=30)[1].count("Redis n’est pas installé") == 1
    assert command.returncode == 1


def test_a_command_that_does_not_exist_is_one_sentence() -> None:
    command = run("--with", "", "--", "no-such-program")
    assert "« no-such-program » ne peut pas être lancé" in command.communicate(timeout=30)[1]
    assert command.returncode == 1


@pytest.fixture
def sleeping() -> Iterator[tuple[subprocess.Popen[str], list[Process]]]:
    """A run whose command sleeps, and all the processes below it."""
    needs("redis")
    runner = run("--with", "redis", "--", "sh", "-c", "echo ready; exec sleep 600")
    assert runner.stdout is not None
    assert runner.stdout.readline() == "ready\n"
    family = [p for p in tree(runner.pid) if p.pid != runner.pid]
    yield runner, family
    runner.kill()
    runner.communicate()
    process.kill(family)


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_the_runner_ends_command_and_servers(
    sleeping: tuple[subprocess.Popen[str], list[Process]], sig: signal.Signals
) -> None:
    runner, family = sleeping
    assert len(family) == 2
    runner.send_signal(sig)
    runner.wait(20)
    assert runner.returncode == (-sig if sig == signal.SIGKILL else 128 + sig)
    assert gone(family)


def test_ctrl_c_while_servers_start_stops_them() -> None:
    needs("elasticsearch")
    runner = run("--with", "elasticsearch", "--", "true")
    end = time.monotonic() + 20
    while len(family := tree(runner.pid)) < 3 and time.monotonic() < end:
        time.sleep(0.05)
    assert len(family) >= 3, "the launcher and the server were expected"
    runner.send_signal(signal.SIGINT)
    assert runner.wait(30) == 130
    runner.communicate()
    assert gone(family)
