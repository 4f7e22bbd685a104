"""The home page."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from cms.models.base import ClubPage
from cms.reading.pages import home_context, member_home_context
from members.viewer import Viewer


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

    def page_context(self, request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
        """Visitors: the figures, the map and the latest projects. Signed-in people: `home.member` shows theirs."""
        return member_home_context(viewer) if viewer.person is not None else home_context()
