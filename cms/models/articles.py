"""Partners and articles."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.images import get_image_model_string
from wagtail.models import Page

from cms.blocks import BODY, RICH_TEXT, BodyField
from cms.models.base import ListedPage
from cms.reading.lists import articles_of
from members.viewer import Viewer

WORDS_PER_MINUTE = 220
AGREEMENTS = "members.change_partnershipagreement"


class ArticlePage(ListedPage):
    """An article, signed by a person for an organisation; its themes are the engagements of the charter."""

    author = models.ForeignKey(
        "members.Person",
        verbose_name="auteur",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="La personne qui signe ; vide : l’organisation signe seule",
    )
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name="organisation",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="L’organisation au nom de laquelle l’article est écrit",
    )
    body = BodyField(BODY, verbose_name="contenu", help_text="Le texte de l’article, bloc après bloc")

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        *ListedPage.listed_panels,
        MultiFieldPanel([FieldRowPanel([FieldPanel("author"), FieldPanel("organisation")])], heading="Signature"),
        FieldPanel("body"),
    ]
    joined = ("region", "picture", "author", "organisation")
    template = "cms/article.html"
    parent_page_types = ["cms.SectionPage", "cms.PartnerPage", "cms.RegionPage"]
    subpage_types: ClassVar[list[str]] = []
    another_publishes = True

    takes_reactions = True

    class Meta:
        verbose_name = "article"

    @property
    def reading_minutes(self) -> int:
        """Minutes that reading the text takes, at least one."""
        words = sum(len(text.split()) for text in self.body.stream_block.get_searchable_content(self.body))
        return max(1, round(words / WORDS_PER_MINUTE))


class PartnerPage(ListedPage):
    """A partner of the club: its agreement, what it brings, its articles. Its authors write below it."""

    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name="organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Le partenaire, tel qu’il est inscrit au club",
    )
    logo = models.ForeignKey(
        get_image_model_string(),
        verbose_name="logo",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Le logo que le partenaire a remis au club, sur fond clair",
    )
    website = models.URLField("site", blank=True, help_text="L’adresse de son site, avec https://")
    agreement = RichTextField(
        "convention",
        blank=True,
        features=RICH_TEXT,
        help_text="Ce que le partenaire et le club se sont engagés à faire ensemble",
    )
    agreement_from = models.DateField(
        "convention depuis le", null=True, blank=True, help_text="La date de signature de la convention en cours"
    )
    agreement_until = models.DateField(
        "jusqu’au", null=True, blank=True, help_text="Sa fin : ensuite ses auteurs lisent, mais n’écrivent plus"
    )
    body = BodyField(BODY, verbose_name="présentation", blank=True, help_text="Ce que fait ce partenaire, et pour qui")

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        *ListedPage.listed_panels,
        MultiFieldPanel(
            [FieldPanel("organisation"), FieldPanel("logo"), FieldPanel("website")], heading="Le partenaire"
        ),
        MultiFieldPanel(
            [
                FieldPanel("agreement"),
                FieldRowPanel(
                    [  # they open and close the pen of its authors: the bureau’s alone
                        FieldPanel("agreement_from", permission=AGREEMENTS),
                        FieldPanel("agreement_until", permission=AGREEMENTS),
                    ]
                ),
            ],
            heading="Convention",
        ),
        FieldPanel("body"),
    ]
    joined = ("region", "picture", "organisation", "logo")
    template = "cms/partner.html"
    parent_page_types = ["cms.SectionPage"]
    subpage_types = ["cms.ArticlePage", "cms.ExperienceSheet", "cms.StandardPage"]

    class Meta:
        verbose_name = "partenaire"

    def clean(self) -> None:
        """An agreement does not end before it begins."""
        super().clean()
        if self.agreement_from and self.agreement_until and self.agreement_until < self.agreement_from:
            raise ValidationError({"agreement_until": "La convention ne peut finir avant d’avoir commencé."})

    def page_context(self, request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
        """Its articles and practices, the most recent first."""
        return {"children": articles_of(self, viewer, request.GET.get("page", ""))}
