"""While Elasticsearch is away, its facts cost next to nothing; it is found again by itself when it is back."""

from __future__ import annotations

import pytest
from django.utils import timezone

from changes import facts
from changes.models import Fact
from forum import actions
from search import indexing
from search.engines import choosing
from search.engines.base import EngineAway

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
FACTS = 12


class Elsewhere:
    """An Elasticsearch that is away until `back`; it counts how often it is asked."""

    name = "elasticsearch"

    def __init__(self, inner):
        self.inner, self.back, self.asked = inner, False, 0

    def bulk(self, matters, version, *, refresh=False):
        self.asked += 1
        if not self.back:
            raise EngineAway("éteint")
        return self.inner.bulk(matters, version, refresh=refresh)

    def delete(self, keys, version, *, refresh=False):
        return self.inner.delete(keys, version, refresh=refresh)


@pytest.fixture
def elsewhere(monkeypatch, settings, work, spaces, person):
    settings.SEARCH_KEEP_EMBEDDED = False
    choosing.forget()
    work()
    made = Elsewhere(choosing.embedded())
    monkeypatch.setattr(choosing, "elastic", lambda: made)
    anne = person("anne", "53")
    for number in range(FACTS):
        actions.start_topic(space=spaces["public"], title=f"Zorglub {number}", source="Là.", by=anne)
    yield made
    choosing.circuit.answered()


@pytest.fixture
def read(monkeypatch):
    """The keys that were read to be indexed, time after time."""
    done = []
    build = indexing.sources.build
    monkeypatch.setattr(indexing.sources, "build", lambda keys: done.append(list(keys)) or build(keys))
    return done


def left():
    return Fact.objects.filter(consumer="search", done_at=None, aside_at=None)


def one_round(limit: int = 5) -> int:
    """The rest is over: what is due is taken and worked."""
    choosing.circuit._until = 0.0
    Fact.objects.filter(consumer="search", done_at=None).update(not_before=timezone.now())
    taken = facts.claim("search", limit=limit)
    for fact in taken:
        facts.work(fact)
    return len(taken)


def test_one_fact_tries_and_the_others_wait(elsewhere, read):
    for _ in range(3):
        one_round()
    assert elsewhere.asked == 3 + 1 + 1, "three failures, then once after each rest"
    assert len(read) == elsewhere.asked, "what is not tried is not read"
    assert not facts.waiting("search").exists(), "those that nobody held wait too"
    assert {(fact.attempt, fact.aside_at) for fact in left()} == {(0, None)}


def test_it_is_found_again_by_itself_however_many_facts_came_meanwhile(elsewhere):
    one_round()
    assert choosing.resting()
    for fact in facts.claim("search"):  # what comes during the rest does not lengthen it
        facts.work(fact)
    until = choosing.circuit._until
    Fact.objects.filter(consumer="search", done_at=None).update(not_before=timezone.now())
    for fact in facts.claim("search"):
        facts.work(fact)
    assert choosing.circuit._until == until
    elsewhere.back = True
    for _ in range(10):
        one_round()
    assert not left().exists()
    assert elsewhere.inner.health().documents >= FACTS


def test_the_engine_kept_beside_takes_each_fact_once(elsewhere, read, settings):
    settings.SEARCH_KEEP_EMBEDDED = True
    count = left().count()
    for _ in range(4):
        one_round(limit=200)
    assert not left().filter(error="").exists()
    assert elsewhere.inner.health().documents >= FACTS, "found there at once"
    assert len(read) <= count + elsewhere.asked
    before = len(read)
    one_round(limit=200)
    assert len(read) == before + 1, "after each rest one alone is read again"
