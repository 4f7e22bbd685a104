"""How a page of results is asked of Elasticsearch: the folds worth looking at, then the best of them in their order.

What a search costs is to weigh every document that holds a frequent word. So a first request asks for the folds that
a cheap score brings first and, side by side, counts; a second one weighs the documents of these folds whole. Replies
whose words the document of their discussion holds too (`Matter.covered`) are neither looked for first nor counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from search.core import synonyms
from search.core.asking import PAGE, Request, put_right
from search.core.french import Wanted, fold
from search.core.spelling import LONGER, distance, doubtful, may_be_meant, most_edits
from search.engines.base import END, START, EngineAway, Found, Hit, Scope, Suggestion
from search.engines.elastic import queries, scoring
from search.engines.elastic.queries import Matching
from search.engines.highlighting import highlight, mark

Ask = Callable[..., list[Any]]
"""Answers of several searches, sent as one request. Raises `EngineAway`."""
WINDOW = 100
"""Folds that are weighed whole; further ones (from page 6 on) stand as the first request found them."""
ALIKE = 5
"""Letters that a slip leaves before it, where a chance stem is no proof."""
SHOWN = ["key", "root", "kind", "title", "about", "text", "replies", "url", "detail", "at", "extra", "state"]


@dataclass(frozen=True)
class Looked:
    """What the first request of a search found."""

    matching: Matching
    wide: bool
    roots: list[str]
    """Folds, the most promising first; where they are not `wide`, those of the page."""
    counted: Mapping[str, Any]
    """How many match, and of each value; documents where it is `wide`, else folds."""
    unknown: list[str]
    """Words that no document of the scope holds."""


def search(ask: Ask, request: Request, scope: Scope, *, facets: bool) -> Found:
    """Two requests: folds and counts; the page. See `Engine.search`.

    Where words are known nowhere: one for those near them, and the first again with these. Where little is found, the
    first once more, looser.
    """
    if request.is_empty:
        return Found()
    looked = _look(ask, request, scoring.ALL_WORDS, scope, facets=facets)
    spelling = ""
    if looked.unknown:
        near = _near(ask, looked.unknown, scope)
        better = put_right(request.query, {word: one for word, one in near.items() if one})
        if better.raw != request.query.raw:
            request, spelling = replace(request, query=better), better.raw
            looked = _look(ask, request, scoring.ALL_WORDS, scope, facets=facets, is_read=True)
    few = scoring.RELAX_BELOW if looked.wide or request.page == 1 else 1  # of a further page, one tells
    if len(looked.roots) < few and request.query.words:
        looked = _look(ask, request, scoring.SOME_WORDS, scope, facets=facets, is_read=True)
    found = _page(ask, request, looked, scope, facets=facets)
    return replace(found, spelling=spelling)


def _look(ask: Ask, request: Request, least: str, scope: Scope, *, facets: bool, is_read: bool = False) -> Looked:
    """Folds and counts; folds once more where replies leave no room for all: every page weighs the same ones.

    Which words are known is asked beside, unless the words are read as they are.
    """
    matching = queries.matching(request.query, least)
    filters, last = list(_chosen(request).values()), request.page * PAGE
    words = [] if is_read else [word for word in doubtful(request.query.words) if not synonyms.holds(word)]
    wide = matching.is_plain and request.order != "date"
    folds: dict[str, Any] = {
        "docvalue_fields": ["root"],
        "stored_fields": "_none_",
        "track_total_hits": False,
        "timeout": "1500ms",
    }
    if wide:
        folds |= {"query": queries.promising(matching, scope, filters), "size": max(WINDOW, last)}
    else:
        folds |= _ordered(request, matching, scope, filters) | {"from": last - PAGE, "size": PAGE}
    counting = _counting(request, matching, scope, wide=wide, facets=facets, folded=not wide)
    first, counted, *held = ask(
        folds, counting, *(queries.held(word, scope, as_typed=_is_slip(word)) for word in words)
    )
    rows = first["hits"]["hits"]
    roots = _roots(rows)
    if wide and len(rows) == folds["size"] > len(roots):
        roots = _roots(ask({**folds, "collapse": {"field": "root"}})[0]["hits"]["hits"])
    unknown = [word for word, answer in zip(words, held, strict=True) if not answer["hits"]["total"]["value"]]
    return Looked(matching, wide, roots, counted["aggregations"], unknown)


def _chosen(request: Request) -> dict[str, dict[str, Any]]:
    return {name: queries.chosen(name, values) for name, values in request.filters.items()}


def _counting(
    request: Request, matching: Matching, scope: Scope, *, wide: bool, facets: bool, folded: bool
) -> dict[str, Any]:
    return {
        "query": queries.unscored(matching, scope, whole=wide),
        "size": 0,
        "track_total_hits": False,
        "aggs": queries.counts(_chosen(request), facets=facets, folded=folded),
        "timeout": "1500ms",
    }


def _values(buckets: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Values and their folds where these were counted, else their documents; without the empty one."""
    rows = [(str(row["key"]), int(row["folds"]["value"] if "folds" in row else row["doc_count"])) for row in buckets]
    return sorted((row for row in rows if row[0]), key=lambda row: (-row[1], row[0]))


def _roots(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [*dict.fromkeys(row["fields"]["root"][0] for row in rows)]


def _ordered(request: Request, matching: Matching, scope: Scope, filters: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The best document of each fold, in the order asked; ties by their keys."""
    by_date = request.order == "date"
    how = queries.unscored if by_date else queries.scored
    return {
        "query": how(matching, scope, filters),
        "collapse": {"field": "root"},
        "sort": [{"at": "desc"} if by_date else "_score", {"key": "asc"}],
    }


def _page(ask: Ask, request: Request, looked: Looked, scope: Scope, *, facets: bool) -> Found:
    """The page out of its folds, with how many other documents of each match; beside it counts of folds, if need be."""
    start = (request.page - 1) * PAGE if looked.wide else 0
    roots = looked.roots[:WINDOW]
    if start >= WINDOW:
        roots, start = looked.roots[start : start + PAGE], 0
    filters = [{"terms": {"root": roots}}, *_chosen(request).values()]
    page = _ordered(request, looked.matching, scope, filters) | {
        "from": start,
        "size": PAGE,
        "track_total_hits": False,
        "_source": SHOWN,
        "aggs": {"folds": {"terms": {"field": "root", "size": WINDOW, "execution_hint": "map"}}},
        "timeout": "1500ms",
    }
    groups = looked.counted
    counting: list[dict[str, Any]] = []
    if looked.wide and groups["replies"]["doc_count"]:  # not each document is a fold: these have to be counted
        counting.append(_counting(request, looked.matching, scope, wide=True, facets=facets, folded=True))
    answer, *again = ask(page, *counting)
    for one in again:
        groups = one["aggregations"]
    documents = {row["key"]: row["doc_count"] for row in answer["aggregations"]["folds"]["buckets"]}
    wanted = Wanted(looked.matching.terms)
    return Found(
        [_hit(one, wanted, documents) for one in answer["hits"]["hits"]],
        int(queries.inside(groups["total"])["value"]),
        {
            name: rows
            for name in queries.FACET_FIELDS
            if name in groups and (rows := _values(queries.inside(groups[name])["buckets"]))
        },
    )


def _is_slip(word: str) -> bool:
    """Whether the thesaurus holds a word a letter away that begins alike: then no chance stem makes this one known.

    For the stemmer « ressourcrie » is « ressources »; who typed it meant « ressourcerie ».
    """
    return any(fold(one)[:ALIKE] == word[:ALIKE] for one in synonyms.near(word))


def _near(ask: Ask, words: Sequence[str], scope: Scope) -> dict[str, str]:
    """For each word the nearest one that documents of the scope hold, where there is one. One request."""
    try:
        answers = ask(*(queries.near(word, scope) for word in words), share=0.5)
    except EngineAway:  # slow, or out of time, which a server says as 500: the page goes without a correction
        return {}
    return {word: _nearest(word, answer) for word, answer in zip(words, answers, strict=True)}


def _nearest(word: str, answer: Mapping[str, Any]) -> str:
    """Of the words that were marked and those of the thesaurus one letter away the nearest, then the most frequent.

    Empty where the word itself is among the marked ones.
    """
    found: dict[str, int] = {}
    for one in answer["hits"]["hits"]:
        for passages in one.get("highlight", {}).values():
            for passage in passages:
                for part in passage.split(START)[1:]:
                    near_word = part.partition(END)[0].lower().replace("’", "'").rpartition("'")[2]
                    found[near_word] = found.get(near_word, 0) + 1
    if any(fold(one) == word for one in found):
        return ""
    most = most_edits(word)
    meant = [one for one in found if may_be_meant(fold(one)) and abs(len(fold(one)) - len(word)) <= LONGER]
    far = synonyms.near(word) | {one: distance(word, fold(one), most) for one in meant}
    near = [one for one in far if far[one] <= most and fold(one)[0] == word[0]]
    return min(near, key=lambda one: (far[one], -found.get(one, 0), one), default="")


def suggest(ask: Ask, typed: str, scope: Scope, limit: int) -> list[Suggestion]:
    """One request over the beginnings of the words of titles."""
    words = " ".join(typed.split())[:80]
    if len(words) < 2:
        return []
    answer = ask(queries.suggesting(words, scope, limit))[0]
    return [
        Suggestion(**{name: one["_source"][name] for name in ("key", "kind", "title", "url")})
        for one in answer["hits"]["hits"]
    ]


def similar(ask: Ask, title: str, text: str, scope: Scope, *, without: str, limit: int) -> list[Hit]:
    """One request: words of the title, wherever they stand, and what tells the text apart (« more like this »)."""
    body = queries.similar(title, text, scope, without=without)
    if body is None:
        return []
    answer = ask({**body, "size": limit, "_source": SHOWN})[0]
    return [_hit(one, Wanted(), {}) for one in answer["hits"]["hits"]]


def _hit(row: Mapping[str, Any], wanted: Wanted, documents: Mapping[str, int]) -> Hit:
    """A document that was found; of its fold so many `documents` match."""
    said = row["_source"]
    return Hit(
        key=said["key"],
        root=said["root"],
        kind=said["kind"],
        title=mark(said["title"] or said["about"], wanted),
        passage=_passage(said, wanted),
        url=said["url"],
        detail=said["detail"],
        at=datetime.fromisoformat(said["at"]),
        score=row.get("_score") or 0.0,
        extra=said.get("extra") or {},
        state=said.get("state") or "",
        more=max(0, documents.get(said["root"], 1) - 1),
    )


def _passage(said: Mapping[str, Any], wanted: Wanted) -> str:
    """Where the words stand: in its text, else in the replies; else how the text begins."""
    passage = highlight(said["text"], wanted)
    if wanted.terms and START not in passage and said["replies"]:
        of_replies = highlight(said["replies"], wanted)
        return of_replies if START in of_replies else passage
    return passage
