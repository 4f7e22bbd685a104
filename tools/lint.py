"""`make lint`: every check that needs no server, each by its own tool; all are run, then all that failed is told."""

from __future__ import annotations

import os
import subprocess
import sys
import time

BIN = os.path.dirname(sys.executable)
PACKAGES = ["site", "cms", "search", "forum"]
OURS = [
    "notifications", "search", "cms", "forum", "meetings", "projects", "members", "territories", "files", "realtime",
    "changes", "directory",
]  # fmt: skip


def tool(name: str, *arguments: str) -> list[str]:
    return [os.path.join(BIN, name), *arguments]


PYTHON_FILES = [p for p in (*PACKAGES, "tools", "bench", "tests") if os.path.isdir(p)]
CHECKS: list[tuple[str, list[str]]] = [
    ("style", tool("ruff", "check", "-q", ".")),
    ("format", tool("ruff", "format", "-q", "--check", ".")),
    ("types", tool("mypy", "--no-error-summary")),
    ("imports", tool("lint-imports", "--no-cache")),
    ("gabarits", tool("djlint", "--lint", "--quiet", "templates")),
    ("migrations à faire", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run", "-v", "0"]),
    (
        "migrations sûres",
        [
            sys.executable,
            "manage.py",
            "lintmigrations",
            "-q",
            "ok",
            "ignore",
            "--ignore-initial-migrations",
            "--exclude-migration-tests",  # SQLite makes a changed table anew: asked on PostgreSQL by tests/repository
            "NOT_NULL",
            "--no-cache",
            "--include-apps",
            *OURS,
        ],
    ),
    ("contrôles", [sys.executable, "manage.py", "check", "--fail-level", "WARNING"]),
    ("secrets", [sys.executable, "-m", "tools.secrets_check"]),
]


def main() -> int:
    """Run the checks two at a time; print what failed."""
    begun = time.monotonic()
    environ = {**os.environ, "CLUB_ENV": "test", "DATABASE_URL": "", "PYTHONPATH": "site:."}
    failed = []
    waiting = list(CHECKS)
    running: list[tuple[str, subprocess.Popen[str]]] = []
    while waiting or running:
        while waiting and len(running) < 2:
            name, command = waiting.pop(0)
            running.append(
                (
                    name,
                    subprocess.Popen(command, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT),
                )
            )
        name, process = running.pop(0)
        output, _ = process.communicate()
        print(f"{'échec' if process.returncode else 'bon  '}  {name}", flush=True)
        if process.returncode:
            failed.append(name)
            print(output)
    print(f"Durée : {time.monotonic() - begun:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
