"""`make run` when something is wrong: one clear sentence that says what to do; and stopping leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tools.services import free_port

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.services


def environment(state: Path, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "CLUB_STATE": str(state), "CLUB_PORT": str(port), "CLUB_ENV": "development"}


def fails(state: Path, port: int, *before: str, python: str = sys.executable, **changes: str) -> str:
    """Run `make run`, which must fail soon; returns the sentence it ended with."""
    done = subprocess.run(
        [*before, "make", "run", f"PYTHON={python}"],
        cwd=ROOT, env={**environment(state, port), **changes}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode != 0, done.stdout
    said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("make")]
    assert "Traceback" not in done.stderr, done.stderr
    assert "CommandError" not in done.stderr, "a sentence, without the name of an exception"
    assert len(said) == 1, said
    assert "Error" not in said[0], "a sentence for a person"
    return said[0]


class Run:
    """A running `make run`."""

    def __init__(self, state: Path, port: int) -> None:
        self.log = state.parent / f"{state.name}.log"
        self.url = f"http://127.0.0.1:{port}"
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            ["make", "run", f"PYTHON={sys.executable}"],
            cwd=ROOT, env=environment(state, port), stdout=self.log.open("wb"), stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip

    def until(self, condition, limit: float = 120.0) -> float:
        while not condition():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() - self.begun < limit, self.log.read_text()
            time.sleep(0.05)
        return time.monotonic() - self.begun

    def serving(self) -> bool:
        try:
            return urllib.request.urlopen(f"{self.url}/healthz", timeout=2).status == 200
        except OSError:
            return False

    def progress(self) -> int:
        shown = re.findall(r"(\d+) %", self.log.read_text())
        return int(shown[-1]) if shown else 0

    def family(self) -> set[int]:
        """The processes of this run's group."""
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                alive = "Z" not in (folder / "stat").read_text().split()[2]
                if alive and os.getpgid(int(folder.name)) == self.process.pid:
                    found.add(int(folder.name))
            except OSError:
                continue
        return found

    def interrupt(self, number: int = signal.SIGINT) -> None:
        os.killpg(self.process.pid, number)
        self.process.wait(20)


@pytest.fixture
def started(tmp_path):
    runs: list[Run] = []

    def start(state: Path = tmp_path / "state", port: int | None = None) -> Run:
        runs.append(Run(state, port or free_port()))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            os.killpg(run.process.pid, signal.SIGKILL)
            run.process.wait(20)


def test_a_taken_port(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Le port {port} de 127.0.0.1 est déjà pris" in fails(tmp_path, port)


def test_an_address_of_another_machine_and_a_port_that_is_none(tmp_path):
    assert "corrigez CLUB_ADDRESS" in fails(tmp_path, free_port(), CLUB_ADDRESS="192.0.2.1")
    assert "Il n’y a pas de port 99999" in fails(tmp_path, 99999)
    assert "CLUB_PORT vaut « huit mille »" in fails(tmp_path, free_port(), CLUB_PORT="huit mille")


def test_a_wrong_python(tmp_path):
    other = shutil.which("python3", path="/usr/bin")
    version = subprocess.run([other or "", "--version"], capture_output=True, text=True).stdout if other else ""
    fake = tmp_path / "python3"
    # a Python that says it is another one: the launcher asks it for its version
    fake.write_text(
        f"#!{sys.executable}\nimport sys, runpy\nsys.version_info = (3, 9, 2, 'final', 0)\n"
        "sys.argv = sys.argv[1:]\nrunpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    fake.chmod(0o755)
    said = fails(tmp_path, free_port(), python=str(fake))
    assert "Il faut Python 3.11" in said
    assert "3.9" in said
    assert "« python9 » est introuvable" in fails(tmp_path, free_port(), python="python9")
    if version and "3.11" not in version:
        assert "Il faut Python 3.11" in fails(tmp_path, free_port(), python=str(other))


def test_an_installation_that_was_cut_off_is_made_anew(tmp_path):
    """What a package left half written would look installed to pip and uv alike."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "requirements").mkdir()
    shutil.copy(ROOT / "tools" / "run.py", tmp_path / "tools")
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "requirements" / "bootstrap.txt").touch()
    venv = tmp_path / ".venv"
    command = [sys.executable, str(tmp_path / "tools" / "run.py"), "install"]
    subprocess.run(command, check=True, timeout=60)
    assert {"contents-site", "bin"} <= {path.name for path in venv.iterdir()}
    assert not (venv / "unfinished").exists()

    (venv / "contents-site").unlink()
    (venv / "unfinished").touch()
    (venv / "half-a-package").touch()
    subprocess.run(command, check=True, timeout=60)
    assert (venv / "contents-site").exists()
    assert not (venv / "half-a-package").exists()
    assert not (venv / "unfinished").exists()


def inside_a_small_disk(options: str) -> list[str]:
    """A command's prefix: its own mounts, with a small disk on $CLUB_STATE."""
    script = f'mount -t tmpfs -o {options} none "$CLUB_STATE" && exec "$@"'
    return ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh"]


def test_a_full_disk(tmp_path):
    said = fails(tmp_path, free_port(), *inside_a_small_disk("size=4m"))
    assert re.search(r"Il ne reste que \d+ Mo libres .* libérez de la place", said)


def test_a_disk_that_fills_up_while_starting(tmp_path):
    """Room for the first check, none for the database: SQLite's own error becomes a sentence."""
    filler = '(sleep 0.9; head -c 110M /dev/zero > "$CLUB_STATE/filler" 2>/dev/null) & exec "$@"'
    said = fails(tmp_path, free_port(), *inside_a_small_disk("size=104m"), "sh", "-c", filler, "sh")
    assert "libérez de la place" in said


def test_a_read_only_disk(tmp_path):
    said = fails(tmp_path, free_port(), *inside_a_small_disk("ro"))
    assert "Impossible d'écrire dans" in said
    assert "lecture seule" in said
    assert "CLUB_STATE" in said


def test_a_damaged_database(tmp_path):
    (tmp_path / "club.sqlite3").write_bytes(b"SQLite format 3\x00" + os.urandom(9000))
    assert "est abîmée" in fails(tmp_path, free_port())


def test_a_database_of_a_newer_version(tmp_path):
    with sqlite3.connect(tmp_path / "club.sqlite3") as database:
        database.execute("CREATE TABLE django_migrations (id integer, app text, name text, applied text)")
        database.execute("INSERT INTO django_migrations VALUES (1, 'members', '0999_later', '2030-01-01')")
    said = fails(tmp_path, free_port())
    assert "vient d’une version plus récente" in said
    assert "members.0999_later" in said


def test_interrupted_taken_up_again_then_quick_and_gone_without_a_trace(started, tmp_path):
    """One life: killed hard in the middle of its first start, taken up again, stopped, started a second time."""
    state = tmp_path / "state"
    first = started(state)
    first.until(lambda: 0 < first.progress() < 90)
    os.killpg(first.process.pid, signal.SIGKILL)
    first.process.wait(20)
    time.sleep(0.5)
    assert not first.family()

    again = started(state)
    again.until(again.serving, 60)
    again.until(lambda: again.progress() == 100, 120)
    with sqlite3.connect(state / "club.sqlite3") as database:
        communes = "SELECT count(*) FROM territories_commune"
        assert database.execute(communes).fetchone()[0] == 37590
        assert database.execute("SELECT count(*) FROM members_person").fetchone()[0] == 105
        assert database.execute("SELECT count(*) FROM projects_project").fetchone()[0] == 60
    said = fails(state, free_port())
    assert "tourne déjà avec le dossier" in said
    family = again.family()
    assert len(family) >= 2
    again.interrupt()
    assert again.process.returncode in (0, 2, 130, -signal.SIGINT), again.log.read_text()
    assert not again.family()

    second = started(state)
    assert second.until(second.serving, 30) > 0
    time.sleep(1.0)
    assert "%" not in second.log.read_text(), "all is there: nothing is loaded again"
    worker = max(second.family())
    os.kill(worker, signal.SIGKILL)
    second.until(lambda: "il est relancé" in second.log.read_text(), 60)
    second.interrupt(signal.SIGTERM)
    assert not second.family()


def test_a_server_that_stops_says_so_first_and_answers_what_it_has_in_hand(tmp_path):
    """`--drain`: not ready any more, alive still; half a request gets its answer; then nothing is left."""
    port, log = free_port(), tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--no-demo", "--drain", "4"],
            cwd=ROOT, env=environment(tmp_path / "state", port), stdout=out, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    try:
        end = time.monotonic() + 90
        while "Le site répond" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n".encode())
            process.terminate()
            time.sleep(0.5)
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5)
            assert refused.value.code == 503
            assert json.load(refused.value)["status"] == "draining"
            connection.sendall(b"Connection: close\r\n\r\n")
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        assert process.wait(20) == 0, log.read_text()
        assert "Traceback" not in log.read_text()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)
