"""RSS: what everybody may read, the latest first."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.utils.feedgenerator import Rss201rev2Feed

from cms.reading.lists import latest, with_lines
from members.viewer import VISITOR_VIEWER
from territories.models import Region

SHOWN = 30
TITLES = {"articles": "Articles", "practices": "Bonnes pratiques"}


class LatestPages(Feed):
    """Articles or practices of everybody, of the whole club or of one région. Two SQL queries."""

    feed_type = Rss201rev2Feed
    language = "fr"

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_object(self, request: HttpRequest, region: str = "") -> Region | None:
        """The région of the address; 404 where there is none."""
        if not region:
            return None
        found = Region.objects.filter(code=region).first()
        if found is None:
            raise Http404
        return found

    def title(self, region: Region | None) -> str:
        """What a reader calls it."""
        where = f", {region.name}" if region else ""
        return f"{TITLES[self.kind]}{where} — {settings.SITE_NAME}"

    def link(self, region: Region | None) -> str:
        """The site."""
        return f"{settings.SITE_URL}/"

    def description(self, region: Region | None) -> str:
        """What is in it."""
        return f"{TITLES[self.kind]} du club, du plus récent au plus ancien."

    def items(self, region: Region | None) -> list[Any]:
        """The latest ones."""
        rows = latest(self.kind, VISITOR_VIEWER, region=region.code if region else "")
        return list(with_lines(rows)[:SHOWN])

    def item_title(self, item: Any) -> str:
        """The page's title."""
        return str(item.title)

    def item_description(self, item: Any) -> str:
        """Its summary."""
        return str(item.summary)

    def item_link(self, item: Any) -> str:
        """Its address."""
        return f"{settings.SITE_URL}{item.url}"

    def item_pubdate(self, item: Any) -> Any:
        """When it was published."""
        return item.first_published_at

    def item_author_name(self, item: Any) -> str:
        """The organisation that signs."""
        return item.signature or ""

    def feed_url(self, region: Region | None) -> str:
        """Its own address, whatever host was asked."""
        ending = f"regions/{region.code}/" if region else ""
        name = "actualites" if self.kind == "articles" else "bonnes-pratiques"
        return f"{settings.SITE_URL}/{ending}{name}.rss"
