"""Every engine that can be asked here; each test begins with an empty one."""

from __future__ import annotations

import pytest

from search.engines.embedded import EmbeddedEngine

ENGINES = {"embedded": EmbeddedEngine}


@pytest.fixture(params=sorted(ENGINES))
def engine(request, db):
    made = ENGINES[request.param]()
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
