"""What the embedded engine does that no other has to: few candidates where words are frequent, a planner that knows."""

import logging

import pytest
from django.db import connection

from search.engines.embedded import EmbeddedEngine, rebuilding, weights
from search.engines.embedded.dialect import is_postgresql
from tests.engines.making import found, keys, matter

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def engine():
    made = EmbeddedEngine()
    made.clear()
    return made


def test_a_frequent_word_alone_finds_nothing_while_rare_ones_and_pairs_do(engine, monkeypatch):
    monkeypatch.setattr(weights, "ALONE", 15)
    rare = [matter(f"topic:{n}", "Un gabion", "posé") for n in range(1, 13)]
    frequent = [matter(f"topic:{n}", "Une commune", "engagée") for n in range(20, 50)]
    pair = matter("topic:60", "Une commune et son tilleul")
    engine.bulk([*rare, *frequent, pair], 1)
    answer = found(engine, "commune tilleul gabion aulne")
    assert answer.total == 13, "twelve with the rare word, one with two; the thirty frequent ones are left out"
    assert answer.hits[0].key == "topic:60"


def test_a_frequent_word_alone_finds_where_next_to_nothing_else_does(engine, monkeypatch):
    monkeypatch.setattr(weights, "ALONE", 15)
    frequent = [matter(f"topic:{n}", "Une commune", "engagée") for n in range(20, 50)]
    engine.bulk([matter("topic:1", "Un gabion", "posé"), *frequent], 1)
    assert found(engine, "commune gabion").total == 31


def rows_that_the_planner_knows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'search_word'")
        return int(cursor.fetchone()[0])


def test_what_was_rebuilt_is_known_to_the_planner(engine):
    list(engine.rebuild(iter([([matter(f"topic:{n}", f"Noue mot{n}") for n in range(1, 41)], 1)])))
    engine.swap()
    assert len(keys(engine, "noue")) == 20
    if is_postgresql():
        assert rows_that_the_planner_knows() >= 41


def test_a_planner_that_is_not_told_stops_nothing(engine, monkeypatch, caplog):
    monkeypatch.setattr(rebuilding, "TERMS", ("nowhere",))
    list(engine.rebuild(iter([([matter("topic:1", "Noue")], 1)])))
    with caplog.at_level(logging.WARNING, rebuilding.__name__):
        engine.swap()
    assert keys(engine, "noue") == ["topic:1"]
    assert bool(caplog.records) == is_postgresql()
