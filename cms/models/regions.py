"""Regions, their events and what came out of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page

from cms.blocks import ATTACHED, BODY, BodyField
from cms.models.articles import AGREEMENTS
from cms.models.base import ListedPage
from cms.reading.pages import region_context
from cms.review.forms import CheckedPageForm
from meetings.models import Meeting
from members.viewer import Viewer

BELOW_A_REGION = ["cms.SectionPage", "cms.RegionPage"]


class RegionPage(ListedPage):
    """The club in a region: its correspondents, what is discussed and done there. Its editors write below it."""

    body = BodyField(BODY, verbose_name="présentation", blank=True, help_text="La vie du club dans cette région")

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        FieldPanel("region", permission=AGREEMENTS),  # the bureau's: its editors write by it
        *ListedPage.listed_panels,
        FieldPanel("body"),
    ]
    settings_panels = [
        *Page.settings_panels,
        MultiFieldPanel([FieldPanel("commitments"), FieldPanel("review_on")], heading="Classement et relecture"),
    ]
    template = "cms/region.html"
    parent_page_types = ["cms.SectionPage"]
    subpage_types = [
        "cms.ArticlePage",
        "cms.ExperienceSheet",
        "cms.EventPage",
        "cms.MeetingReport",
        "cms.StandardPage",
    ]

    class Meta:
        verbose_name = "page de région"
        verbose_name_plural = "pages de région"

    def clean(self) -> None:
        """It is of one region."""
        super().clean()
        if self.region_id is None:
            raise ValidationError({"region": "Choisissez la région."})

    def page_context(self, request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
        """Correspondents, latest discussions, projects and pages of the region."""
        return region_context(self, viewer, request.GET.get("page", ""))


class EventForm(CheckedPageForm):
    """Offers the meetings of the last year and to come, and always the one that the page has."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "meeting" in self.fields:
            recent = models.Q(begins_at__gt=timezone.now() - timedelta(days=400))
            meetings = self.fields["meeting"]
            meetings.queryset = meetings.queryset.filter(recent | models.Q(pk=self.instance.meeting_id))


class EventPage(ListedPage):
    """What the public reads of a meeting: why come, what for, how to get there. Dates and seats are the meeting's."""

    meeting = models.ForeignKey(
        "meetings.Meeting",
        verbose_name="rencontre",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="La rencontre de l’agenda : sa date, son lieu et ses places s’affichent ici, à jour",
    )
    body = BodyField(BODY, verbose_name="contenu", blank=True, help_text="Pourquoi venir, et pour qui")
    practical = BodyField(
        ATTACHED,
        verbose_name="informations pratiques",
        blank=True,
        help_text="Accès, repas, accessibilité du lieu, documents à lire avant",
    )

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        *ListedPage.listed_panels,
        FieldPanel("meeting"),
        FieldPanel("body"),
        FieldPanel("practical"),
    ]
    base_form_class = EventForm
    template = "cms/event.html"
    parent_page_types = BELOW_A_REGION
    subpage_types = ["cms.MeetingReport"]

    class Meta:
        verbose_name = "page de rencontre"
        verbose_name_plural = "pages de rencontre"

    def page_context(self, request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
        """Its meeting, where the viewer may read it: a public page may announce a meeting reserved to members."""
        rows = Meeting.objects.visible_to(viewer).select_related("region")
        return {"meeting": rows.filter(pk=self.meeting_id).first() if self.meeting_id else None}


class MeetingReport(ListedPage):
    """A « restitution »: what was asked, answered and decided in a meeting."""

    held_on = models.DateField("tenue le", null=True, blank=True, help_text="Le jour de la rencontre")
    place = models.CharField("lieu", max_length=160, blank=True, help_text="« Vendenheim (67) », ou « À distance »")
    attendance = models.PositiveSmallIntegerField(
        "participants", null=True, blank=True, help_text="Combien de personnes étaient là, sur place et à distance"
    )
    body = BodyField(
        BODY, verbose_name="compte rendu", blank=True, help_text="Par point de l’ordre du jour : questions, réponses"
    )
    resources = BodyField(
        ATTACHED, verbose_name="ressources", blank=True, help_text="Diaporamas et documents présentés"
    )

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        *ListedPage.listed_panels,
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("held_on"), FieldPanel("attendance")]), FieldPanel("place")], heading="Rencontre"
        ),
        FieldPanel("body"),
        FieldPanel("resources"),
    ]
    template = "cms/report.html"
    parent_page_types = [*BELOW_A_REGION, "cms.EventPage"]
    subpage_types: ClassVar[list[str]] = []

    takes_reactions = True

    class Meta:
        verbose_name = "restitution"
