"""Good practices (fiches retour d’expérience)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page

from cms.blocks import ATTACHED, BODY, RICH_TEXT, BodyField
from cms.models.base import ListedPage
from cms.reading.pages import practice_context
from members.viewer import Viewer


class ExperienceSheet(ListedPage):
    """A good practice: what a collectivité met, did and found, told so that another can do it again."""

    project = models.ForeignKey(
        "projects.Project",
        verbose_name="projet",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Le projet où la pratique a été éprouvée",
    )
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name="collectivité",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="La collectivité qui l’a mise en œuvre et qui a relu la fiche",
    )
    difficulty = RichTextField(
        "difficulté rencontrée",
        blank=True,
        features=RICH_TEXT,
        help_text="Ce qui bloquait, pour qui, et ce qui avait déjà été tenté",
    )
    body = BodyField(
        BODY, verbose_name="ce qui a été fait", blank=True, help_text="Les choix, dans l’ordre, avec leurs raisons"
    )
    results_text = RichTextField(
        "résultats",
        blank=True,
        features=RICH_TEXT,
        help_text="Ce que l’on observe, y compris ce qui n’a pas marché ; les chiffres viennent dessous",
    )
    costs = models.TextField(
        "coûts", max_length=300, blank=True, help_text="Investissement, entretien, aides : avec l’année et hors taxes"
    )
    partners = models.TextField(
        "partenaires", max_length=400, blank=True, help_text="Un par ligne : bureau d’études, syndicat, association"
    )
    redo = RichTextField("à refaire", blank=True, features=RICH_TEXT, help_text="Ce que vous referiez, et pourquoi")
    avoid = RichTextField(
        "à ne pas refaire", blank=True, features=RICH_TEXT, help_text="Ce que vous feriez autrement, et comment"
    )
    contact = models.CharField(
        "contact",
        max_length=200,
        blank=True,
        help_text="Un service plutôt qu’une personne : « Direction de l’aménagement, Ville de X »",
    )
    attachments = BodyField(
        ATTACHED,
        verbose_name="photos et documents",
        blank=True,
        help_text="Plans, photos créditées, cahiers des charges à réutiliser",
    )
    verified_on = models.DateField(
        "vérifiée le", null=True, blank=True, help_text="Le jour où la collectivité a confirmé que tout est exact"
    )

    content_panels: ClassVar[list[Any]] = [
        *Page.content_panels,
        *ListedPage.listed_panels,
        MultiFieldPanel(
            [FieldPanel("project"), FieldPanel("organisation"), FieldPanel("contact")], heading="Où et par qui"
        ),
        FieldPanel("difficulty"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("results_text"), InlinePanel("figures", label="chiffre", heading="Chiffres")],
            heading="Résultats",
        ),
        MultiFieldPanel([FieldPanel("costs"), FieldPanel("partners")], heading="Moyens"),
        MultiFieldPanel([FieldPanel("redo"), FieldPanel("avoid")], heading="Ce que l’on en retient"),
        FieldPanel("attachments"),
        FieldRowPanel([FieldPanel("verified_on")]),
    ]
    joined = ("region", "picture", "organisation")
    template = "cms/practice.html"
    parent_page_types = ["cms.SectionPage", "cms.RegionPage", "cms.PartnerPage"]
    subpage_types: ClassVar[list[str]] = []
    another_publishes = True
    office_publishes = True
    needs_commitment = True

    takes_reactions = True

    class Meta:
        verbose_name = "bonne pratique"
        verbose_name_plural = "bonnes pratiques"

    @property
    def partner_names(self) -> list[str]:
        """The partners, one by one."""
        return [name.strip() for name in self.partners.splitlines() if name.strip()]

    def page_context(self, request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
        """The project with its place and state."""
        return practice_context(self)


class PracticeFigure(Orderable):
    """A figure of a practice’s results; without its source it would be an opinion."""

    practice = ParentalKey(
        ExperienceSheet,
        on_delete=models.CASCADE,
        related_name="figures",
        help_text="La fiche à laquelle ce chiffre appartient",
    )
    value = models.CharField("valeur", max_length=40, help_text="Avec son unité : « 38 % », « 4,2 €/m² »")
    label = models.CharField("ce qu’elle mesure", max_length=160, help_text="« d’eau potable en moins en trois ans »")
    source = models.CharField("source", max_length=200, help_text="Qui l’a mesurée, et quand")

    panels = [FieldRowPanel([FieldPanel("value"), FieldPanel("label")]), FieldPanel("source")]

    class Meta(Orderable.Meta):
        verbose_name = "chiffre"

    def __str__(self) -> str:
        return f"{self.value} {self.label}"
