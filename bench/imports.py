"""An import of 20,000 lines: how long each part takes, how long writers wait, what it takes in memory.

    python -m bench.imports [lines]      (a temporary SQLite database, or the PostgreSQL that DATABASE_URL names)

The baseline of the same run is the same list of a tenth of the lines: memory that is flat is about the same in both.
"""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
LINES = 20_000
PASSES = (("created", "120"), ("changed", "121"))


def made_list(path: Path, lines: int, *, dwellings: str, workbook: bool) -> None:
    """Every hundredth line is doubtful; the rest are spread over the communes of today."""
    from openpyxl import Workbook

    from projects.importing import columns as c
    from territories.models import Commune

    communes = list(Commune.objects.of_today().values_list("code", "name", "department_id"))
    book = Workbook(write_only=True) if workbook else None
    sheet = book.create_sheet() if book else None
    if sheet:
        sheet.append(c.COLUMNS)
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(c.COLUMNS)
        for number in range(lines):
            code, town, department = communes[number * 7 % len(communes)]
            cells = dict.fromkeys(c.COLUMNS, "") | {
                c.CODE: code if number % 100 else "99999", c.TOWN: town if number % 100 else f"Nulle-Part-{number}",
                c.DEPARTMENT: department, c.NAME: f"Quartier {number}", c.DWELLINGS: dwellings, c.AREA: "3,5 ha",
                c.CALLS[2009]: "x", c.CALLS[2011]: "oui", c.CHARTER: "2013", c.LABELS[2014][1]: "Engagé",
            }  # fmt: skip
            (sheet.append if sheet else writer.writerow)(list(cells.values()))
    if book:
        book.save(path)


@contextmanager
def writers_wait(spans: list[float]) -> Iterator[None]:
    """Note how long the transaction of `apply` was open."""
    from projects.importing import applying

    original = applying.change

    @contextmanager
    def timed(**options: object) -> Iterator[object]:
        with original(**options) as c:  # type: ignore[arg-type]  # handed on as it came
            begun = time.perf_counter()
            yield c
        spans.append(time.perf_counter() - begun)

    with patch.object(applying, "change", timed):
        yield


def prepare(lines: int, workbook: bool) -> None:
    """The database and both lists, in a process of its own: what they take is not the import's."""
    from django.core.management import call_command

    from territories.loading import load_referential

    call_command("migrate", interactive=False, verbosity=0)
    load_referential()
    for title, dwellings in PASSES:
        made_list(file_of(title, workbook), lines, dwellings=dwellings, workbook=workbook)


def file_of(title: str, workbook: bool) -> Path:
    return Path(os.environ["CLUB_STATE"]) / f"{title}.{'xlsx' if workbook else 'csv'}"


def child(lines: int, workbook: bool) -> None:
    """In a process of its own, so that the peak of memory is its own: one import, then one that changes every line."""
    from changes import change
    from projects.importing.running import dry_run, import_file
    from projects.models import ImportRun

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for title, _ in PASSES:
        path = file_of(title, workbook)
        with change(by="bench"):
            run = ImportRun.objects.create(file_name=path.name, by="bench")
        spans: list[float] = []
        begun = time.perf_counter()
        dry_run(run, path, by="bench")
        tried = time.perf_counter()
        with writers_wait(spans):
            import_file(run, path, by="bench")
        whole = time.perf_counter() - tried
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        kind = "xlsx" if workbook else "csv"
        count = getattr(run, title)
        print(
            f"{kind:5} {lines:6} {title:8} {count:6} {tried - begun:9.1f} {whole:8.1f} {spans[0]:12.2f} "
            f"{before // 1024:8} {peak // 1024:8}",
            flush=True,
        )


def main() -> None:
    if len(sys.argv) > 3:
        sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
        import django

        django.setup()
        (prepare if sys.argv[3] == "prepare" else child)(int(sys.argv[1]), sys.argv[2] == "xlsx")
        return
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    print("                                dry run   import  transaction   before     peak")
    print("kind   lines what      count          s        s            s      MiB      MiB")
    for kind in ("csv", "xlsx"):
        for count in (lines // 10, lines):
            with tempfile.TemporaryDirectory() as state:
                environ = {**os.environ, "CLUB_STATE": state, "CLUB_ENV": "development"}
                environ["DJANGO_SETTINGS_MODULE"] = "club.settings"
                for step in ("prepare", "measure"):
                    command = [sys.executable, "-m", "bench.imports", str(count), kind, step]
                    subprocess.run(command, cwd=ROOT, env=environ, check=True)


if __name__ == "__main__":
    main()
