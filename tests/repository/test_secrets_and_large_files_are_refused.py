"""The checks before a commit: each finds what it is there for, and finds nothing in what git holds now."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


@pytest.fixture
def repository(tmp_path):
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def check(folder: Path) -> "subprocess.CompletedProcess[str]":
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tools.secrets_check"]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)


# in two parts each: the check reads this file too
PLANTED = {
    "a key": "-----BEGIN RSA PRIVATE" + " KEY-----\nMIIEpAIBAAKCAQEA\n",
    "a token of a forge": "token = 'ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'\n",
    "a cloud's key": "AWS = 'AKIA" + "IOSFODNN7EXAMPLQ'\n",
    "an address with its password": "URL = 'postgres://marie:" + "Tr0ub4dor@base.example/club'\n",
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_secret_is_found_with_its_line(repository, planted):
    (repository / "settings.py").write_text("# first line\n" + PLANTED[planted])
    done = check(repository)
    assert done.returncode == 1
    assert "settings.py:2" in done.stdout


def test_a_large_file_is_found(repository):
    (repository / "data.bin").write_bytes(b"0" * 600_001)
    (repository / "small.bin").write_bytes(b"0" * 600_000)
    done = check(repository)
    assert done.returncode == 1
    assert "data.bin" in done.stdout
    assert "small.bin" not in done.stdout


def test_what_git_holds_is_clean():
    done = subprocess.run([sys.executable, "-m", "tools.secrets_check"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "")


def test_each_hook_s_program_is_there_and_refuses_nothing_of_today():
    """Ruff, templates and migrations are `make lint`'s; the others run here on all that git holds."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    held = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [name for name in held.split("\0") if name and (ROOT / name).is_file()]
    texts = [name for name in files if Path(name).suffix not in (".png", ".xz", ".svg", ".woff2")]
    for hook in hooks:
        program, *arguments = hook["entry"].removeprefix(".venv/bin/").split()
        assert (BIN / program).exists(), hook["id"]
        if hook["id"] in ("large", "keys", "conflicts"):
            command = [str(BIN / program), *arguments, *(files if hook["id"] == "large" else texts)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
