"""Images and documents as the club has them: made anew or checked when they come in, credited, read by right."""

from __future__ import annotations

from django.db import models
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition


class ClubImage(AbstractImage):
    """A picture with its credit. `description` (Wagtail's) is its alternative text, which a page may change."""

    credit = models.CharField("crédit", max_length=200, blank=True, help_text="Qui a fait cette image : « Ville de X »")

    admin_form_fields = ("title", "file", "description", "credit", "collection", "tags", "focal_point_x",
                         "focal_point_y", "focal_point_width", "focal_point_height")  # fmt: skip

    class Meta(AbstractImage.Meta):
        verbose_name = "image"


class ClubRendition(AbstractRendition):
    """One size of a picture."""

    image = models.ForeignKey(
        ClubImage, on_delete=models.CASCADE, related_name="renditions", help_text="L’image dont c’est une taille"
    )

    class Meta:
        verbose_name = "taille d’image"
        unique_together = [("image", "filter_spec", "focal_point_key")]


class ClubDocument(AbstractDocument):
    """A document; the right to read it is asked at each download, never served from a public folder."""

    source = models.CharField("source", max_length=200, blank=True, help_text="L’organisme qui publie ce document")

    admin_form_fields = ("title", "file", "source", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"
