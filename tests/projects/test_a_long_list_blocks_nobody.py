"""A long list: memory that does not follow its length, a transaction that only writes, progress outside of it."""

from __future__ import annotations

import re
import tracemalloc
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changes import change, is_writing
from projects.models import ImportRun, Project

pytestmark = [pytest.mark.storage, pytest.mark.slow]


@pytest.fixture
def long_list(referential, as_csv, row):
    """`long_list(2000, "12")`: a list on as many communes, each line with steps and so many dwellings."""
    from territories.models import Commune

    communes = list(Commune.objects.of_today().order_by("code").values_list("code", "name"))

    def make(count: int, dwellings: str = "12"):
        return as_csv([
            row(code, town, f"Quartier {number}", {"Nombre de logements": dwellings, "AAP 2009": "x", "Charte": "2013",
                                                   "Résultats 2014": "Engagé", "Superficie du quartier (ha)": "3 ha"})
            for number, (code, town) in enumerate(communes[:count])
        ], name=f"{count}-{dwellings}.csv")  # fmt: skip

    return make


def begin(path) -> ImportRun:
    with change(by="test"):
        return ImportRun.objects.create(file_name=path.name, by="test")


def peak(work) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_follow_the_length(long_list):
    """Held whole, 2,000 more lines of 32 cells take 10 MB; of a line only its key, hash and address are kept."""
    from projects.importing.running import dry_run, import_file

    def both(path) -> None:
        run = begin(path)
        dry_run(run, path, by="test")
        import_file(run, path, by="test")

    both(long_list(10))  # what is loaded once
    short, long = long_list(500), long_list(2500)
    first = peak(lambda: both(short))
    assert peak(lambda: both(long)) - first < 6_000_000


@pytest.mark.parametrize("what", ["created", "changed"])
def test_the_transaction_reads_nothing_line_by_line(long_list, monkeypatch, what):
    """Inside it: the mark of the base, the ids of what was created, writes; a fixed number for each thousand lines."""
    from projects.importing import applying
    from projects.importing.running import dry_run, import_file

    if what == "changed":
        for_first = long_list(2000)
        run = begin(for_first)
        dry_run(run, for_first, by="test")
        import_file(run, for_first, by="test")
    path = long_list(2000, "13")
    run = begin(path)
    dry_run(run, path, by="test")
    inside: list[str] = []
    original = applying.change

    @contextmanager
    def watched(**options):
        with original(**options) as c, CaptureQueriesContext(connection) as asked:
            yield c
        inside.extend(query["sql"] for query in asked.captured_queries)

    monkeypatch.setattr(applying, "change", watched)
    import_file(run, path, by="test")
    assert (run.created if what == "created" else run.changed) == 2000
    reads = [sql for sql in inside if sql.lstrip().upper().startswith("SELECT")]
    assert len(reads) <= 2 + 2 * 7, reads  # twice for the mark; for each thousand, at most what a deletion looks up
    assert not [sql for sql in reads if re.search(r'FROM "territories_', sql)], "communes are matched before"
    assert len(inside) < 2000, "never a statement for each line"


def test_progress_is_told_while_nothing_is_locked(long_list):
    from projects.importing.running import dry_run, import_file

    path, seen = long_list(1200), []

    def progress(done: int, total: int, message: str) -> None:
        assert not is_writing(), "a row of progress would wait for the import's own transaction"
        seen.append((done, total))

    run = begin(path)
    dry_run(run, path, by="test", progress=progress)
    import_file(run, path, by="test", progress=progress)
    assert seen == [(500, 1200), (1000, 1200), (1200, 1200)] * 2
    assert Project.objects.count() == 1200
