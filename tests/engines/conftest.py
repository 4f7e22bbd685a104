"""Every engine that can be asked here; each test begins with an empty one."""

from __future__ import annotations

import os
import uuid

import pytest

from search.engines import choosing
from search.engines.elastic.engine import ElasticEngine
from search.engines.embedded import EmbeddedEngine

HERE = ["embedded", *(["elasticsearch"] if os.environ.get("ELASTICSEARCH_URL") else [])]


@pytest.fixture(scope="session")
def cluster():
    """One index for the process: making one takes longer than emptying it."""
    client = choosing.client_of([os.environ["ELASTICSEARCH_URL"]])
    made = ElasticEngine(client.options(request_timeout=30), f"contract-{uuid.uuid4().hex[:12]}", seconds=30)
    yield made
    made.remove()


@pytest.fixture(params=HERE)
def engine(request, db):
    made = request.getfixturevalue("cluster") if request.param == "elasticsearch" else EmbeddedEngine()
    made.clear()
    return made


@pytest.fixture
def holding(engine):
    """`holding(matter(…), …)`: the engine with these documents, at version 1."""

    def hold(*matters, version: int = 1):
        written = engine.bulk(list(matters), version, refresh=True)
        assert written.failed == ()
        return engine

    return hold
