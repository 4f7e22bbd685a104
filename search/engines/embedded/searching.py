"""A search: match under the scope, count, rank the best, fold, show one page.

Cost is bounded whatever is asked: at most eight plain words decide what matches, at most `weights.RANKED` documents are
ranked exactly. Of more, those with all words in the title come first, then those with all words, then the weightiest
and latest; the page says the whole number all the same.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from heapq import nsmallest
from operator import itemgetter

from django.utils import timezone

from search.core.asking import PAGE, Query, Request
from search.core.french import Wanted
from search.core.synonyms import leads, sets
from search.engines.base import Found, Hit, Scope
from search.engines.embedded import weights
from search.engines.embedded.counting import Sieve
from search.engines.embedded.dialect import among, rows
from search.engines.embedded.numbers import microseconds, moment
from search.engines.embedded.plan import Plan, planned
from search.engines.embedded.retrieving import (
    Candidate,
    Place,
    alike,
    at_moments,
    candidates,
    documents_with,
    numbers_of,
    place_of,
)
from search.engines.embedded.scoring import Ranking, rarities
from search.engines.embedded.spelling import corrected
from search.engines.highlighting import highlight, mark

_FOLD, _WEIGHT_AND_MOMENT = itemgetter(1), itemgetter(4, 3)


@dataclass(frozen=True)
class Ranked:
    """The folds of a page in order: the document that stands for each, and its score."""

    page: list[tuple[Candidate, float]]
    total: int
    documents: Counter[int]
    """How many documents of each fold match."""


def search(request: Request, scope: Scope, *, facets: bool = True) -> Found:
    """The page of a request; see `Engine.search`."""
    place = replace(place_of(scope), since=_since(request))
    if request.is_empty or not place.readers:
        return Found()
    plan = _plan(request.query, place)
    if plan.is_empty:  # what was typed holds no word
        return _under_filters(request, place, plan, facets=facets) if request.query.is_empty else Found()
    better = corrected(request.query, plan, replace(place, since=0), partial(_plan, place=place))
    if better:
        request, plan = replace(request, query=better), _plan(better, place)
    known = cache(partial(_known, plan, place))
    matched = candidates(plan.expression(plan.least()), place, plan.excluded)
    if plan.may_be_loose and not _is_enough(matched):
        matched = _loose(plan, place, known)
    sieve = Sieve(matched, request.filters)
    if request.order == "date" or not plan.groups:
        ranked = _by_date(sieve.passing, request)
    else:
        ranked = _by_relevance(sieve.passing, request, plan, place, known)
    shown = _shown(ranked, plan)
    return Found(shown, ranked.total, sieve.facets() if facets else {}, better.raw if better else "")


def _plan(query: Query, place: Place) -> Plan:
    return planned(query, lambda stems: documents_with(stems, place.generation), sets(), leads())


def _loose(plan: Plan, place: Place, known: Callable[[], Mapping[str, int]]) -> list[Candidate]:
    """Documents with some of the words, or what they lead to.

    A frequent word alone is enough only where next to nothing else is found: a document of the thousands that hold
    « projet » answers no question better than one with two of its words, or with its rare one.
    """
    if len(plan.asked) > 1:
        telling = plan.telling(known(), weights.ALONE)
        found = candidates(plan.some(telling), place, plan.excluded)
        if _is_enough(found) or len(telling) == len(plan.asked):
            return found
    return candidates(plan.expression(1, loose=True), place, plan.excluded)


def _is_enough(found: Sequence[Candidate]) -> bool:
    return len({fold for _, fold, _, _, _ in found}) >= weights.RELAX_BELOW


def _known(plan: Plan, place: Place) -> Mapping[str, int]:
    """In how many documents each of the terms stands that may answer."""
    alternatives = [one for group in plan.groups for one in group.alternatives + group.further]
    return documents_with((term for terms, _ in alternatives for term in terms), place.generation)


def _under_filters(request: Request, place: Place, plan: Plan, *, facets: bool) -> Found:
    """What filters alone let through, the latest first."""
    sieve = Sieve(alike(place, plan.excluded), request.filters)
    folds: Counter[int] = Counter()
    latest: dict[int, int] = {}
    for count, fold, _, at, _ in sieve.passing:
        folds[fold] += count
        latest[fold] = max(at, latest.get(fold, at))
    first, last = _bounds(request)
    page = nsmallest(last, ((-at, fold) for fold, at in latest.items()))[first:]
    standing: dict[int, Candidate] = {}
    for one in sorted(at_moments({-at for at, _ in page}, place, plan.excluded)):
        if sieve.lets_through(one) and one[3] == latest.get(one[1]):
            standing.setdefault(one[1], one)
    ranked = Ranked([(standing[fold], 0.0) for _, fold in page if fold in standing], len(latest), folds)
    return Found(_shown(ranked, plan), ranked.total, sieve.facets() if facets else {})


def _by_date(passing: Sequence[Candidate], request: Request) -> Ranked:
    """The latest document of each fold, the latest first; of the same moment, by fold."""
    folds = Counter([fold for _, fold, _, _, _ in passing])
    latest: dict[int, Candidate] = {}
    for one in sorted(passing, key=_latest):
        latest.setdefault(one[1], one)
    first, last = _bounds(request)
    return Ranked([(one, 0.0) for one in [*latest.values()][first:last]], len(folds), folds)


def _by_relevance(
    passing: Sequence[Candidate], request: Request, plan: Plan, place: Place, known: Callable[[], Mapping[str, int]]
) -> Ranked:
    folds = Counter([fold for _, fold, _, _, _ in passing])
    now = microseconds(timezone.now())
    ranking = Ranking(plan, rarities(plan.groups, known(), place.documents), now)
    ordered = _tiers(passing, plan, place) if len(passing) > weights.RANKED else list(passing)
    best = best_of_folds(ordered[: weights.RANKED], ranking)
    page = sorted(best.values(), key=best_first)
    first, last = _bounds(request)
    if last > len(page):
        further: dict[int, tuple[Candidate, float]] = {}
        for one in ordered[weights.RANKED :]:
            if one[1] not in best:
                further.setdefault(one[1], (one, 0.0))
        page += further.values()
    return Ranked(page[first:last], len(folds), folds)


def best_of_folds(chosen: Sequence[Candidate], ranking: Ranking) -> dict[int, tuple[Candidate, float]]:
    """Of each fold the document with the highest score."""
    texts = _texts([one[0] for one in chosen])
    best: dict[int, tuple[Candidate, float]] = {}
    for one in chosen:
        number, fold, _, at, weight = one
        score = ranking.score(texts.get(number, ""), at, weight)
        before = best.get(fold)
        if before is None or (score, -number) > (before[1], -before[0][0]):
            best[fold] = (one, score)
    return best


def best_first(one: tuple[Candidate, float]) -> tuple[float, int]:
    """Ties stay in the order of their folds."""
    return (-one[1], one[0][1])


def _texts(ids: Sequence[int]) -> dict[int, str]:
    condition, values = among("document_id", ids)
    return dict(rows(f"SELECT document_id, stems FROM search_body WHERE {condition}", values))  # noqa: S608 -- parts of ours


def _tiers(passing: Sequence[Candidate], plan: Plan, place: Place) -> list[Candidate]:
    """All words in the title, then all words, then the weightiest, then the latest."""
    in_title = plan.in_title()
    titled = numbers_of(in_title, place.generation) if in_title else set()
    first = [one for one in passing if one[0] in titled]
    rest = [one for one in passing if one[0] not in titled]
    if len(plan.groups) > plan.least() + len(plan.needed) and len(first) < weights.RANKED:
        whole = numbers_of(plan.everything(), place.generation)
        tiers = [first, [one for one in rest if one[0] in whole], [one for one in rest if one[0] not in whole]]
    else:
        tiers = [first, rest]
    return [one for tier in tiers for one in sorted(sorted(tier, key=_FOLD), key=_WEIGHT_AND_MOMENT, reverse=True)]


def _latest(one: Candidate) -> tuple[int, int, int]:
    return (-one[3], one[1], one[0])


def _bounds(request: Request) -> tuple[int, int]:
    return (request.page - 1) * PAGE, request.page * PAGE


def _since(request: Request) -> int:
    days = next(iter(request.filters.get("since", ())), "")
    return microseconds(timezone.now() - timedelta(days=int(days))) if days.isdecimal() else 0


def _shown(ranked: Ranked, plan: Plan) -> list[Hit]:
    wanted = Wanted(plan.terms)
    return [
        hit_of(one, score, shown, wanted, more=ranked.documents[one[1]] - 1)
        for (one, score), shown in zip(ranked.page, shown_of([one[0] for one, _ in ranked.page]), strict=True)
        if shown
    ]


def shown_of(ids: Sequence[int]) -> list[dict[str, str]]:
    """What results show, in the order asked. One query."""
    condition, values = among("document_id", ids)
    found: dict[int, str] = dict(rows(f"SELECT document_id, shown FROM search_body WHERE {condition}", values))  # noqa: S608 -- parts of ours
    return [json.loads(found[one]) if one in found else {} for one in ids]


def hit_of(one: Candidate, score: float, shown: dict, wanted: Wanted, *, more: int = 0) -> Hit:
    """A result with its words marked."""
    return Hit(
        key=shown["key"],
        root=shown["root"],
        kind=shown["kind"],
        title=mark(shown["title"] or shown["about"], wanted),
        passage=highlight(shown["text"], wanted),
        url=shown["url"],
        detail=shown["detail"],
        at=moment(one[3]),
        score=score,
        more=more,
        extra=shown["extra"],
        state=shown["state"],
    )
