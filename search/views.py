"""The search page, what is proposed while one types, what is near a discussion."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from forum.models import Topic
from look.typography import typographic
from members.middleware import ClubRequest
from search import answering, missing
from search.core.asking import LIMIT, Request, asked
from search.core.matter import KINDS
from search.nearby import near_text, near_topic
from search.results import Filters, line, pages_of
from search.where import space_to_ask_in

SHORTEST = 2
"""Characters from which titles are proposed."""
SHORTEST_TITLE = 8
unkept = cache_control(private=True, no_store=True)
"""What somebody may find changes with their rights: no answer is kept, a visitor's neither."""


@require_safe
@unkept
def search(request: ClubRequest) -> HttpResponse:
    """Results for the words and filters of the address: everybody may search, and finds what they may read now.

    Whatever is typed, it answers. The number of SQL queries does not depend on how much there is to find.
    """
    wanted = asked(request.GET)
    answer = answering.search(wanted, request.viewer)
    page = pages_of(answer.found.total, wanted.page)
    if answer.found.total and page.number < wanted.page:
        return redirect(f"{request.path}{wanted.with_page(page.number)}")
    lines = [line(hit) for hit in answer.found.hits]
    as_typed = bool(answer.found.total) and not answer.found.spelling
    if not (as_typed or answer.away or answer.partial):
        _note(request, wanted)
    context = {
        "asked": wanted,
        "words": wanted.query.raw,
        "answer": answer,
        "found": answer.found,
        "lines": lines,
        "page": page,
        "filters": Filters(wanted, answer.found, request.viewer),
        "orders": _orders(wanted),
        "cut": len(request.GET.get("q", "").strip()) > LIMIT and LIMIT,
        "crumbs": [("Recherche", "")],
        "sought": answer.found.spelling or wanted.query.raw,
        **_asking(request, wanted, found=bool(lines) and as_typed),
    }
    return render(request, "search/results.html", context)


def _note(request: ClubRequest, wanted: Request) -> None:
    """Count what is not found as it was typed. Some SQL queries, of a text that may be kept only."""
    if not wanted.is_empty:
        with suppress(PermissionDenied):  # an address that nobody can tell
            network = get_adapter().get_client_ip(request)
            missing.note(wanted, request.viewer, network=network, agent=request.headers.get("User-Agent", ""))


def _orders(wanted: Request) -> list[tuple[str, str, bool]]:
    """Label, address and whether it is the present one; words alone have a relevance."""
    if wanted.query.is_empty:
        return []
    named = (("Pertinence", "relevance"), ("Date", "date"))
    return [(label, replace(wanted, order=order).address(), order == wanted.order) for label, order in named]


def _asking(request: ClubRequest, wanted: Request, *, found: bool) -> dict[str, object]:
    """Where to ask what was not found as it was typed, in these words. One SQL query, for members."""
    if found or wanted.is_empty:
        return {}
    return {
        "ask_in": space_to_ask_in(request.viewer, wanted.filters.get("space", ())),
        "ask_title": wanted.query.raw,
    }


@require_safe
@unkept
def suggestions(request: ClubRequest) -> JsonResponse:
    """Titles for what is being typed (`?q=`), under the rights of whoever types: `title`, `kind` and `url` of each."""
    typed = " ".join(request.GET.get("q", "")[:LIMIT].split())
    found = answering.suggest(typed, request.viewer) if len(typed) >= SHORTEST else []
    rows = [{"title": typographic(one.title), "kind": KINDS.get(one.kind, ""), "url": one.url} for one in found]
    return JsonResponse({"results": rows})


@require_safe
@unkept
def near(request: ClubRequest, pk: int) -> HttpResponse:
    """What is near a discussion: whoever reads the discussion, each line under their own rights; else 404.

    A whole page; `?bloc` gives the part that stands under the discussion.
    """
    topic = Topic.objects.visible_to(request.viewer).filter(pk=pk).first()
    if topic is None:
        raise Http404
    context = {"topic": topic, "near": near_topic(topic, request.viewer)}
    if "bloc" in request.GET:
        return render(request, "search/near.html", context)
    crumbs = [("Forum", "/forum/"), (topic.title, topic.get_absolute_url()), ("Discussions proches", "")]
    return render(request, "search/near_page.html", {**context, "crumbs": crumbs})


@require_safe
@unkept
def near_title(request: ClubRequest) -> HttpResponse:
    """What is near a title that is being typed (`?titre=`): everybody, under their own rights."""
    title = " ".join(request.GET.get("titre", "")[:LIMIT].split())
    near = near_text(title, request.viewer) if len(title) >= SHORTEST_TITLE else []
    return render(request, "search/near_title.html", {"near": near})


@require_safe
@cache_control(public=True, max_age=86400)
def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser adds this search to its own."""
    kind = "application/opensearchdescription+xml"
    return render(request, "search/opensearch.xml", {"SITE_URL": settings.SITE_URL}, content_type=kind)
