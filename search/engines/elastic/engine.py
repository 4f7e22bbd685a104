"""Elasticsearch: one index behind one alias, written with external versions, asked under the viewer's tokens.

`<name>` is the alias that is asked; while a rebuild goes on, `<name>-next` is written too, so that the new index misses
nothing. A version is the moment its rows were read: an older write never wins, whatever order they arrive in.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property
from itertools import count
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import streaming_bulk

from search.core.asking import Request
from search.core.matter import Matter
from search.engines.base import EngineAway, Found, Health, Hit, Scope, Suggestion, Written
from search.engines.elastic import asking
from search.engines.elastic.documents import SETTINGS, body_of, index_of, mapping_hash

SECONDS, SHORTEST = 2.0, 0.1
"""What a search may take, whatever it asks; with how little left nothing more is asked."""
AWAY = (404, 429, 502, 503, 504)
"""Answers for one document that say nothing of it: its index is gone or moving, the server is full."""
WHILE_REBUILT = {"refresh_interval": "-1", "number_of_replicas": 0, "translog.durability": "async"}
"""Nobody asks the new index before it serves; a server that falls meanwhile costs what five seconds wrote, which the
verification finds."""
AT_ONCE = 2
"""Batches of a rebuild that are indexed side by side."""
TOLD_EVERY = 10
"""Batches of a rebuild of which the last key is kept: each time is a new state of the cluster."""
NO_INDEX = "aucun index : « manage.py search rebuild »"
MERGED = 3
"""Segments of an index that was made anew."""
KEPT = 2
"""Indices kept behind the alias: the one that serves, and the one before for a rollback."""


class ElasticEngine:
    """See `search.engines.base.Engine`."""

    name = "elasticsearch"

    def __init__(self, client: Elasticsearch, index: str, *, replicas: int = 0, seconds: float = SECONDS) -> None:
        self.client, self.index, self.replicas, self.seconds = client, index, replicas, seconds

    @cached_property
    def patient(self) -> Elasticsearch:
        """For what nobody waits for: bulks and rebuilds."""
        return self.client.options(request_timeout=30)

    # asking: see `asking`

    def search(self, request: Request, scope: Scope, *, facets: bool = True) -> Found:
        return asking.search(self._asking(), request, scope, facets=facets)

    def suggest(self, typed: str, scope: Scope, limit: int = 8) -> list[Suggestion]:
        return asking.suggest(self._asking(), typed, scope, limit)

    def similar(self, title: str, text: str, scope: Scope, *, without: str = "", limit: int = 5) -> list[Hit]:
        return asking.similar(self._asking(), title, text, scope, without=without, limit=limit)

    def _asking(self) -> asking.Ask:
        """Answers of several searches in one request; all requests of one search within the engine's seconds.

        One may have a `share` of what is left. What cannot be answered in that time is not asked: a node that is fast
        would be taken for dead. Half an answer is none.
        """
        end = time.monotonic() + self.seconds

        def ask(*bodies: dict[str, Any], share: float = 1.0) -> list[Any]:
            left = (end - time.monotonic()) * share
            if left < SHORTEST:
                raise EngineAway(f"plus de {self.seconds:g} s")
            client = self.client.options(request_timeout=left)
            searches = [part for body in bodies for part in ({}, body)]
            answers: list[Any] = self._call(lambda: client.msearch(index=self.index, searches=searches))["responses"]
            for one in answers:
                if one["status"] == 404:
                    raise EngineAway(NO_INDEX)
                if "error" in one:
                    raise EngineAway(f"{one['status']}: {str(one['error'])[:300]}")
                if one["timed_out"]:
                    raise EngineAway("recherche interrompue par le serveur")
            return answers

        return ask

    # writing

    def bulk(self, matters: Sequence[Matter], version: int, *, refresh: bool = False) -> Written:
        """One bulk for each index that is written (two while a rebuild goes on)."""
        actions, failed = _actions(matters)
        written = self._write(actions, version, refresh)
        return replace(written, failed=(*failed, *written.failed))

    def delete(self, keys: Sequence[str], version: int, *, refresh: bool = False) -> Written:
        """As `bulk`; what is not there is done."""
        return self._write([{"_op_type": "delete", "_id": key} for key in keys], version, refresh)

    def _write(self, actions: list[dict[str, Any]], version: int, refresh: bool) -> Written:
        if not actions:
            return Written()
        served = self._call(self._ensure)
        written = [self._bulk(index, actions, version) for index in served]
        if refresh:
            self.refresh()
        return replace(written[0], failed=tuple(reason for one in written for reason in one.failed))

    def _ensure(self) -> list[str]:
        """The indices that are written: that behind the alias (made where there is none) and that being rebuilt."""
        found = self._indices()
        if not found[0]:
            self._create(alias=self.index)
            found = self._indices()
        return [name for name in found if name]

    def _indices(self) -> tuple[str, str]:
        """The index that serves and the one being rebuilt; empty where there is none."""
        rows = self.patient.options(ignore_status=404).indices.get_alias(name=f"{self.index},{self.index}-next")
        serving, next_one = "", ""
        for name, row in rows.items():
            if not isinstance(row, dict) or "aliases" not in row:
                continue
            serving = name if self.index in row["aliases"] else serving
            next_one = name if f"{self.index}-next" in row["aliases"] else next_one
        return serving, next_one

    def _create(self, *, alias: str, **settings: Any) -> str:
        name = f"{self.index}-{time.strftime('%Y%m%d%H%M%S', time.gmtime())}-{time.time_ns() % 1_000_000:06}"
        body = index_of(name, **{"number_of_replicas": self.replicas, **settings})
        self.patient.indices.create(index=name, **body, aliases={alias: {}})
        return name

    def _bulk(self, index: str, actions: list[dict[str, Any]], version: int) -> Written:
        """What the server refuses of a document is told; a server that is away or full is `EngineAway`."""
        done, older, failed = 0, 0, []
        sent = ({**one, "_index": index, "version": version, "version_type": "external_gte"} for one in actions)
        try:
            for ok, row in streaming_bulk(self.patient, sent, chunk_size=1000, raise_on_error=False, max_retries=0):
                ((operation, result),) = row.items()
                status = result.get("status", 0)
                if ok or (operation == "delete" and status == 404):
                    done += 1
                elif status == 409:
                    older += 1
                elif status in AWAY:
                    raise EngineAway(f"{status}: {str(result.get('error'))[:200]}")
                else:
                    failed.append(f"{result.get('_id')}: {str(result.get('error'))[:200]}")
        except (TransportError, ApiError) as error:
            raise EngineAway(str(error)[:300]) from error
        return Written(done, older, tuple(failed))

    # rebuilding

    def rebuild(self, batches: Iterable[tuple[Sequence[Matter], int]], *, resume: bool = False) -> Iterator[int]:
        """Into an index beside; its last keys are kept with it now and then, so that another run goes on from there."""
        self._call(self._ensure)
        name = self._call(self._indices)[1]
        if name and not resume:
            self._call(lambda: self.patient.indices.delete(index=name))
            name = ""
        if not name:
            name = self._call(lambda: self._create(alias=f"{self.index}-next", **WHILE_REBUILT))
        sent: deque[tuple[Future[int], str]] = deque()
        confirmed = count()
        with ThreadPoolExecutor(AT_ONCE) as sender:  # while batches are indexed, the next one is made of its rows
            for matters, version in batches:
                sent.append((sender.submit(self._beside, name, matters, version), matters[-1].key if matters else ""))
                if len(sent) > AT_ONCE:
                    yield self._confirmed(name, *sent.popleft(), tell=not next(confirmed) % TOLD_EVERY)
            while sent:
                yield self._confirmed(name, *sent.popleft(), tell=not next(confirmed) % TOLD_EVERY)

    def _beside(self, index: str, matters: Sequence[Matter], version: int) -> int:
        """Write a batch of a rebuild; returns how many were written."""
        return self._bulk(index, _actions(matters)[0], version).done

    def _confirmed(self, index: str, sent: Future[int], last: str, *, tell: bool) -> int:
        """What a batch wrote, once it and all before it did; `tell` the index how far it came."""
        written = sent.result()
        if tell and last:
            meta = {"hash": mapping_hash(), "after": last}
            self._call(lambda: self.patient.indices.put_mapping(index=index, meta=meta))
        return written

    def resume_after(self) -> str:
        """The last key that an unfinished rebuild of this very mapping wrote; one of another mapping is dropped."""
        name = self._call(self._indices)[1]
        if not name:
            return ""
        meta = self._meta(name)
        if meta.get("hash") == mapping_hash():
            return str(meta.get("after", ""))
        self._call(lambda: self.patient.indices.delete(index=name))
        return ""

    def swap(self) -> None:
        """Both aliases in one call; the index before stays for a rollback, older ones go.

        What was written piece by piece is merged before: a word is then looked up in few places.
        """
        former, new = self._call(self._indices)
        if not new:
            return
        slow = self.client.options(request_timeout=600)
        self._call(lambda: slow.indices.forcemerge(index=new, max_num_segments=MERGED))
        settings = {**{name: SETTINGS[name] for name in WHILE_REBUILT}, "number_of_replicas": self.replicas}
        self._call(lambda: self.patient.indices.put_settings(index=new, settings=settings))
        self._call(lambda: self.patient.indices.refresh(index=new))
        moves: list[dict[str, Any]] = [
            {"add": {"index": new, "alias": self.index}},
            {"remove": {"index": new, "alias": f"{self.index}-next"}},
        ]
        if former:
            moves.append({"remove": {"index": former, "alias": self.index}})
        self._call(lambda: self.patient.indices.update_aliases(actions=moves))
        for name in sorted(self._all())[:-KEPT]:
            if name != new:
                self._call(lambda name=name: self.patient.indices.delete(index=name))  # type: ignore[misc]

    def rollback(self) -> str:
        """Serve the index before again; returns its name, empty where there is none."""
        serving = self._call(self._indices)[0]
        others = [name for name in sorted(self._all()) if name < serving]
        if not serving or not others:
            return ""
        moves = [
            {"add": {"index": others[-1], "alias": self.index}},
            {"remove": {"index": serving, "alias": self.index}},
        ]
        self._call(lambda: self.patient.indices.update_aliases(actions=moves))
        return others[-1]

    def _all(self) -> list[str]:
        return list(self._call(lambda: self.patient.options(ignore_status=404).indices.get(index=f"{self.index}-2*")))

    def _meta(self, name: str) -> Mapping[str, Any]:
        """What the index of this name, or behind this alias, says of itself."""
        (mapping,) = self._call(lambda: self.patient.indices.get_mapping(index=name)).values()
        return dict(mapping["mappings"].get("_meta", {}))

    # looking after

    def listing(self, after: str = "", limit: int = 1000, *, beside: bool = False) -> list[tuple[str, str]]:
        """In the order of the keys. One request; what was written beside is counted from the first one on.

        An index of an older mapping gives its digests out of its documents, which takes longer.
        """
        index = f"{self.index}-next" if beside else self.index
        if beside and not after:
            self._call(lambda: self.patient.indices.refresh(index=index, ignore_unavailable=True))
        older = not beside and not self._is_current()
        body: dict[str, Any] = {
            "query": {"match_all": {}},
            "sort": [{"key": "asc"}],
            "size": limit,
            **({"_source": ["digest"]} if older else {"docvalue_fields": ["digest"], "stored_fields": "_none_"}),
        }
        if after:
            body["search_after"] = [after]
        answer = self._call(lambda: self.patient.search(index=index, ignore_unavailable=beside, **body))
        return [
            (one["sort"][0], one["_source"]["digest"] if older else one["fields"]["digest"][0])
            for one in answer["hits"]["hits"]
        ]

    def _is_current(self) -> bool:
        """Whether what serves has the mapping and the analysis of this code."""
        return self._meta(self.index).get("hash") == mapping_hash()

    def health(self) -> Health:
        """Two requests."""
        try:
            name = self._call(self._indices)[0]
            if not name:
                return Health(True, 0, False, "aucun index : `manage.py search rebuild`")
            count = self._call(lambda: self.client.count(index=self.index))["count"]
            return Health(True, count, self._is_current(), name)
        except EngineAway as error:
            return Health(False, 0, False, str(error)[:200])

    def clear(self) -> None:
        self.remove()
        self._call(lambda: self._create(alias=self.index))

    def refresh(self) -> None:
        """What was written is found now, not within half a second."""
        self._call(lambda: self.patient.indices.refresh(index=self.index))

    def remove(self) -> None:
        """Leave no index of this name."""
        for name in self._all():
            self._call(lambda name=name: self.patient.indices.delete(index=name))  # type: ignore[misc]

    def _call(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except NotFoundError as error:
            raise EngineAway(NO_INDEX) from error
        except (TransportError, ApiError) as error:
            raise EngineAway(str(error)[:300]) from error


def _actions(matters: Iterable[Matter]) -> tuple[list[dict[str, Any]], list[str]]:
    """What is sent, and what cannot be read, with the reason."""
    actions, failed = [], []
    for one in matters:
        try:
            actions.append({"_op_type": "index", "_id": one.key, "_source": body_of(one)})
        except (AttributeError, TypeError, ValueError) as error:
            failed.append(f"{one.key}: {error}"[:200])
    return actions, failed
