"""Elasticsearch: one index behind one alias, written with external versions, asked under the viewer's tokens.

`<name>` is the alias that is asked; while a rebuild goes on, `<name>-next` is written too, so that the new index misses
nothing. A version is the moment its rows were read: an older write never wins, whatever order they arrive in.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import streaming_bulk

from search.core import synonyms
from search.core.asking import PAGE, Query, Request, Term
from search.core.french import fold
from search.core.matter import Matter
from search.core.spelling import distance
from search.engines import scoring
from search.engines.base import END, START, EngineAway, Found, Health, Hit, Scope, Suggestion, Written
from search.engines.documents import SETTINGS, body_of, index_of, mapping_hash

FACET_FIELDS = ("kind", "space", "theme", "region", "state", "partner")
SHOWN = ["key", "root", "kind", "title", "about", "opening", "url", "detail", "at", "extra", "state"]
CODE = re.compile(r"\d[/.\-]\d")
"""« 12/2024 »: its parts in this order."""
FIGURES, ARTICLE = re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), re.compile(r"\b([lrdLRD])\. ?(?=\d{3})")
"""« 1 800 » is one number, « L. 151-23 » one code, as the analysis has them."""
AWAY = (404, 429, 502, 503, 504)
"""Answers for one document that say nothing of it: its index is gone or moving, the server is full."""
TOLD_EVERY = 10
"""Batches of a rebuild of which the last key is kept: each time is a new state of the cluster."""
NO_INDEX = "aucun index : « manage.py search rebuild »"
Matching = dict[str, list[Any]]
"""What a document must hold, unscored (`filter`) and scored (`must`), what it gains by (`should`), what it lacks."""
KEPT = 2
"""Indices kept behind the alias: the one that serves, and the one before for a rollback."""


class ElasticEngine:
    """See `search.engines.base.Engine`."""

    name = "elasticsearch"

    def __init__(self, client: Elasticsearch, index: str, *, replicas: int = 0) -> None:
        self.client, self.index, self.replicas = client, index, replicas

    @cached_property
    def patient(self) -> Elasticsearch:
        """For what nobody waits for: bulks and rebuilds."""
        return self.client.options(request_timeout=30)

    # asking

    def search(self, request: Request, scope: Scope, *, facets: bool = True) -> Found:
        """Two requests: a page, and what else its folds hold.

        Where a word is known nowhere: one for each such word, and the page again with near ones. Where little is found,
        the page once more, looser.
        """
        if request.is_empty:
            return Found()
        matching = _matching(request.query, scoring.ALL_WORDS)
        found, unknown = self._ask(request, matching, scope, facets=facets)
        if not unknown and (found.total >= scoring.RELAX_BELOW or request.page > 1):
            return self._with_more(found, request, matching, scope)
        near = {word: self._near(word, scope) for word in unknown}
        words = tuple(near.get(word) or word for word in request.query.words)
        spelling = " ".join(words) if words != request.query.words else ""
        if spelling:
            request = replace(request, query=replace(request.query, words=words))
            matching = _matching(request.query, scoring.ALL_WORDS)
            found = self._ask(request, matching, scope, facets=facets)[0]
        if found.total < scoring.RELAX_BELOW and words:
            matching = _matching(request.query, scoring.SOME_WORDS)
            found = self._ask(request, matching, scope, facets=facets)[0]
        found = self._with_more(found, request, matching, scope)
        return replace(found, spelling=spelling, corrected=bool(spelling))

    def _ask(self, request: Request, matching: Matching, scope: Scope, *, facets: bool) -> tuple[Found, list[str]]:
        """A page, and the words that no document of it holds.

        What is shown and what is counted are two searches of one request, side by side on the server: the first alone
        scores, the second alone looks at what filters leave out.
        """
        chosen = {name: _filter(name, values) for name, values in request.filters.items()}
        filters, by_date = [*chosen.values()], request.order == "date"
        looked_at = [
            word
            for word in dict.fromkeys(request.query.words)
            if len(word) > 3 and word.isalpha() and not synonyms.holds(word)
        ]
        shown: dict[str, Any] = {
            "query": {"bool": _unscored(matching, scope, filters)} if by_date else _scored(matching, scope, filters),
            "collapse": {"field": "root"},
            "sort": [{"at": "desc"} if by_date else "_score", {"key": "asc"}],
            "from": (request.page - 1) * PAGE,
            "size": PAGE,
            "track_total_hits": False,
            "_source": SHOWN,
            "highlight": _highlighting(matching),
            "timeout": "1500ms",
        }
        counted = {
            "query": {"bool": _unscored(matching, scope)},
            "size": 0,
            "track_total_hits": False,
            "aggs": _counts(chosen, looked_at, facets=facets),
            "timeout": "1500ms",
        }
        page, counts = self._searched(shown, counted)
        groups = counts["aggregations"]
        known = groups.get("known", {}).get("buckets", {})
        unknown = [word for number, word in enumerate(looked_at) if not known[str(number)]["doc_count"]]
        found = Found(
            [_hit(one) for one in page["hits"]["hits"]],
            groups["total"]["folds"]["value"],
            {
                name: rows
                for name in FACET_FIELDS
                if name in groups and (rows := _counted(groups[name]["values"]["buckets"]))
            },
        )
        return found, unknown

    def _searched(self, *bodies: dict[str, Any]) -> list[Any]:
        """Answers of several searches, in one request."""
        searches = [part for body in bodies for part in ({}, body)]
        answers: list[Any] = self._call(lambda: self.client.msearch(index=self.index, searches=searches))["responses"]
        for one in answers:
            if one["status"] == 404:
                raise EngineAway(NO_INDEX)
            if "error" in one:
                raise EngineAway(f"{one['status']}: {str(one['error'])[:300]}")
        return answers

    def _with_more(self, found: Found, request: Request, matching: Matching, scope: Scope) -> Found:
        """The page with how many other documents of each fold match: one request for all, that scores nothing.

        (`inner_hits` of the collapse would ask the whole query again for each fold: most of the time of a search.)
        """
        roots = [hit.root for hit in found.hits]
        if not roots:
            return found
        chosen = [_filter(name, values) for name, values in request.filters.items()]
        body: dict[str, Any] = {
            "query": {"bool": _unscored(matching, scope, [{"terms": {"root": roots}}, *chosen])},
            "size": 0,
            "track_total_hits": False,
            "aggs": {"folds": {"terms": {"field": "root", "size": len(roots), "execution_hint": "map"}}},
            "timeout": "500ms",
        }
        answer = self._call(lambda: self.client.search(index=self.index, **body))
        counts = {row["key"]: row["doc_count"] for row in answer["aggregations"]["folds"]["buckets"]}
        return replace(found, hits=[replace(hit, more=max(0, counts.get(hit.root, 1) - 1)) for hit in found.hits])

    def _near(self, word: str, scope: Scope) -> str:
        """The word nearest to this one that documents of the scope hold; empty where it is known."""
        near = {
            "bool": {
                "should": [
                    {"match": {f"{field}.exact": {"query": word, "fuzziness": "AUTO", "prefix_length": 1}}}
                    for field in ("title", "text")
                ],
                "minimum_should_match": 1,
                **_within(scope),
            }
        }
        body: dict[str, Any] = {
            "query": near,
            "size": 5,
            "_source": False,
            "timeout": "1s",
            "highlight": {
                "pre_tags": [START],
                "post_tags": [END],
                "number_of_fragments": 1,
                "fragment_size": 60,
                "fields": {"title.exact": {}, "text.exact": {}},
            },
        }
        try:
            answer = self._call(lambda: self.client.search(index=self.index, **body))
        except EngineAway:  # a server that is out of time says 500: the page goes without a correction
            return ""
        found: dict[str, int] = {}
        for one in answer["hits"]["hits"]:
            for passages in one.get("highlight", {}).values():
                for passage in passages:
                    for part in passage.split(START)[1:]:
                        near_word = part.partition(END)[0].lower().replace("’", "'").rpartition("'")[2]
                        found[near_word] = found.get(near_word, 0) + 1
        if any(fold(one) == fold(word) for one in found):
            return ""
        return min(found, key=lambda one: (distance(fold(word), fold(one), 2), -found[one]), default="")

    def suggest(self, typed: str, scope: Scope, limit: int = 8) -> list[Suggestion]:
        """One request over the beginnings of the words of titles."""
        words = " ".join(typed.split())[:80]
        if len(words) < 2:
            return []
        body: dict[str, Any] = {
            "query": {
                "function_score": {
                    "query": {
                        "bool": {
                            "must": [{"match": {"title.typed": {"query": words, "operator": "and"}}}],
                            "should": [{"match_phrase": {"title.exact": {"query": words, "boost": 2}}}],
                            **_within(scope),
                        }
                    },
                    "field_value_factor": {"field": "weight", "missing": 1},
                }
            },
            "collapse": {"field": "root"},
            "size": limit,
            "_source": ["key", "kind", "title", "url"],
            "sort": ["_score", {"key": "asc"}],
            "track_total_hits": False,
            "timeout": "500ms",
        }
        answer = self._call(lambda: self.client.search(index=self.index, **body))
        return [
            Suggestion(**{name: one["_source"][name] for name in ("key", "kind", "title", "url")})
            for one in answer["hits"]["hits"]
        ]

    def similar(self, title: str, text: str, scope: Scope, *, without: str = "", limit: int = 5) -> list[Hit]:
        """One request: words of the title, wherever they stand, and what tells the text apart (« more like this »)."""
        within = _within(scope)
        within["filter"] = [*within["filter"], {"terms": {"kind": ["topic", "post", "practice", "article"]}}]
        if without:
            within["must_not"] = [*within["must_not"], {"term": {"root": without}}]
        should: list[Any] = []
        if words := scoring.asked(title.split()):
            should.append(scoring.near_title(" ".join(one.text for one in words)))
        if text.strip():
            like = {"min_term_freq": 1, "min_doc_freq": 1, "max_query_terms": 20, "minimum_should_match": "20%"}
            should.append({"more_like_this": {"fields": ["title", "text"], "like": text[:4000], **like}})
        if not should:
            return []
        body: dict[str, Any] = {
            "query": {"bool": {"should": should, "minimum_should_match": 1, **within}},
            "collapse": {"field": "root"},
            "size": limit,
            "_source": SHOWN,
            "sort": ["_score", {"key": "asc"}],
            "track_scores": True,
            "track_total_hits": False,
            "timeout": "500ms",
        }
        answer = self._call(lambda: self.client.search(index=self.index, **body))
        return [_hit(one) for one in answer["hits"]["hits"]]

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
            name = self._call(
                lambda: self._create(alias=f"{self.index}-next", refresh_interval="-1", number_of_replicas=0)
            )
        with ThreadPoolExecutor(1) as sender:  # while one batch is indexed, the next is made of its rows
            sent: Future[int] | None = None
            for number, (matters, version) in enumerate(batches):
                if sent:
                    yield sent.result()
                sent = sender.submit(self._beside, name, matters, version, tell=not number % TOLD_EVERY)
            if sent:
                yield sent.result()

    def _beside(self, index: str, matters: Sequence[Matter], version: int, *, tell: bool) -> int:
        """Write a batch of a rebuild, and `tell` the index how far it came; returns how many were written."""
        written = self._bulk(index, _actions(matters)[0], version)
        if tell and matters:
            meta = {"hash": mapping_hash(), "after": matters[-1].key}
            self._call(lambda: self.patient.indices.put_mapping(index=index, meta=meta))
        return written.done

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
        """Both aliases in one call; the index before stays for a rollback, older ones go."""
        former, new = self._call(self._indices)
        if not new:
            return
        settings = {"refresh_interval": SETTINGS["refresh_interval"], "number_of_replicas": self.replicas}
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
        mapping = self._call(lambda: self.patient.indices.get_mapping(index=name))
        return dict(mapping[name]["mappings"].get("_meta", {}))

    # looking after

    def listing(self, after: str = "", limit: int = 1000, *, beside: bool = False) -> list[tuple[str, str]]:
        """In the order of the keys. One request; what was written beside is counted from the first one on."""
        index = f"{self.index}-next" if beside else self.index
        if beside and not after:
            self._call(lambda: self.patient.indices.refresh(index=index, ignore_unavailable=True))
        body: dict[str, Any] = {
            "query": {"match_all": {}},
            "sort": [{"key": "asc"}],
            "size": limit,
            "_source": ["digest"],
        }
        if after:
            body["search_after"] = [after]
        answer = self._call(lambda: self.patient.search(index=index, ignore_unavailable=beside, **body))
        return [(one["_id"], one["_source"]["digest"]) for one in answer["hits"]["hits"]]

    def health(self) -> Health:
        """Two requests."""
        try:
            name = self._call(self._indices)[0]
            if not name:
                return Health(True, 0, False, "aucun index : `manage.py search rebuild`")
            count = self._call(lambda: self.client.count(index=self.index))["count"]
            return Health(True, count, self._meta(name).get("hash") == mapping_hash(), name)
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


def _within(scope: Scope) -> dict[str, list[Any]]:
    """The rights of whoever asks, in every query."""
    closed = [{"terms": {"containers": sorted(scope.closed)}}] if scope.closed else []
    return {"filter": [{"terms": {"audience": sorted(scope.audience)}}], "must_not": closed}


def _filter(name: str, values: Sequence[str]) -> dict[str, Any]:
    if name == "since":
        return {"range": {"at": {"gte": (timezone.now() - timedelta(days=int(values[0]))).isoformat()}}}
    return {"terms": {"nature" if name == "kind" else name: list(values)}}


def _counting(filters: list[dict[str, Any]], inner: dict[str, Any]) -> dict[str, Any]:
    return {"filter": {"bool": {"filter": filters}}, "aggs": inner}


def _counts(chosen: Mapping[str, dict[str, Any]], looked_at: Sequence[str], *, facets: bool) -> dict[str, Any]:
    """Folds under all filters, documents with each of the words, folds of each value under the other filters."""
    folds = {"folds": {"cardinality": {"field": "root", "precision_threshold": 10_000}}}
    counts: dict[str, Any] = {"total": _counting([*chosen.values()], folds)}
    if looked_at:
        known = {str(number): scoring.known(word) for number, word in enumerate(looked_at)}
        counts["known"] = {"filters": {"filters": known}}
    for name in FACET_FIELDS if facets else ():
        others = [one for other, one in chosen.items() if other != name]
        values = {
            "terms": {"field": "nature" if name == "kind" else name, "size": 40, "exclude": ""},
            "aggs": {"folds": {"cardinality": {"field": "root", "precision_threshold": 500}}},
        }
        counts[name] = _counting(others, {"values": values})
    return counts


def _counted(buckets: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    rows = [(str(row["key"]), int(row["folds"]["value"])) for row in buckets]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def _unscored(matching: Matching, scope: Scope, filters: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """What matches, under the rights."""
    within = _within(scope)
    return {
        "filter": [*filters, *within["filter"], *matching["filter"], *matching["must"]],
        "must_not": [*within["must_not"], *matching["must_not"]],
    }


def _scored(matching: Matching, scope: Scope, filters: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What matches, under the rights, weighed: the document's own weight, a little for what is recent."""
    within = _within(scope)
    bool_query: dict[str, Any] = {
        "must": matching["must"],
        "should": matching["should"],
        "filter": [*filters, *within["filter"], *matching["filter"]],
        "must_not": [*within["must_not"], *matching["must_not"]],
    }
    return {
        "function_score": {
            "query": {"bool": bool_query},
            "functions": [
                {"field_value_factor": {"field": "weight", "missing": 1}},
                {"filter": {"term": {"kind": "post"}}, "weight": scoring.REPLY},
                {
                    "exp": {
                        "at": {
                            "origin": "now/d",
                            "scale": scoring.FRESH_SCALE,
                            "decay": scoring.FRESH_DECAY,
                            "offset": scoring.FRESH_OFFSET,
                        }
                    }
                },
            ],
            "score_mode": "multiply",
            "boost_mode": "multiply",
        }
    }


def _matching(query: Query, least: str) -> Matching:
    held: list[Any] = []
    must: list[Any] = []
    should: list[Any] = []
    words = ARTICLE.sub(r"\1", FIGURES.sub("", query.text)).split()
    plain = [word for word in words if not CODE.search(word)]
    must += [scoring.phrase(word) for word in words if CODE.search(word)]
    if asked := scoring.asked(plain):
        held.append(scoring.held(asked, least))
        should += [scoring.wanted(one, loose=least == scoring.SOME_WORDS) for one in asked]
        if least == scoring.ALL_WORDS:
            should += scoring.further(asked)
        should += scoring.closeness(" ".join(plain), query.text)
    elif plain:  # stop words alone: as they stand
        must.append(scoring.as_typed(" ".join(plain)))
    must += [scoring.phrase(one) for one in query.phrases]
    for group in query.either:
        terms = [_term(one) for one in group]
        same = [scoring.wanted(one) for term in group if not term.phrase for one in scoring.asked([term.text])]
        must.append({"bool": {"should": [*terms, *same], "minimum_should_match": 1}})
    if query.author:
        must.append({"match": {"people": {"query": query.author, "operator": "and"}}})
    if query.region:
        must.append({"match": {"place": {"query": query.region, "operator": "and"}}})
    if query.space:
        must.append({"match": {"where": {"query": query.space, "operator": "and"}}})
    if not held and not must:
        must.append({"match_all": {}})
    return {"filter": held, "must": must, "should": should, "must_not": [_term(one) for one in query.excluded]}


def _term(term: Term) -> dict[str, Any]:
    return scoring.phrase(term.text) if term.phrase else scoring.word(term.text)


def _highlighting(matching: Matching) -> dict[str, Any]:
    """What the query says of each field that is shown, clause by clause: the whole of it costs three times as much."""
    one_fragment = {"number_of_fragments": 1, "fragment_size": 220}
    shown: dict[str, dict[str, Any]] = {
        "title": {"number_of_fragments": 0},
        "about": {"number_of_fragments": 0},
        "text": one_fragment,
        "replies": one_fragment,
    }
    fields = {}
    for name, how in shown.items():
        said = dict.fromkeys(one for clause in [*matching["must"], *matching["should"]] for one in _said(clause, name))
        if said:
            queries = [{kind: {name: text}} for kind, text in said]
            fields[name] = {**how, "highlight_query": {"bool": {"should": queries}}}
    return {
        "pre_tags": [START],
        "post_tags": [END],
        "fields": fields,
        "type": "unified",
        "max_analyzed_offset": 100_000,
    }


def _said(clause: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    """Texts that a clause looks for in this very field, as `match` or `match_phrase`."""
    for kind, body in clause.items():
        if kind in ("bool", "dis_max"):
            for part in (*body.get("must", ()), *body.get("should", ()), *body.get("queries", ())):
                yield from _said(part, name)
        elif kind in ("combined_fields", "multi_match"):
            if any(field.partition("^")[0] == name for field in body["fields"]):
                yield "match_phrase" if body.get("type") == "phrase" else "match", body["query"]
        elif kind == "match" and name in body:
            yield kind, body[name]["query"]


def _hit(row: Mapping[str, Any]) -> Hit:
    said, marked = row["_source"], row.get("highlight", {})
    title = (marked.get("title") or marked.get("about") or [said["title"] or said["about"]])[0]
    return Hit(
        key=said["key"],
        root=said["root"],
        kind=said["kind"],
        title=title,
        passage=_passage(said["opening"], (marked.get("text") or marked.get("replies") or [said["opening"]])[0]),
        url=said["url"],
        detail=said["detail"],
        at=datetime.fromisoformat(said["at"]),
        score=row.get("_score") or 0.0,
        extra=said.get("extra") or {},
        state=said.get("state") or "",
    )


def _passage(opening: str, marked: str) -> str:
    """The passage on one line, with « … » where the text goes on before or after it."""
    line = " ".join(marked.split())
    plain = line.replace(START, "").replace(END, "")
    before = "" if not plain or opening.startswith(plain[:60]) else "… "
    after = "" if len(plain) < 100 or plain[-1] in ".?!:;»" else " …"
    return before + line + after
