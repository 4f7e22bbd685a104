"""Wagtail's pages, images and documents as the club has them: first forms, on which the editorial site builds."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.models import Page, Revision

from changes import SYSTEM, change
from cms.queries import home_context, member_home_context
from members.models import Person


class ClubImage(AbstractImage):
    """A picture with its credit. `description` (Wagtail's) is its alternative text."""

    credit = models.CharField("crédit", max_length=200, blank=True, help_text="Qui a fait cette image : « Ville de X »")

    admin_form_fields = ("title", "file", "description", "credit", "collection", "tags", "focal_point_x",
                         "focal_point_y", "focal_point_width", "focal_point_height")  # fmt: skip

    class Meta(AbstractImage.Meta):
        verbose_name = "image"


class ClubRendition(AbstractRendition):
    """One size of a picture."""

    image = models.ForeignKey(ClubImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        verbose_name = "taille d’image"
        unique_together = [("image", "filter_spec", "focal_point_key")]


class ClubDocument(AbstractDocument):
    """A document; the right to read it is asked at each download, never served from a public folder."""

    source = models.CharField("source", max_length=200, blank=True, help_text="L’organisme qui publie ce document")

    admin_form_fields = ("title", "file", "source", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"


class ClubPage(Page):
    """What every page of the club has: a region (empty: national), engagements of the charter, a review date.

    Abstract for Django only; page privacy is Wagtail's view restriction, there is no second field for it.
    """

    region = models.ForeignKey(
        "territories.Region",
        verbose_name="région",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Laissez vide pour une page nationale",
    )
    commitments = ParentalManyToManyField(
        "projects.Commitment", verbose_name="engagements de la charte", blank=True, related_name="+"
    )
    review_on = models.DateField(
        "à relire le", null=True, blank=True, help_text="La date à laquelle cette page sera relue et mise à jour"
    )

    settings_panels = [
        *Page.settings_panels,
        MultiFieldPanel(
            [FieldPanel("region"), FieldPanel("commitments"), FieldPanel("review_on")],
            heading="Classement et relecture",
        ),
    ]

    class Meta:
        abstract = True

    def publish(self, revision: Revision, user: Any = None, **options: Any) -> Any:
        """Publish in one change with its facts: Wagtail by itself publishes outside transactions."""
        with change(by=user if isinstance(user, Person) else SYSTEM):
            return super().publish(revision, user=user, **options)

    def unpublish(self, set_expired: bool = False, commit: bool = True, user: Any = None, **options: Any) -> Any:
        """Unpublish in one change with its facts."""
        with change(by=user if isinstance(user, Person) else SYSTEM):
            return super().unpublish(set_expired=set_expired, commit=commit, user=user, **options)


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
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "page d’accueil"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Visitors: the figures, the map and the latest projects. Signed-in people: `home.member` shows theirs."""
        viewer = getattr(request, "viewer", None)
        own = member_home_context(viewer) if viewer is not None and viewer.person is not None else home_context()
        return {**super().get_context(request, *args, **kwargs), **own}
