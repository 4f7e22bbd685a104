"""Versions, deletions, rebuilding beside: an older write never wins, and what stands serves until the swap."""

import pytest

from tests.engines.making import MEMBER, asked, keys, matter

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def test_a_document_is_replaced_whole(holding):
    engine = holding(matter("topic:1", "Noue", "eau", people="Anne"))
    written = engine.bulk([matter("topic:1", "Parking", "voiture")], 2, refresh=True)
    assert (written.done, written.older) == (1, 0)
    assert keys(engine, "noue") == keys(engine, "eau") == keys(engine, "auteur:anne") == []
    assert keys(engine, "parking") == ["topic:1"]
    assert [one.title for one in engine.suggest("park", MEMBER)] == ["Parking"]
    assert engine.suggest("noue", MEMBER) == []
    assert engine.health().documents == 1


def test_an_older_write_never_wins(holding):
    engine = holding(matter("topic:1", "Parking"), version=5)
    written = engine.bulk([matter("topic:1", "Noue"), matter("topic:2", "Noue")], 4, refresh=True)
    assert (written.done, written.older) == (1, 1)
    assert keys(engine, "noue") == ["topic:2"]
    assert engine.delete(["topic:1"], 4, refresh=True).older == 1
    assert keys(engine, "parking") == ["topic:1"]
    assert engine.bulk([matter("topic:1", "Noue")], 5, refresh=True).done == 1, "the same version may come twice"


def test_a_deletion_counts_as_a_write(holding):
    engine = holding(matter("topic:1", "Noue"), version=1)
    assert engine.delete(["topic:1", "topic:7"], 10, refresh=True).done == 2
    assert keys(engine, "noue") == []
    engine.bulk([matter("topic:1", "Noue"), matter("topic:7", "Noue")], 9, refresh=True)
    assert keys(engine, "noue") == [], "read before it was deleted"
    assert engine.health().documents == 0
    assert engine.listing() == []
    engine.bulk([matter("topic:1", "Noue")], 11, refresh=True)
    assert keys(engine, "noue") == ["topic:1"]


def test_a_key_twice_in_one_bulk_takes_its_last_form(engine):
    engine.bulk([matter("topic:1", "Noue"), matter("topic:1", "Parking")], 1, refresh=True)
    assert keys(engine, "parking") == ["topic:1"]
    assert keys(engine, "noue") == []


def test_keys_in_order(holding):
    engine = holding(*[matter(f"topic:{n}", "x") for n in (10, 9, 1)], matter("Topic:1", "x"))
    assert [key for key, _ in engine.listing()] == ["Topic:1", "topic:1", "topic:10", "topic:9"]
    assert [key for key, _ in engine.listing("topic:1", 2)] == ["topic:10", "topic:9"]


def test_an_index_is_made_beside_while_the_other_serves(holding):
    engine = holding(matter("topic:1", "Noue"), matter("topic:2", "Parking"), matter("topic:3", "Parking"))
    making = engine.rebuild(
        iter([([matter("topic:1", "Citerne")], 10), ([matter("topic:2", "Citerne"), matter("topic:4", "Citerne")], 10)])
    )
    assert next(making) == 1
    assert keys(engine, "noue") == ["topic:1"]
    assert keys(engine, "citerne") == []
    engine.bulk([matter("topic:5", "Citerne")], 11, refresh=True)
    engine.delete(["topic:4"], 12, refresh=True)
    assert keys(engine, "citerne") == ["topic:5"], "what is written meanwhile is found at once"
    assert list(making) in ([1], [2]), "the second batch may have been sent before the deletion came"
    assert sorted(keys(engine, "parking")) == ["topic:2", "topic:3"]
    engine.swap()
    assert sorted(keys(engine, "citerne")) == ["topic:1", "topic:2", "topic:5"], "and is not lost by the swap"
    assert keys(engine, "noue") == keys(engine, "parking") == []
    assert engine.health().documents == 3
    assert [key for key, _ in engine.listing()] == ["topic:1", "topic:2", "topic:5"]


def test_a_rebuild_left_half_way_is_forgotten_by_the_next(holding):
    engine = holding(matter("topic:1", "Noue"))
    next(engine.rebuild(iter([([matter("topic:9", "Fantôme")], 2)])))
    assert list(engine.rebuild(iter([([matter("topic:1", "Noue")], 3)]))) == [1]
    engine.swap()
    assert keys(engine, "noue") == ["topic:1"]
    assert engine.suggest("fant", MEMBER) == []
    assert engine.search(asked("fantome"), MEMBER).total == 0
    engine.swap()
    assert keys(engine, "noue") == ["topic:1"], "nothing to swap, nothing changed"


def test_what_cannot_be_read_is_named_and_the_rest_written(engine):
    written = engine.bulk([matter("topic:1", "Noue"), matter("topic:2", None)], 1, refresh=True)
    assert written.done == 1
    assert len(written.failed) == 1
    assert written.failed[0].startswith("topic:2")


def test_health_and_clearing(holding):
    engine = holding(matter("topic:1", "Noue"))
    assert (engine.health().ok, engine.health().documents, engine.health().current) == (True, 1, True)
    engine.clear()
    assert engine.health().documents == 0
    assert keys(engine, "noue") == []


def test_what_is_made_beside_is_listed_by_itself(holding):
    engine = holding(matter("topic:1", "Noue"), matter("topic:2", "Noue"))
    assert engine.listing(beside=True) == []
    list(engine.rebuild(iter([([matter("topic:2", "Citerne"), matter("topic:3", "Citerne")], 10)])))
    digest = matter("topic:3", "Citerne").digest
    assert [key for key, _ in engine.listing(beside=True)] == ["topic:2", "topic:3"]
    assert engine.listing("topic:2", 5, beside=True) == [("topic:3", digest)]
    assert [key for key, _ in engine.listing()] == ["topic:1", "topic:2"]
    engine.swap()
    assert engine.listing(beside=True) == []
