"""Three nodes with a copy of each document: one is killed while documents are written and asked for.

Nothing that was confirmed is lost, nobody sees an error.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from search.core.asking import Request, read
from search.engines import choosing
from search.engines.base import EngineAway, Scope
from search.engines.elastic.engine import ElasticEngine
from tools.services.elasticsearch import Elasticsearch
from tools.services.ports import free_port

pytestmark = pytest.mark.services
PUBLIC = Scope(frozenset({"public"}))
NAMES = ["node-1", "node-2", "node-3"]


@pytest.fixture
def nodes(folder: Path) -> Iterator[list[Elasticsearch]]:
    """A cluster of three, each in its folder and on its ports."""
    ports = [free_port() for _ in NAMES]
    seeds = [f"127.0.0.1:{port}" for port in ports]
    cluster = [
        Elasticsearch(folder / name, node=name, transport_port=port, seeds=seeds, first_masters=NAMES, heap="512m")
        for name, port in zip(NAMES, ports, strict=True)
    ]
    with ExitStack() as stack:
        starting = [threading.Thread(target=node.start) for node in cluster]
        for node, thread in zip(cluster, starting, strict=True):
            stack.callback(node.stop)
            thread.start()
        for thread in starting:
            thread.join()
        yield cluster


def test_nothing_is_lost_and_nobody_sees_an_error(nodes, matter):
    urls = [node.url for node in nodes]
    client = choosing.client_of(urls)
    engine = ElasticEngine(client, "club", replicas=1)
    health = client.options(request_timeout=90).cluster.health(wait_for_nodes="3", timeout="60s")
    assert health["number_of_nodes"] == 3
    confirmed: list[str] = []
    engine.bulk([matter(0)], 1, refresh=True)
    confirmed.append("topic:0")
    client.options(request_timeout=90).cluster.health(wait_for_status="green", timeout="60s")
    master = client.cat.master(format="json")[0]["node"]
    stopping = threading.Event()
    seen: list[str] = []
    asked = 0

    def ask() -> None:
        nonlocal asked
        while not stopping.is_set():
            try:
                assert engine.search(Request(read("noue")), PUBLIC).total >= 1
            except (EngineAway, AssertionError) as error:
                seen.append(str(error)[:200])
            asked += 1
            time.sleep(0.05)

    reader = threading.Thread(target=ask)
    reader.start()
    try:
        for number in range(1, 121):
            if number == 30:
                next(node for node in nodes if node.node == master).kill()
            for _ in range(60):  # as the worker does: what was not confirmed is written again
                try:
                    if engine.bulk([matter(number)], number + 1).done:
                        confirmed.append(f"topic:{number}")
                        break
                except EngineAway:
                    time.sleep(0.5)
            time.sleep(0.02)
    finally:
        stopping.set()
        reader.join()
    client.options(request_timeout=90).indices.refresh(index="club")
    held = {key for key, _ in engine.listing(limit=1000)}
    assert len(confirmed) == 121
    assert set(confirmed) <= held
    assert not seen, f"{len(seen)} of {asked}: {seen[:3]}"
    assert asked > 20
