"""RSS: what everybody may read, the latest first."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.utils.feedgenerator import Rss201rev2Feed

from cms.reading.lists import latest, with_lines
from members.viewer import VISITOR_VIEWER
from projects.models import Commitment
from territories.models import Region

SHOWN = 30
TITLES = {"articles": "Articles", "practices": "Bonnes pratiques"}


class LatestPages(Feed):
    """Articles or practices of everybody: of the whole club, of one région or of one engagement. Two SQL queries."""

    feed_type = Rss201rev2Feed
    language = "fr"

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_object(self, request: HttpRequest, region: str = "", commitment: int = 0) -> Region | Commitment | None:
        """The région or the engagement of the address; 404 where there is none."""
        found: Region | Commitment | None = None
        if region:
            found = Region.objects.filter(code=region).first()
        elif commitment:
            found = Commitment.objects.filter(number=commitment).first()
        if found is None and (region or commitment):
            raise Http404
        return found

    def title(self, about: Region | Commitment | None) -> str:
        """What a reader calls it."""
        where = f", {about.name}" if about else ""
        return f"{TITLES[self.kind]}{where} — {settings.SITE_NAME}"

    def link(self, about: Region | Commitment | None) -> str:
        """The site."""
        return f"{settings.SITE_URL}/"

    def description(self, about: Region | Commitment | None) -> str:
        """What is in it."""
        return f"{TITLES[self.kind]} du club, du plus récent au plus ancien."

    def items(self, about: Region | Commitment | None) -> list[Any]:
        """The latest ones."""
        region = about.code if isinstance(about, Region) else ""
        commitment = about.number if isinstance(about, Commitment) else None
        return list(with_lines(latest(self.kind, VISITOR_VIEWER, region=region, commitment=commitment))[:SHOWN])

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

    def feed_url(self, about: Region | Commitment | None) -> str:
        """Its own address, whatever host was asked."""
        name = "actualites" if self.kind == "articles" else "bonnes-pratiques"
        under = ""
        if isinstance(about, Region):
            under = f"regions/{about.code}/"
        elif isinstance(about, Commitment):
            under = f"engagements/{about.number}/"
        return f"{settings.SITE_URL}/{under}{name}.rss"
