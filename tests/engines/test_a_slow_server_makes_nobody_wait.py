"""Elasticsearch behind a slow network: what one search asks has its two seconds together, not each."""

from __future__ import annotations

import asyncio

import pytest
from django.db import connections

from search.core.asking import Request, read
from search.engines.base import EngineAway, Found
from search.engines.choosing import client_of
from search.engines.elastic import asking
from search.engines.elastic.engine import ElasticEngine
from tests.engines.making import PUBLIC, matter
from tools.wire import BadNetwork
from tools.wire.bad_network import FAIR, Weather

pytestmark = [pytest.mark.django_db, pytest.mark.services]
SLOW = Weather(delay=(0.35, 0.35))
"""Seconds of each piece: a request and its answer stay below two seconds, three of them do not."""
MISSPELT = "gabiuns posés"
"""Asked in five requests: is it known, what is near, the same with that, the same looser, the page."""


@pytest.fixture
def held(cluster, db):
    """One document."""
    cluster.clear()
    cluster.bulk([matter("topic:1", "Des gabions posés", "Dans la pente.")], 1, refresh=True)
    return cluster


def asked(held: ElasticEngine, weather: Weather, typed: str, **given: float) -> Found:
    """What a search finds through a network of this weather."""
    (node,) = held.client.transport.node_pool.all()

    def search(port: int) -> Found:
        try:
            engine = ElasticEngine(client_of([f"http://127.0.0.1:{port}"]), held.index, **given)
            return engine.search(Request(read(typed)), PUBLIC)
        finally:
            connections.close_all()  # this thread's, for the synonyms

    async def go() -> Found:
        async with BadNetwork(node.config.port, weather=weather) as network:
            return await asyncio.to_thread(search, network.port)

    return asyncio.run(go())


def test_what_a_search_asks_has_its_seconds_together(held):
    assert asked(held, FAIR, MISSPELT, seconds=30).spelling == "gabions posés"
    with pytest.raises(EngineAway):
        asked(held, SLOW, MISSPELT)


def test_a_slow_correction_is_left_out_and_the_page_is_there(held):
    ask = held._asking()

    def without_near(*bodies, share: float = 1.0):
        if share < 1:
            raise EngineAway("too slow")
        return ask(*bodies)

    found = asking.search(without_near, Request(read(MISSPELT)), PUBLIC, facets=True)
    assert ([hit.key for hit in found.hits], found.spelling) == (["topic:1"], "")


def test_half_an_answer_is_none(held, monkeypatch):
    answered = type(held.client).msearch

    def interrupted(client, **asked):
        answer = answered(client, **asked)
        answer["responses"][-1]["timed_out"] = True
        return answer

    monkeypatch.setattr(type(held.client), "msearch", interrupted)
    with pytest.raises(EngineAway):
        held.search(Request(read("gabions")), PUBLIC)
