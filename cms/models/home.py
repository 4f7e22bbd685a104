"""The home page."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from cms.models.base import ClubPage
from cms.reading.pages import home_context, member_home_context, page_at
from cms.reading.privacy import may_read
from members.viewer import VISITOR_VIEWER, Viewer


class HomePage(ClubPage):
    """`/`: what the club is, how to join, what goes on, the map of projects."""

    introduction = models.CharField(
        "phrase d’accueil",
        max_length=300,
        default="Le réseau des collectivités qui conçoivent, construisent et font vivre des quartiers durables.",
        help_text="Une phrase : ce qu’est le club et pour qui",
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    template = "cms/home.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.SectionPage", "cms.StandardPage", "cms.LegalPage"]

    class Meta:
        verbose_name = "page d’accueil"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The page of an address, with those above it for its breadcrumb; Wagtail asks twice a level. Two SQL queries.

        404 where there is none, where it is not published and where the viewer may not read it.
        """
        viewer: Viewer = getattr(request, "viewer", VISITOR_VIEWER)
        if path_components:
            page = page_at(self, path_components, viewer)
        else:
            page = self if self.live and may_read(self, viewer) else None
            self.above: list[Page] = []
        if page is None:
            raise Http404
        request.page_was_asked = page.pk  # type: ignore[attr-defined]  # ours: the right needs no second question
        return RouteResult(page)

    def page_context(self, request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
        """Visitors: the figures, the map and the latest projects. Signed-in people: `home.member` shows theirs."""
        return member_home_context(viewer) if viewer.person is not None else home_context()
