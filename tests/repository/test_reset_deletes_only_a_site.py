"""`make reset`: what it deletes is an installation’s, named by the variable of `make run`, and not a running one."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from tools import reset

ROOT = Path(__file__).resolve().parents[2]


def run(state: Path, said: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
    environ = {"PATH": os.environ["PATH"], "CLUB_STATE": str(state), **more}
    return subprocess.run(
        [sys.executable, "tools/reset.py"], cwd=ROOT, env=environ, input=said, capture_output=True, text=True
    )


def site(folder: Path) -> Path:
    (folder / "mails").mkdir(parents=True)
    (folder / "club.sqlite3").write_bytes(b"")
    return folder


def test_it_asks_first(tmp_path):
    state = site(tmp_path / "state")
    done = run(state, "non\n")
    assert (done.returncode, state.exists()) == (1, True)
    assert "Rien n’a été effacé" in done.stdout
    assert run(state, "oui\n").returncode == 0
    assert not state.exists()
    assert "n’existe pas" in run(state).stdout


def test_yes_asks_nothing(tmp_path):
    state = site(tmp_path / "state")
    assert run(state, YES="1").returncode == 0
    assert not state.exists()


def test_a_folder_of_something_else_is_kept_whatever_is_said(tmp_path):
    (tmp_path / "photos").mkdir()
    done = run(tmp_path, YES="1")
    assert (done.returncode, (tmp_path / "photos").exists()) == (1, True)
    assert "n’est pas le dossier d’un site" in done.stderr
    for above in ("/", str(ROOT), str(ROOT.parent)):
        assert "contient plus que ce site" in reset.refusal(Path(above))


def test_a_running_site_is_kept(tmp_path):
    state = site(tmp_path / "state")
    with (state / "serve.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = run(state, YES="1")
    assert (done.returncode, state.exists()) == (1, True)
    assert "Le site tourne" in done.stderr


def test_the_folder_of_the_dot_env_is_the_one(tmp_path, monkeypatch):
    monkeypatch.setattr(reset, "HERE", tmp_path)
    monkeypatch.delenv("CLUB_STATE", raising=False)
    assert reset.state_folder() == tmp_path / "var"
    (tmp_path / ".env").write_text("# CLUB_STATE=/autre\nCLUB_STATE='/srv/club'\n")
    assert reset.state_folder() == Path("/srv/club")
    monkeypatch.setenv("CLUB_STATE", "/ici")
    assert reset.state_folder() == Path("/ici")
