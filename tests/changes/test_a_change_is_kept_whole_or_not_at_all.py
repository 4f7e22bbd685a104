"""`change()`: rows, facts and journal together; a nested one joins; half an action is never kept."""

from contextlib import suppress

import pytest
from django.db import connection

from changes import HalfDone, UnheardFact, change, is_writing
from changes.models import Fact, Job, JournalLine

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage]


def job() -> Job:
    return Job.objects.create(kind="test", title="Un essai", by="test")


def test_rows_facts_and_journal_are_committed_together():
    with change(by="person:7") as c:
        row = job()
        c.fact("job.run", row.id)
        c.log("create", "job", row.id, after={"title": row.title}, reason="essai")
    line = JournalLine.objects.get(kind="job")
    assert (line.by, line.verb, line.object_id, line.reason) == ("person:7", "create", str(row.id), "essai")
    assert Fact.objects.get().consumer == "jobs"


def test_an_error_keeps_nothing():
    with pytest.raises(RuntimeError), change(by="test") as c:  # noqa: PT012 - the whole block is what is undone
        c.fact("job.run", job().id)
        c.log("create", "job", 1)
        raise RuntimeError
    assert (Job.objects.count(), Fact.objects.count(), JournalLine.objects.filter(kind="job").count()) == (0, 0, 0)


def test_a_nested_change_joins_the_outer_one_and_its_actor():
    with change(by="person:1"):
        with change(by="person:2") as inner:
            inner.log("create", "job", 1)
        assert JournalLine.objects.filter(kind="job").count() == 0, "written at the end of the outer change"
    assert JournalLine.objects.get(kind="job").by == "person:1"


def test_an_inner_failure_that_is_swallowed_rolls_back_the_whole_and_is_heard():
    def half() -> None:
        with change(by="test"):
            job()
            with suppress(KeyError), change(by="test"):
                raise KeyError

    with pytest.raises(HalfDone):
        half()
    assert Job.objects.count() == 0


def test_a_fact_that_nobody_hears_is_refused():
    with pytest.raises(UnheardFact), change(by="test") as c:
        c.fact("nobody.listens", 1)


def test_writing_is_known_only_inside():
    assert not is_writing()
    with change(by="test"):
        assert is_writing()
    assert not is_writing()


def test_the_journal_is_append_only():
    with change(by="test") as c:
        c.log("create", "job", 1)
    line = JournalLine.objects.get(kind="job")
    for rewrite in (line.delete, JournalLine.objects.all().delete, lambda: JournalLine.objects.update(reason="autre")):
        with pytest.raises(TypeError):
            rewrite()
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE changes_journalline SET reason = 'autre'")
