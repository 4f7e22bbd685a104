"""Sections, plain pages and legal pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page

from cms.blocks import BODY, BodyField
from cms.models.base import ClubPage, ListedPage
from cms.reading.lists import page_of_children
from members.viewer import Viewer


class SectionPage(ListedPage):
    """A « rubrique »: an introduction, then its pages, twenty at a time."""

    class Order(models.TextChoices):
        TREE = "tree", "Dans l’ordre choisi par la rédaction"
        RECENT = "recent", "La plus récente d’abord"
        TITLE = "title", "Par titre"

    body = BodyField(
        BODY, verbose_name="présentation", blank=True, help_text="Ce que l’on lit avant la liste des pages"
    )
    order = models.CharField(
        "ordre de la liste",
        max_length=10,
        choices=Order,
        default=Order.TREE,
        help_text="Actualités et bonnes pratiques se lisent de la plus récente à la plus ancienne",
    )

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        *ListedPage.listed_panels,
        FieldPanel("body"),
        FieldPanel("order"),
    ]
    template = "cms/section.html"
    parent_page_types = ["cms.HomePage", "cms.SectionPage"]

    class Meta:
        verbose_name = "rubrique"

    def page_context(self, request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
        """The asked page of its children."""
        return {"children": page_of_children(self, viewer, request.GET.get("page", ""), self.order)}


class StandardPage(ListedPage):
    """A page of text."""

    body = BodyField(BODY, verbose_name="contenu", blank=True, help_text="Le texte de la page, bloc après bloc")

    content_panels: ClassVar[list[Any]] = [*Page.content_panels, *ListedPage.listed_panels, FieldPanel("body")]
    template = "cms/standard.html"
    parent_page_types = [
        "cms.HomePage",
        "cms.SectionPage",
        "cms.StandardPage",
        "cms.PartnerPage",
        "cms.RegionPage",
    ]
    subpage_types = ["cms.StandardPage"]

    class Meta:
        verbose_name = "page de texte"
        verbose_name_plural = "pages de texte"


class LegalPage(ClubPage):
    """A legal text: one page per version, so that what was accepted stays readable.

    The text in force is the published one with the latest date that has come (`cms.legal_versions`). Where a kind has
    an address that the law made known (`/mentions-legales/`), the text in force is shown there instead of ours.
    """

    class Kind(models.TextChoices):
        NOTICE = "mentions-legales", "Mentions légales"
        PERSONAL_DATA = "donnees-personnelles", "Données personnelles"
        COOKIES = "cookies", "Gestion des cookies"
        TERMS = "cgu", "Conditions générales d’utilisation"
        MODERATION = "charte-de-moderation", "Charte de modération"

    kind = models.CharField("nature", max_length=24, choices=Kind, help_text="Ce que dit ce texte")
    version = models.PositiveSmallIntegerField(
        "version",
        default=1,
        help_text="Augmentez-la d’une unité à chaque nouveau texte : les personnes l’accepteront de nouveau",
    )
    in_force_on = models.DateField(
        "en vigueur le", help_text="Le jour à partir duquel ce texte remplace le précédent ; il peut être à venir"
    )
    changes = models.TextField(
        "ce qui change",
        max_length=600,
        blank=True,
        help_text="Ce que cette version change, en deux phrases, pour qui a accepté la précédente",
    )
    body = BodyField(BODY, verbose_name="texte", help_text="Le texte entier, bloc après bloc")

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("kind"), FieldRowPanel([FieldPanel("version"), FieldPanel("in_force_on")])], heading="Version"
        ),
        FieldPanel("changes"),
        FieldPanel("body"),
    ]
    template = "cms/legal_page.html"
    parent_page_types = ["cms.HomePage", "cms.SectionPage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "texte légal"
        verbose_name_plural = "textes légaux"
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="cms_one_legal_version")]

    def clean(self) -> None:
        """Refuse a version that exists already, in a sentence."""
        super().clean()
        same = LegalPage.objects.filter(kind=self.kind, version=self.version).exclude(pk=self.pk)
        if same.exists():
            raise ValidationError({"version": "Cette version existe déjà : choisissez le numéro suivant."})

    @property
    def description(self) -> str:
        """What a search engine says of it."""
        return self.search_description or f"{self.get_kind_display()} du club, version {self.version}."

    def page_context(self, request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
        """The versions of this text that the viewer may read, and which is in force today. One SQL query."""
        versions = list(LegalPage.objects.visible_to(viewer).filter(kind=self.kind).order_by("-version"))
        today = timezone.localdate()
        current = max(
            (one for one in versions if one.in_force_on <= today),
            key=lambda one: (one.in_force_on, one.version),
            default=None,
        )
        others = [one for one in versions if one.pk != self.pk]
        return {"current": current, "is_current": current is not None and current.pk == self.pk, "others": others}
