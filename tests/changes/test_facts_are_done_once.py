"""Facts: leased, retried with back-off, set aside, replayed; a killed worker's come back; ticks run once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from changes import change, facts, ticks
from changes.models import Fact, Tick
from changes.worker import Worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage]


@pytest.fixture
def heard(settings, monkeypatch):
    """A consumer `ears` that writes down what it hears, and fails when told."""
    settings.FACT_CONSUMERS = {"ears": ["heard.*"]}
    settings.FACT_ATTEMPTS = 3

    class Ears(list):
        failing = False

    ears = Ears()

    def listen(fact: Fact) -> None:
        if ears.failing:
            raise RuntimeError("deaf")
        ears.append(fact.object_id)

    monkeypatch.setitem(facts._handlers, ("ears", "heard.word"), listen)
    return ears


def say(*words: str, **options) -> None:
    with change(by="test") as c:
        for word in words:
            c.fact("heard.word", word, **options)


def test_facts_are_heard_in_order_and_only_once(heard):
    say("un", "deux", "trois")
    worker = Worker()
    assert worker.once()
    assert not worker.once()
    assert heard == ["un", "deux", "trois"]
    assert Fact.objects.filter(done_at=None).count() == 0


def test_a_fact_waits_for_its_time(heard):
    say("plus tard", not_before=timezone.now() + timedelta(hours=1))
    Worker().once()
    assert heard == []
    Fact.objects.update(not_before=timezone.now())
    Worker().once()
    assert heard == ["plus tard"]


def test_a_failure_is_tried_again_later_then_set_aside_and_can_be_replayed(heard):
    heard.failing = True
    say("mot")
    delays = []
    for _ in range(3):
        Worker().once()
        fact = Fact.objects.get()
        delays.append((fact.not_before - timezone.now()).total_seconds())
        Fact.objects.update(not_before=timezone.now())
    assert 3 < delays[0] < delays[1] < delays[2]
    assert fact.aside_at is not None
    assert "deaf" in fact.error
    assert facts.backlog()["ears"] == {"waiting": 0, "aside": 1}
    heard.failing = False
    assert not Worker().once(), "what is set aside waits for somebody"
    assert facts.replay([fact.id], by="person:1") == 1
    Worker().once()
    assert heard == ["mot"]


def test_the_lease_of_a_dead_worker_comes_back_and_its_late_word_does_not_count(heard):
    say("mot")
    (mine,) = facts.claim("ears")
    assert facts.claim("ears") == [], "leased"
    Fact.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    (theirs,) = facts.claim("ears")
    assert not facts.renew(mine)
    assert facts.renew(theirs)
    assert facts.work(theirs)
    assert Fact.objects.get().done_at is not None


def test_a_worker_that_is_told_to_stop_gives_back_what_it_has_not_begun(heard):
    say("un", "deux", "trois")
    worker = Worker()
    original = heard.append

    def stop_after(word: str) -> None:
        original(word)
        worker.stop()

    heard.append = stop_after  # type: ignore[method-assign]
    worker.once()
    assert heard == ["un"]
    waiting = Fact.objects.filter(done_at=None)
    assert waiting.count() == 2
    assert all(fact.lease_until is None and fact.attempt == 0 for fact in waiting)


def test_several_workers_share_the_facts_and_none_is_done_twice(heard):
    words = [f"mot {n}" for n in range(120)]
    say(*words)

    def go() -> None:
        try:
            worker = Worker()
            while worker.once():
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(heard) == sorted(words)


@pytest.fixture
def at_once(heard, monkeypatch):
    """The consumer `ears` takes many words at once, but not one that is « mauvais »: which it was given, each time."""
    given: list[list[str]] = []

    def together(taken) -> None:
        given.append([fact.object_id for fact in taken])
        if "mauvais" in given[-1]:
            raise RuntimeError("deaf")
        heard.extend(given[-1])

    def alone(fact: Fact) -> None:
        if fact.object_id == "mauvais":
            raise RuntimeError("deaf to this one")
        heard.append(fact.object_id)

    monkeypatch.setitem(facts._together, "ears", together)
    monkeypatch.setitem(facts._handlers, ("ears", "heard.word"), alone)
    return given


def test_many_facts_are_acted_on_at_once(heard, at_once):
    words = [f"mot {n}" for n in range(120)]
    say(*words)
    assert Worker().once()
    assert [len(part) for part in at_once] == [50, 50, 20]
    assert heard == words
    assert not Fact.objects.filter(done_at=None).exists()
    say("seul")
    Worker().once()
    assert heard[-1] == "seul"
    assert len(at_once) == 3, "one alone is done by its own handler"


def test_where_all_at_once_fails_each_is_done_by_itself(heard, at_once):
    say("un", "mauvais", "deux")
    Worker().once()
    assert heard == ["un", "deux"]
    (left,) = Fact.objects.filter(done_at=None)
    assert (left.object_id, left.attempt) == ("mauvais", 1)
    assert "deaf to this one" in left.error


def test_what_passed_to_another_worker_is_not_marked_by_the_first(heard, at_once, monkeypatch):
    say("un", "deux")
    slow = facts._together["ears"]

    def overtaken(taken) -> None:
        slow(taken)
        Fact.objects.filter(object_id="deux").update(attempt=2)  # its lease ended, another took it

    monkeypatch.setitem(facts._together, "ears", overtaken)
    Worker().once()
    assert [fact.object_id for fact in Fact.objects.filter(done_at=None)] == ["deux"]


def test_a_worker_told_to_stop_after_a_part_gives_back_the_others(heard, at_once, monkeypatch):
    say(*[f"mot {n}" for n in range(70)])
    worker = Worker()
    first = facts._together["ears"]

    def stopping(taken) -> None:
        first(taken)
        worker.stop()

    monkeypatch.setitem(facts._together, "ears", stopping)
    worker.once()
    assert len(heard) == 50
    assert set(Fact.objects.filter(done_at=None).values_list("lease_until", "attempt")) == {(None, 0)}


def test_a_tick_is_run_by_one_worker_when_it_is_due(monkeypatch):
    runs = []
    monkeypatch.setattr(ticks, "_ticks", {"test.hourly": (3600, lambda: runs.append(1))})
    assert ticks.run_due_ticks() == ["test.hourly"]
    assert ticks.run_due_ticks() == []
    Tick.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    assert ticks.run_due_ticks() == ["test.hourly"]
    assert len(runs) == 2


def test_a_failing_tick_does_not_stop_the_others(monkeypatch):
    runs = []

    def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr(ticks, "_ticks", {"a": (60, broken), "b": (60, lambda: runs.append(1))})
    assert ticks.run_due_ticks() == ["a", "b"]
    assert runs == [1]
