"""Pages of visitors, kept whole under the position of the stream `public`, which every change that they see moves.

So a kept page is never out of date, and nothing has to be thrown away. Only addresses that show the same to every
visitor, hold no posting form and set no cookie are kept; whoever has a session is never answered from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from types import SimpleNamespace
from typing import NamedTuple

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import Resolver404, resolve

from changes.streams import PUBLIC, stand
from club.context import first_content_jobs

# Pages of the tree answer a visitor 404 where they are private, and what answers 404 is not kept.
ROUTES = {
    "forum:spaces",
    "forum:space",
    "forum:topic",
    "meetings:list",
    "meetings:month",
    "meetings:meeting",
    "meetings:ics",
    "meetings:calendar",
    "meetings:region_calendar",
    "wagtail_serve",
}
KEEP = 600  # seconds: names of people and organisations that stand on it may change without moving the position
ASKED = {
    "page",
    "etat",
    "nature",
    "region",
    "etape",
    "engagement",
    "sans_expert",
    "annee",
}  # other parameters would fill the cache with copies
LARGEST = 1_000_000  # bytes of one page
LONGEST = 300  # signs of an address with its query


class Kept(NamedTuple):
    """A page as it was sent."""

    route: str
    headers: list[tuple[str, str]]
    content: bytes
    tag: str


def _pages() -> BaseCache:
    """Pages have a cache of their own: whoever asks for many evicts pages, never a limit or a right."""
    return caches["pages"]


def visitors(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer a visitor's GET from what was kept at this position of `public`, else make the page and keep it.

    One SQL query for a kept page; browsers ask again with what they hold and get 304.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _may_be_kept(request):
            return get_response(request)
        # Asked before the page is made: what is committed meanwhile moves the position, and the page is made again.
        position = _position()
        request.public_position = position  # type: ignore[attr-defined]  # for what the page keeps under it
        key = _key(request, position)
        kept: Kept | None = _pages().get(key)
        if kept is None:
            response = get_response(request)
            if not _is_the_same_for_all(request, response):
                return response
            # of the content: after `KEEP` the page is made anew at the same position, with names that changed since
            tag = f'W/"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
            response.headers["Cache-Control"] = "no-cache"
            response.headers["ETag"] = tag
            route = request.resolver_match.route if request.resolver_match else ""
            _pages().set(key, Kept(route, list(response.items()), response.content, tag), KEEP)
        else:
            request.resolver_match = SimpleNamespace(route=kept.route)  # type: ignore[assignment]  # for the figures
            tag = kept.tag
            response = HttpResponse(kept.content, headers=dict(kept.headers))
        if request.headers.get("If-None-Match") == tag:
            return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": "no-cache"})
        return response

    return middleware


def _position() -> int:
    """Where `public` stands. One SQL query.

    It is the request's first, so it shows by itself whether the connection lives: Django would ask `SELECT 1` before.
    Where a restart of the database broke it, it is asked again on a new one.
    """
    connection.health_check_done = True  # type: ignore[attr-defined]  # Django’s own, not in its types
    try:
        return stand(PUBLIC, PUBLIC).pos
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return stand(PUBLIC, PUBLIC).pos


def _may_be_kept(request: HttpRequest) -> bool:
    """A visitor's GET of an address whose pages are kept."""
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and len(request.get_full_path()) <= LONGEST
        and request.GET.keys() <= ASKED
        and _name_of(request.path_info) in ROUTES
    )


@lru_cache(maxsize=4096)
def _name_of(path: str) -> str:
    """The name of the route of an address, asked before anything is read for it; none for what leads nowhere."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def _key(request: HttpRequest, position: int) -> str:
    packed = "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else "plain"
    asked = f"{request.scheme} {request.get_host()} {request.get_full_path()} {packed}"
    return f"visitors:{settings.RELEASE}:{position}:{hashlib.sha256(asked.encode()).hexdigest()}"


def _is_the_same_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page of a kept route that set no cookie, while no banner of a first start stands on every page."""
    match = request.resolver_match
    return (
        response.status_code == 200
        and not response.streaming
        and match is not None
        and match.view_name in ROUTES
        and not response.cookies
        and len(response.content) <= LARGEST
        and not first_content_jobs()
    )
