"""A new app is under the rules from its first day: direction of imports, rooms without cycles, types, migrations."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools import lint

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LINTER = PROJECT["tool"]["importlinter"]


def packages() -> set[str]:
    """What the tree holds: the packages of `site/` and those beside it that are apps."""
    inside = {path.parent.name for path in (ROOT / "site").glob("*/__init__.py")}
    beside = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tools", "bench"}
    return inside | beside


def test_site_itself_is_no_package():
    assert not (ROOT / "site" / "__init__.py").exists(), "the standard library owns that name"


def test_each_package_is_in_both_contracts_and_is_typed():
    (direction, rooms) = LINTER["contracts"]
    layers = {name.strip(" ()") for layer in direction["layers"] for name in layer.split("|")}
    assert set(LINTER["root_packages"]) == packages()
    assert set(rooms["ancestors"]) == packages()
    assert packages() <= layers
    assert set(PROJECT["tool"]["mypy"]["packages"]) == packages() | {"tools"}
    assert not direction["ignore_imports"]
    assert "ignore_imports" not in rooms


def test_migrations_of_each_app_are_linted():
    held = {path.parent.parent.name for path in ROOT.glob("**/migrations/0001_initial.py") if ".venv" not in path.parts}
    assert held == set(lint.OURS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("site/territories/names.py", "import projects.models"),
        ("site/changes/worker.py", "from members.models import Person"),
        ("cms/queries.py", "from search.answering import search"),
        ("site/projects/importing/columns.py", "from projects.importing.running import dry_run"),
    ],
)
def test_an_import_against_the_direction_is_refused(tmp_path, module, statement):
    """On a copy of the tree: upwards between apps, and in a circle inside one."""
    beside = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))
    for name in ("site", "pyproject.toml", *beside):
        subprocess.run(["cp", "-r", str(ROOT / name), str(tmp_path)], check=True)
    done = linted(tmp_path)
    assert done.returncode == 0, done.stdout
    with (tmp_path / module).open("a") as file:
        file.write(f"\n{statement}\n")
    done = linted(tmp_path)
    assert done.returncode != 0, done.stdout
    assert "BROKEN" in done.stdout


def linted(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{folder}/site:{folder}", "LANG": "C.UTF-8"}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True)
