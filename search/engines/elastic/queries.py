"""The bodies of what is asked of Elasticsearch. Every one holds the rights of whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from search.core.asking import Query, Term
from search.core.french import is_stop_word, joined, words
from search.engines.base import END, START, Scope
from search.engines.elastic import scoring

Clause = dict[str, Any]
FACET_FIELDS = ("kind", "space", "theme", "region", "state", "partner")
MOST_VALUES = 41
"""Of a facet; the empty one is not told."""
CODE = re.compile(r"\d[/.\-]\d")
"""« 12/2024 »: its parts in this order."""
FIGURES, ARTICLE = re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), re.compile(r"\b([lrdLRD])\. ?(?=\d{3})")
"""« 1 800 » is one number, « L. 151-23 » one code, as the analysis has them."""
NAMED = re.compile(r"\bart(?:icles?\b|\.) ?(?=[LRD]?\d+[/.\-]\d)", re.IGNORECASE)
"""« art. L151-23 »: the code says it."""


@dataclass(frozen=True)
class Matching:
    """A query as clauses."""

    filter: list[Clause] = field(default_factory=list)
    """What a document must hold, unscored."""
    must: list[Clause] = field(default_factory=list)
    """And scored."""
    should: list[Clause] = field(default_factory=list)
    """What it gains by."""
    must_not: list[Clause] = field(default_factory=list)
    promising: list[Clause] = field(default_factory=list)
    """What stands for all that it gains by where only the first are looked for."""
    terms: frozenset[str] = frozenset()
    """Stems that are marked."""

    @property
    def is_plain(self) -> bool:
        """Words and no more: the document of a discussion says whether its first replies match."""
        return bool(self.filter) and not self.must and not self.must_not


def matching(query: Query, least: str) -> Matching:
    """The clauses of a query, of whose plain words a document must hold as much as `least` says."""
    held: list[Clause] = []
    must: list[Clause] = []
    should: list[Clause] = []
    promising: list[Clause] = []
    typed = NAMED.sub("", ARTICLE.sub(r"\1", FIGURES.sub("", query.text))).split()
    plain = [word for word in typed if not CODE.search(word)]
    codes = [word for word in typed if CODE.search(word)]
    said = [*codes, *query.phrases]
    must += [scoring.phrase(word) for word in codes]
    if asked := scoring.asked(plain):
        loose = least == scoring.SOME_WORDS
        held.append(scoring.held(asked, least))
        should += [scoring.wanted(one, loose=loose) for one in asked]
        if not loose:
            should += scoring.further(asked)
        should += scoring.closeness(" ".join(plain), query.text)
        promising = scoring.promising(asked, query.text)
        for one in asked:
            said += [one.text, *(text for text, worth in one.others.items() if worth > scoring.RELATED)]
    elif plain:  # stop words alone: as they stand
        must.append(scoring.as_typed(" ".join(plain)))
        said += plain
    must += [scoring.phrase(one) for one in query.phrases]
    for group in query.either:
        terms = [_term(one) for one in group]
        same = [scoring.wanted(one) for term in group if not term.phrase for one in scoring.asked([term.text])]
        must.append({"bool": {"should": [*terms, *same], "minimum_should_match": 1}})
        said += [term.text for term in group]
    if query.author:
        must.append({"match": {"people": {"query": query.author, "operator": "and"}}})
    if query.region:
        must.append({"match": {"place": {"query": query.region, "operator": "and"}}})
    if query.space:
        where = {"match": {"where": {"query": query.space, "operator": "and"}}}
        must.append({"bool": {"must": [where], "must_not": [{"term": {"space": ""}}]}})  # of the forum
    if not held and not must:
        must.append({"match_all": {}})
    return Matching(held, must, should, [_term(one) for one in query.excluded], promising, _marked(said))


def _term(term: Term) -> Clause:
    return scoring.phrase(term.text) if term.phrase else scoring.word(term.text)


def _marked(said: Sequence[str]) -> frozenset[str]:
    """The stems of these texts; of stop words only where nothing else was said."""
    found = [(folded, stem) for text in said for folded, _, stem in words(text)]
    telling = {stem for folded, stem in found if not is_stop_word(folded)} or {stem for _, stem in found}
    return frozenset(telling.union(*(joined(text) for text in said)))


def _within(scope: Scope) -> dict[str, list[Clause]]:
    """The rights of whoever asks, in every query."""
    closed = [{"terms": {"containers": sorted(scope.closed)}}] if scope.closed else []
    return {"filter": [{"terms": {"audience": sorted(scope.audience)}}], "must_not": closed}


def chosen(name: str, values: Sequence[str]) -> Clause:
    """A filter of the address."""
    if name == "since":
        return {"range": {"at": {"gte": (timezone.now() - timedelta(days=int(values[0]))).isoformat()}}}
    return {"terms": {"nature" if name == "kind" else name: list(values)}}


def unscored(matching: Matching, scope: Scope, filters: Sequence[Clause] = (), *, whole: bool = False) -> Clause:
    """What matches, under the rights; `whole` without what another document covers."""
    within = _within(scope)
    covered = [{"term": {"covered": True}}] if whole else []
    return {
        "bool": {
            "filter": [*filters, *within["filter"], *matching.filter, *matching.must],
            "must_not": [*within["must_not"], *matching.must_not, *covered],
        }
    }


def promising(matching: Matching, scope: Scope, filters: Sequence[Clause]) -> Clause:
    """What matches, with a score that the server need not compute of everything to know the first."""
    held: Clause = unscored(matching, scope, filters, whole=True)["bool"]
    return {"bool": {**held, "should": matching.promising}}


def scored(matching: Matching, scope: Scope, filters: Sequence[Clause]) -> Clause:
    """What matches, under the rights, weighed: the document's own weight, a little for what is recent."""
    within = _within(scope)
    bool_query: Clause = {
        "must": matching.must,
        "should": matching.should,
        "filter": [*filters, *within["filter"], *matching.filter],
        "must_not": [*within["must_not"], *matching.must_not],
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


def counts(chosen: Mapping[str, Clause], *, facets: bool, folded: bool) -> Clause:
    """What matches under all filters, and of each value under the other filters: see `inside`.

    `folded` counts folds, which costs twice as much; else documents, and how many of them are replies: where none is,
    they are folds.
    """
    every = _folds(10_000) if folded else {"value_count": {"field": "root"}}
    counts: Clause = {"total": _under(chosen.values(), every)}
    if not folded:
        counts["replies"] = {"filter": {"term": {"kind": "post"}}}
    for name in FACET_FIELDS if facets else ():
        values: Clause = {"terms": {"field": "nature" if name == "kind" else name, "size": MOST_VALUES}}
        if folded:
            values["aggs"] = {"folds": _folds(500)}
        counts[name] = _under([one for other, one in chosen.items() if other != name], values)
    return counts


def _folds(exact: int) -> Clause:
    return {"cardinality": {"field": "root", "precision_threshold": exact}}


def _under(filters: Iterable[Clause], counted: Clause) -> Clause:
    """What is counted under filters; by itself where there are none, which costs half."""
    held = [*filters]
    return {"filter": {"bool": {"filter": held}}, "aggs": {"inside": counted}} if held else counted


def inside(group: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was counted, under filters or by itself."""
    counted: Mapping[str, Any] = group.get("inside", group)
    return counted


def held(word: str, scope: Scope, *, as_typed: bool = False) -> Clause:
    """Whether a document of the scope holds the word, in whatever form or as it is typed."""
    within = _within(scope)
    known = scoring.typed(word) if as_typed else scoring.known(word)
    query = {"bool": {"filter": [known, *within["filter"]], "must_not": within["must_not"]}}
    return {"query": query, "size": 0, "terminate_after": 1, "track_total_hits": 1}


def near(word: str, scope: Scope) -> Clause:
    """Documents with words near this one, which are marked."""
    return {
        "query": {
            "bool": {
                "should": [
                    {"match": {field: {"query": word, "fuzziness": "AUTO", "prefix_length": 1}}}
                    for field in scoring.WRITTEN
                ],
                "minimum_should_match": 1,
                **_within(scope),
            }
        },
        "size": 20,
        "_source": False,
        "timeout": "1s",
        "highlight": {
            "pre_tags": [START],
            "post_tags": [END],
            "number_of_fragments": 1,
            "fragment_size": 60,
            "fields": {field: {} for field in scoring.WRITTEN},
            "max_analyzed_offset": 100_000,
        },
    }


def suggesting(words: str, scope: Scope, limit: int) -> Clause:
    """Titles with words that begin like these."""
    return {
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


def similar(title: str, text: str, scope: Scope, *, without: str) -> Clause | None:
    """What is near a title and a text; None where they say nothing."""
    within = _within(scope)
    within["filter"] = [*within["filter"], {"terms": {"kind": ["topic", "post", "practice", "article"]}}]
    if without:
        within["must_not"] = [*within["must_not"], {"term": {"root": without}}]
    should: list[Clause] = []
    if words := scoring.asked(title.split()):
        should.append(scoring.near_title(" ".join(one.text for one in words)))
    if text.strip():
        like = {"min_term_freq": 1, "min_doc_freq": 1, "max_query_terms": 20, "minimum_should_match": "20%"}
        should.append({"more_like_this": {"fields": ["title", "text"], "like": text[:4000], **like}})
    if not should:
        return None
    return {
        "query": {"bool": {"should": should, "minimum_should_match": 1, **within}},
        "collapse": {"field": "root"},
        "sort": ["_score", {"key": "asc"}],
        "track_scores": True,
        "track_total_hits": False,
        "timeout": "500ms",
    }
