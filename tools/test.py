"""`make test`, `make test-fast`, `make e2e`: the suite in groups, against real services started for it.

Groups run one after the other or side by side so that two cores are busy and servers are shared. With CI=true a
missing service is a failure; on a laptop it is said at the end what could not be tested.
"""

from __future__ import annotations

import collections
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

from tools.services import services
from tools.services.install import main as install_services

CI = os.environ.get("CI") == "true"
BROWSER_TESTS = ("tests/e2e",)
SLOW_TESTS = ("tests/services", "tests/deploy", "tests/full", "tests/run")
ALONE_TESTS = ("tests/engines/nodes",)  # three nodes on two cores: beside others they answer too late
# they measure seconds and kill what they share: one process, nothing else beside it
REALTIME_TESTS = ("tests/realtime",)


@dataclass
class Group:
    """One pytest run: what it collects, with which environment."""

    name: str
    arguments: list[str]
    environ: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    report: Path = Path()
    log: Path = Path()
    seconds: float = 0.0
    code: int = 0


def start(group: Group, folder: Path) -> Group:
    """Start a group's pytest; its output goes to a file, shown when it ends."""
    group.report, group.log = folder / f"{group.name}.xml", folder / f"{group.name}.log"
    command = [sys.executable, "-m", "pytest", "-q", "--junitxml", str(group.report), *group.arguments]
    environ = {**os.environ, "CLUB_ENV": "test", **group.environ}
    group.seconds = -time.monotonic()
    with group.log.open("wb") as out:
        group.process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environ)
    return group


def finish(group: Group) -> Group:
    """Wait for a group and show what it printed. One that hung, and was ended before its report, begins once more."""
    _ended(group)
    if not group.report.exists():
        print(f"{group.name} : arrêté avant sa fin (ci-dessus) ; on recommence une fois.", flush=True)
        _ended(start(group, group.report.parent))
    return group


def _ended(group: Group) -> None:
    assert group.process is not None
    group.code = group.process.wait()
    group.seconds += time.monotonic()
    print(f"\n── {group.name} ({group.seconds:.0f} s)", flush=True)
    text = group.log.read_text(errors="replace")
    print(text if group.code else "\n".join(text.strip().splitlines()[-4:]), flush=True)


def counts(groups: list[Group]) -> tuple[dict[str, int], int, int, int]:
    """Tests by folder, and how many passed, failed, were skipped, over all groups."""
    by_folder: dict[str, int] = collections.Counter()
    passed = failed = skipped = 0
    for group in groups:
        if not group.report.exists():
            failed += 1
            continue
        for case in ET.parse(group.report).iter("testcase"):
            parts = (case.get("classname") or "").split(".")
            by_folder[parts[1] if len(parts) > 1 else "?"] += 1
            if case.find("failure") is not None or case.find("error") is not None:
                failed += 1
            elif case.find("skipped") is not None:
                skipped += 1
            else:
                passed += 1
    return by_folder, passed, failed, skipped


def ignoring(*folders: str) -> list[str]:
    return [f"--ignore={folder}" for folder in folders if Path(folder).exists()]


def existing(*folders: str) -> list[str]:
    return [folder for folder in folders if Path(folder).exists()]


def run_all(folder: Path) -> list[Group]:
    """Everything: PostgreSQL on two cores; then SQLite beside the browser; then what starts and kills servers;
    last what follows a site through sockets while its servers are killed."""
    install_services(["postgresql", "redis", "elasticsearch", "chromium", "nginx"])
    groups = []
    with services(["postgresql", "redis", "elasticsearch", "chromium"]) as running:
        for name, why in running.missing.items():
            print(f"Non testé avec {name} : {why}")
        on_postgresql = {**running.environ}
        on_sqlite = {name: value for name, value in running.environ.items() if name != "DATABASE_URL"}
        not_here = ignoring(*BROWSER_TESTS, *SLOW_TESTS, *ALONE_TESTS, *REALTIME_TESTS)
        if "DATABASE_URL" in on_postgresql:
            groups.append(finish(start(Group("postgresql", ["tests", "-n", "2", *not_here], on_postgresql), folder)))
            side = [start(Group("sqlite", ["tests", "-m", "storage", *not_here], on_sqlite), folder)]
        else:
            side = [start(Group("sqlite", ["tests", *not_here], on_sqlite), folder)]
        # the browser's site is `make run`: it needs no service, and its tests clear no cache of the others
        alone = {name: value for name, value in on_sqlite.items() if name == "CHROMIUM"}
        if "CHROMIUM" in running.environ and existing(*BROWSER_TESTS):
            side.append(start(Group("browser", ["-v", *existing(*BROWSER_TESTS)], alone), folder))
        groups += [finish(group) for group in side]
        if existing(*SLOW_TESTS):
            groups.append(
                finish(
                    start(
                        Group(
                            "machines",
                            ["-n", "2", "--dist", "loadfile", *existing(*SLOW_TESTS)],
                            {**{k: v for k, v in running.environ.items() if k == "CHROMIUM"}},
                        ),
                        folder,
                    )
                )
            )
        if existing(*ALONE_TESTS):
            groups.append(finish(start(Group("nodes", [*existing(*ALONE_TESTS)], {"DATABASE_URL": ""}), folder)))
        if existing(*REALTIME_TESTS):
            groups.append(finish(start(Group("realtime", [*existing(*REALTIME_TESTS)], {"DATABASE_URL": ""}), folder)))
    return groups


def run_fast(folder: Path) -> list[Group]:
    """What needs no service: SQLite, two cores."""
    arguments = [
        "tests",
        "-n",
        "2",
        "-m",
        "not services and not browser and not slow",
        *ignoring(*BROWSER_TESTS, *SLOW_TESTS, *ALONE_TESTS, *REALTIME_TESTS),
    ]
    return [finish(start(Group("fast", arguments, {"DATABASE_URL": ""}), folder))]


def run_e2e(folder: Path) -> list[Group]:
    """The browser's tests."""
    with services(["chromium"]) as running:
        return [finish(start(Group("browser", list(BROWSER_TESTS), running.environ), folder))]


def main() -> int:
    """Run what was asked; print the count that matters last."""
    asked = sys.argv[1] if len(sys.argv) > 1 else "all"
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="club-make-test-") as name:
        groups = {"all": run_all, "fast": run_fast, "e2e": run_e2e}[asked](Path(name))
        by_folder, passed, failed, skipped = counts(groups)
    print("\nTests par dossier : " + ", ".join(f"{folder} {n}" for folder, n in sorted(by_folder.items())))
    print(f"Durée : {time.monotonic() - begun:.0f} s")
    if CI and skipped:
        print(f"{skipped} tests ignorés : en intégration continue, c’est un échec.")
        failed += skipped
    bad = [group.name for group in groups if group.code]
    if bad and not failed:
        failed = len(bad)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or bad or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
