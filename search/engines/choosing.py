"""Which engine answers, and which are written: Elasticsearch where there is one, the embedded one else.

Beside Elasticsearch the embedded engine is kept warm with `SEARCH_KEEP_EMBEDDED`: it answers while the other is away.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch

from search.engines.base import Engine
from search.engines.circuit import Circuit
from search.engines.elastic.engine import SECONDS, ElasticEngine

circuit = Circuit()
"""Of Elasticsearch, in this process."""


def client_of(urls: Sequence[str], **options: Any) -> Elasticsearch:
    """A client that makes nobody wait: two seconds, and another node where one is gone."""
    return Elasticsearch(
        list(urls),
        request_timeout=SECONDS,
        max_retries=len(urls) - 1,
        retry_on_timeout=False,
        dead_node_backoff_factor=1,
        **options,
    )


@lru_cache(maxsize=1)
def elastic() -> ElasticEngine | None:
    """The engine of `ELASTICSEARCH_URL`; None without one."""
    urls = [url.strip() for url in settings.ELASTICSEARCH_URL.split(",") if url.strip()]
    if not urls:
        return None
    options = {"api_key": settings.ELASTICSEARCH_API_KEY} if settings.ELASTICSEARCH_API_KEY else {}
    if settings.ELASTICSEARCH_CA:
        options["ca_certs"] = settings.ELASTICSEARCH_CA
    client = client_of(urls, **options)
    return ElasticEngine(client, settings.ELASTICSEARCH_INDEX, replicas=settings.ELASTICSEARCH_REPLICAS)


@lru_cache(maxsize=1)
def embedded() -> Engine:
    """The engine in the site's own database."""
    from search.engines.embedded import EmbeddedEngine

    return EmbeddedEngine()


def asked() -> list[Engine]:
    """Engines in the order in which they are asked: the next one only where the one before is away."""
    first = elastic()
    if first is None:
        return [embedded()]
    warm: list[Engine] = [embedded()] if settings.SEARCH_KEEP_EMBEDDED else []
    return warm if circuit.is_open else [first, *warm]


def written() -> list[Engine]:
    """Engines that every change is written to."""
    first = elastic()
    if first is None:
        return [embedded()]
    return [first, embedded()] if settings.SEARCH_KEEP_EMBEDDED else [first]


def rests(engine: Engine) -> bool:
    """Whether it is left alone for a while (see `Circuit`)."""
    return engine is elastic() and circuit.is_open


def resting() -> bool:
    """Whether an engine that is written rests now: what asks is not the one that tries it."""
    return elastic() is not None and circuit.is_resting


def failed(engine: Engine) -> None:
    """The engine did not answer: after three times in a row it is left alone for a while."""
    if engine is elastic():
        circuit.failed()


def succeeded(engine: Engine) -> None:
    """The engine answered."""
    if engine is elastic():
        circuit.answered()


def forget() -> None:
    """Read the settings again at the next question (tests)."""
    elastic.cache_clear()
    embedded.cache_clear()
    circuit.answered()
