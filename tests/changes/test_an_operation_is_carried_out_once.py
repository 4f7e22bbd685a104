"""Operation ids: double click, retry after a lost answer, back button with a new text, two tabs, two at once."""

import threading

import pytest
from django.db import connection

from changes import OperationReused, change, streams
from changes.models import Job, Operation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage]


def publish(operation: str, text: str, by: str = "person:1") -> str:
    with change(by=by) as c:
        if first := c.once(operation, [text]):
            return first
        row = Job.objects.create(kind="test", title=text, by=by)
        c.result = str(row.pk)
    return str(row.pk)


def test_the_same_form_sent_again_gives_what_the_first_made():
    assert publish("a", "Bonjour") == publish("a", "Bonjour")
    assert Job.objects.filter(kind="test").count() == 1


def test_another_text_under_the_same_id_is_refused_and_names_what_the_first_made():
    first = publish("a", "Bonjour")
    with pytest.raises(OperationReused) as refused:
        publish("a", "Bonsoir")
    assert refused.value.result == first
    assert Job.objects.filter(kind="test").count() == 1


def test_ids_belong_to_whoever_acts():
    assert publish("a", "Bonjour") != publish("a", "Bonjour", by="person:2")


def test_two_tabs_have_two_ids():
    assert publish("a", "Bonjour") != publish("b", "Bonjour")


def test_without_an_id_nothing_is_remembered():
    assert publish("", "Bonjour") != publish("", "Bonjour")
    assert Operation.objects.count() == 0


def test_a_refused_change_leaves_the_id_free():
    with pytest.raises(RuntimeError), change(by="person:1") as c:  # noqa: PT012 - the whole block is what is undone
        c.once("a", ["Bonjour"])
        raise RuntimeError
    assert publish("a", "Bonjour")


def test_one_change_carries_out_one_operation():
    with pytest.raises(RuntimeError), change(by="person:1") as c:  # noqa: PT012 - as above
        c.once("a", [])
        c.once("b", [])


def test_eight_at_once_make_one():
    made, gate = [], threading.Barrier(8)

    def click() -> None:
        gate.wait()
        try:
            made.append(publish("a", "Bonjour"))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    assert Job.objects.filter(kind="test").count() == 1


def test_an_id_is_forgotten_after_a_month():
    publish("a", "Bonjour")
    Operation.objects.update(at=streams.timezone.now() - streams.timedelta(days=31))
    streams.purge_operations()
    assert Operation.objects.count() == 0
