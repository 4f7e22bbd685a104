"""Heads and entries: one position per change and view, gone where a view lost an object, else nothing."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from changes import change, streams
from changes.models import Entry, Head
from changes.streams import NOWHERE, Seen, Stand, seen_since, stand, stands

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage]


def touch(*touches, by="test") -> None:
    with change(by=by) as c:
        for stream, object_id, before, after in touches:
            c.touch(stream, "post", object_id, before=before, after=after)


def test_views_that_show_it_get_an_entry_those_that_lost_it_a_gone_one_the_others_nothing():
    touch(("topic:1", 7, (), ("members", "mod")))
    assert seen_since("topic:1", "members", 0, 10) == [Seen("post", "7", False)]
    assert stand("topic:1", "public") == NOWHERE, "a pending thing is not even a gap"
    touch(("topic:1", 7, ("members", "mod"), ("mod",)))
    assert seen_since("topic:1", "members", 1, 10) == [Seen("post", "7", True)]
    assert seen_since("topic:1", "mod", 1, 10) == [Seen("post", "7", False)]
    assert Entry.objects.filter(stream="topic:1", view="public").count() == 0


def test_one_change_takes_one_position_however_much_it_touches():
    touch(("topic:1", 1, (), ("mod",)), ("topic:1", 2, (), ("mod",)), ("space:1", 3, (), ("mod",)))
    assert stands(["topic:1", "space:1"]) == {("topic:1", "mod"): Stand(1, 0), ("space:1", "mod"): Stand(1, 0)}
    assert len(seen_since("topic:1", "mod", 0, 10)) == 2


def test_an_object_has_one_entry_moved_up_at_each_change():
    for _ in range(3):
        touch(("topic:1", 7, ("mod",), ("mod",)))
    assert Entry.objects.count() == 1
    assert (stand("topic:1", "mod").pos, Entry.objects.get().pos) == (3, 3)


def test_touched_several_times_in_one_change_the_first_before_and_the_last_after_count():
    touch(("topic:1", 7, (), ("members",)), ("topic:1", 7, ("members",), ()))
    assert Head.objects.count() == 0, "it came and went before anybody could see it"
    touch(("topic:1", 8, ("members",), ("members", "mod")), ("topic:1", 8, ("members", "mod"), ("mod",)))
    assert seen_since("topic:1", "members", 0, 10) == [Seen("post", "8", True)]


def test_what_was_rolled_back_moved_nothing():
    with pytest.raises(RuntimeError), change(by="test") as c:  # noqa: PT012 - the whole block is what is undone
        c.touch("topic:1", "post", 1, after=["mod"])
        raise RuntimeError
    assert stand("topic:1", "mod") == NOWHERE


def test_more_than_asked_for_is_said_as_too_many():
    touch(*[("topic:1", number, (), ("mod",)) for number in range(6)])
    assert seen_since("topic:1", "mod", 0, 5) is None
    assert len(seen_since("topic:1", "mod", 0, 6)) == 6


def test_a_renewal_with_snapshot_makes_older_positions_unusable():
    touch(("topic:1", 1, (), ("mod",)))
    with change(by="test") as c:
        c.renew("topic:1", "mod", "public", snapshot=True)
        c.renew("topic:1", "mod")  # asking again without does not take it back
    assert stands(["topic:1"]) == {("topic:1", "mod"): Stand(2, 2), ("topic:1", "public"): Stand(1, 1)}


def test_entries_older_than_a_month_go_and_readers_from_before_take_a_snapshot():
    touch(("topic:1", 1, (), ("mod",)), ("topic:2", 1, (), ("mod",)))
    touch(("topic:1", 2, (), ("mod",)))
    Entry.objects.filter(stream="topic:1", object_id="1").update(at=timezone.now() - timedelta(days=31))
    streams.prune()
    assert stands(["topic:1", "topic:2"]) == {("topic:1", "mod"): Stand(2, 1), ("topic:2", "mod"): Stand(1, 0)}
    assert set(Entry.objects.values_list("stream", "object_id")) == {("topic:1", "2"), ("topic:2", "1")}


def test_a_thousand_streams_in_one_change():
    touch(*[(f"person:{number}", 1, (), ("own",)) for number in range(2500)])
    assert Head.objects.filter(pos=1).count() == Entry.objects.count() == 2500


def test_what_changed_since_is_read_from_an_index(django_assert_num_queries):
    touch(*[("topic:1", number, (), ("mod",)) for number in range(300)])
    with django_assert_num_queries(1):
        seen_since("topic:1", "mod", 0, 500)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN QUERY PLAN SELECT kind FROM changes_entry WHERE stream='topic:1' AND view='mod' AND pos > 5 "
                "ORDER BY pos"
            )
            plan = " ".join(str(row) for row in cursor.fetchall())
        assert "entry_since" in plan


def test_eight_writers_over_six_hot_streams_never_embrace():
    """Each touches two streams in an order of its own: heads are taken in one order, none fails, none is lost."""
    rounds, failed = 25, []
    gate = threading.Barrier(8)

    def write(number: int) -> None:
        gate.wait()
        try:
            for turn in range(rounds):
                first, second = (number + turn) % 6, (number * 5 + turn * 3 + 1) % 6
                streams_ = [f"topic:{second}", f"topic:{first}"]
                with change(by="test") as c:
                    for name in dict.fromkeys(streams_):
                        c.touch(name, "post", f"{number}-{turn}", after=["members", "mod"])
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for view in ("members", "mod"):
        for number in range(6):
            seen = seen_since(f"topic:{number}", view, 0, 1000)
            assert stand(f"topic:{number}", view).pos == len(seen), "each change took a position of its own"
    written = {f"{number}-{turn}" for number in range(8) for turn in range(rounds)}
    assert set(Entry.objects.values_list("object_id", flat=True)) == written


def test_the_doorbell_rings_after_the_commit_and_only_then(monkeypatch):
    rung = []
    monkeypatch.setattr("changes.writing.ring", lambda: rung.append(transaction.get_autocommit()))
    with change(by="test") as c:
        c.touch("topic:1", "post", 1, after=["mod"])
        assert rung == []
    assert rung == [True]
    with change(by="test"):
        pass
    assert len(rung) == 1, "a change that moved no stream is nobody's news"
