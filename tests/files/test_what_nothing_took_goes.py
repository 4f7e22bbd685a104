"""Waiting files and bytes without a row go after 24 hours; what is attached or just on its way stays."""

import os
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from changes import change, ticks
from changes.models import Tick
from files import actions, purging, store
from files.models import Upload

from .conftest import PDF, picture, sent

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def age(stored, hours: int = 25) -> None:
    """Let everything be some hours old."""
    then = timezone.now() - timedelta(hours=hours)
    Upload.objects.update(created_at=then)
    for path in stored.rglob("*"):
        os.utime(path, (then.timestamp(), then.timestamp()))


def purge(capture) -> None:
    with capture(execute=True):
        purging.purge_waiting()
        purging.purge_orphans()


def test_after_a_day_what_waits_goes_and_what_is_attached_stays(
    claire, receive, attach, stored, left, django_capture_on_commit_callbacks
):
    waiting, kept = receive(picture(), by=claire), receive(picture(), by=claire)
    attach(kept, by=claire)
    age(stored, 23)
    purge(django_capture_on_commit_callbacks)
    assert len(left()) == 4, "a day is not over"
    age(stored, 25)
    purge(django_capture_on_commit_callbacks)
    assert list(Upload.objects.values_list("pk", flat=True)) == [kept.pk]
    assert left() == sorted(kept.stored_names)
    assert waiting.stored not in left()


def test_more_than_one_batch_goes(claire, receive, stored, left, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(purging, "BATCH", 2)
    for _ in range(5):
        receive(by=claire)
    age(stored)
    purge(django_capture_on_commit_callbacks)
    assert left() == []
    assert Upload.objects.count() == 0


def test_a_process_killed_between_file_and_row_leaves_only_what_the_purge_removes(
    claire, receive, stored, left, monkeypatch, django_capture_on_commit_callbacks
):
    kept = receive(by=claire)
    monkeypatch.setattr(store, "delete", lambda names: None)  # killed: nothing runs any more
    monkeypatch.setattr(Upload, "save", lambda self, **kwargs: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        receive(picture(), by=claire)
    monkeypatch.undo()
    assert Upload.objects.count() == 1
    assert len(left()) == 3
    with django_capture_on_commit_callbacks(execute=True):
        purging.purge_orphans()
    assert len(left()) == 3, "young: its row may be on its way"
    then = timezone.now() - timedelta(hours=25)
    for path in stored.rglob("*"):
        os.utime(path, (then.timestamp(), then.timestamp()))
    with django_capture_on_commit_callbacks(execute=True):
        purging.purge_orphans()
    assert left() == kept.stored_names


@pytest.mark.django_db(transaction=True)
def test_an_outer_change_that_is_rolled_back_leaves_an_orphan_and_no_row(claire, stored, left):
    def write() -> None:
        with change(by=claire):
            actions.receive(file=sent(PDF), by=claire)
            raise RuntimeError("the message could not be written")

    with pytest.raises(RuntimeError):
        write()
    assert Upload.objects.count() == 0
    assert len(left()) == 1
    age(stored)
    purging.purge_orphans()
    assert left() == []


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_attached_while_the_purge_runs_stays_with_its_bytes(claire, receive, attach, stored, left):
    upload = receive(by=claire)
    age(stored)
    inside, go_on = threading.Event(), threading.Event()

    def attaching() -> None:
        try:
            with change(by=claire):
                attach(upload, by=claire)
                inside.set()
                go_on.wait(5)
        finally:
            connection.close()

    thread = threading.Thread(target=attaching)
    thread.start()
    inside.wait(5)
    timer = threading.Timer(0.3, go_on.set)
    timer.start()
    purging.purge_waiting()
    thread.join()
    assert Upload.objects.get().holder_id == "1"
    assert left() == upload.stored_names


def test_the_worker_purges_by_itself(claire, receive, stored, left, django_capture_on_commit_callbacks):
    receive(by=claire)
    age(stored)
    with django_capture_on_commit_callbacks(execute=True):
        ran = ticks.run_due_ticks()
    assert {"files.purging.purge_waiting", "files.purging.purge_orphans"} <= set(ran)
    assert left() == []
    assert Tick.objects.filter(name="files.purging.purge_waiting").exists()


def test_a_storage_that_was_never_used_is_purged_in_peace(stored):
    assert not stored.exists()
    purging.purge_orphans()


def test_a_file_that_cannot_be_removed_stops_nothing(monkeypatch, stored, left, caplog):
    store.write("ab/one.pdf", PDF)
    store.write("cd/two.pdf", PDF)
    real = store.storage().delete
    monkeypatch.setattr(store.storage(), "delete", lambda name: 1 / 0 if "one" in name else real(name))
    store.delete(["ab/one.pdf", "cd/two.pdf"])
    assert left() == ["ab/one.pdf"]
    assert any("not removed" in str(record.msg) for record in caplog.records)
