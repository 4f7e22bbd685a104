"""RSS of a search: what everybody may read, the latest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed

from members.viewer import VISITOR_VIEWER
from search import answering
from search.core.asking import Request, asked
from search.engines.base import Hit
from search.results import plain

AWAY = 120  # seconds after which a reader may ask again


class SearchFeed(Feed):
    """The first page of a search as a visitor finds it, whoever asks: titles and addresses.

    503 where no engine answers: a reader then keeps what it had.
    """

    feed_type = Rss201rev2Feed
    language = "fr"

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = replace(asked(request.GET), order="date", page=1)
        answer = answering.search(wanted, VISITOR_VIEWER, facets=False)
        if answer.away:
            return HttpResponse("La recherche ne répond pas.", status=503, headers={"Retry-After": str(AWAY)})
        response = super().__call__(request, *args, wanted=wanted, hits=answer.found.hits, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response

    def get_object(self, request: HttpRequest, wanted: Request, hits: list[Hit]) -> tuple[Request, list[Hit]]:
        """The search and what it found."""
        return wanted, hits

    def title(self, found: tuple[Request, list[Hit]]) -> str:
        """What a reader calls it."""
        words = found[0].query.raw
        return f"{f'Recherche : {words}' if words else 'Recherche'} — {settings.SITE_NAME}"

    def link(self, found: tuple[Request, list[Hit]]) -> str:
        """The same search on the site."""
        return f"{settings.SITE_URL}{reverse('search')}{found[0].address()}"

    def description(self, found: tuple[Request, list[Hit]]) -> str:
        """What is in it."""
        return "Ce que tout le monde peut lire, du plus récent au plus ancien."

    def feed_url(self, found: tuple[Request, list[Hit]]) -> str:
        """Its own address, whatever host was asked."""
        return f"{settings.SITE_URL}{reverse('search-feed')}{found[0].address()}"

    def items(self, found: tuple[Request, list[Hit]]) -> list[Hit]:
        """The results."""
        return found[1]

    def item_title(self, item: Hit) -> str:
        """Its title; of a reply, its discussion's."""
        return plain(item.title)

    def item_description(self, item: Hit) -> None:  # type: ignore[override]  # none: titles and addresses alone
        """Nothing more."""
        return None

    def item_link(self, item: Hit) -> str:
        """Its address."""
        return f"{settings.SITE_URL}{item.url}" if item.url.startswith("/") else item.url

    def item_guid(self, item: Hit) -> str:
        """Its key."""
        return item.key

    item_guid_is_permalink = False

    def item_pubdate(self, item: Hit) -> datetime:
        """When it was written, or last answered."""
        return item.at
