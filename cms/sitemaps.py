"""`sitemap.xml`: an index, and under it what everybody may read: pages, discussions, projects, meetings."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Q
from wagtail.models import Page

from cms.reading.privacy import readable
from forum.models import Topic
from meetings.models import Meeting
from members.viewer import VISITOR_VIEWER
from projects.models import Project


class PublicSitemap(Sitemap):
    """A part of the sitemap, under the site's own address whatever host was asked."""

    limit = 5000

    def get_domain(self, site: Any = None) -> str:
        """The site's host."""
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        """The site's scheme."""
        return urlsplit(settings.SITE_URL).scheme


class Pages(PublicSitemap):
    """Published pages that no restriction closes, and whose time has not passed."""

    def items(self) -> Any:
        """Base rows: the address is in them."""
        return readable(Page.objects.live().filter(depth__gte=2), VISITOR_VIEWER).order_by("path")

    def lastmod(self, item: Any) -> Any:
        """When it was published last."""
        return item.last_published_at

    def location(self, item: Any) -> str:
        """Its address, without host."""
        return str(item.url or "/")


class Topics(PublicSitemap):
    """Discussions that a visitor reads."""

    def items(self) -> Any:
        """The latest first."""
        rows = Topic.objects.visible_to(VISITOR_VIEWER).filter(Q(last_number__gt=0))
        return rows.only("pk", "title", "last_post_at").order_by("-last_post_at", "-pk")

    def lastmod(self, item: Any) -> Any:
        """When somebody wrote last."""
        return item.last_post_at


class Projects(PublicSitemap):
    """Published projects."""

    def items(self) -> Any:
        """By address."""
        return Project.objects.published().only("slug", "updated_at").order_by("slug")

    def lastmod(self, item: Any) -> Any:
        """When it changed."""
        return item.updated_at


class Meetings(PublicSitemap):
    """Announced meetings that a visitor reads, those that are over too."""

    def items(self) -> Any:
        """The latest first."""
        return Meeting.objects.visible_to(VISITOR_VIEWER).only("pk", "title").order_by("-begins_at", "-pk")


SITEMAPS = {"pages": Pages, "discussions": Topics, "projets": Projects, "rencontres": Meetings}
