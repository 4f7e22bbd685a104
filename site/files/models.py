"""A file that somebody sent, what it is, and what it is attached to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from files.pictures import THUMBNAIL, fitted

PER_HOLDER = 5
ALT_LONGEST = 250


def _key() -> str:
    return uuid.uuid4().hex


class UploadQuerySet(models.QuerySet["Upload"]):
    def waiting(self) -> UploadQuerySet:
        """Those that are attached to nothing yet."""
        return self.filter(holder_kind="")

    def held_by(self, kind: str, ids: Iterable[object]) -> UploadQuerySet:
        """Those attached to these things, in their order."""
        return self.filter(holder_kind=kind, holder_id__in=[str(one) for one in ids]).order_by(
            "holder_id", "position", "created_at", "id"
        )


class Upload(models.Model):
    """A file as it is kept. Its address holds `id`, its place in the storage `key`: neither tells the other.

    Attached to a thing of another app by that thing's kind and id as text; to nothing as long as it waits for the form
    that it was sent for. A picture is attached with a text in place of it, or as decorative.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        PICTURE = "picture", "image"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=32, unique=True, default=_key, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField("nom", max_length=120)
    extension = models.CharField(max_length=4)
    size = models.PositiveIntegerField("taille")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    alt = models.CharField("texte de remplacement", max_length=ALT_LONGEST, blank=True)
    decorative = models.BooleanField("image décorative", default=False)
    holder_kind = models.CharField(max_length=20, blank=True)
    holder_id = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier"
        indexes = [
            models.Index(fields=["holder_kind", "holder_id"], name="file_by_holder"),
            models.Index(fields=["created_at"], name="file_waiting", condition=models.Q(holder_kind="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="file_held_by_one_thing",
                condition=models.Q(holder_kind="", holder_id="") | ~(models.Q(holder_kind="") | models.Q(holder_id="")),
            ),
            models.CheckConstraint(
                name="file_picture_is_described",
                condition=models.Q(holder_kind="")
                | models.Q(kind="pdf")
                | ~models.Q(alt="")
                | models.Q(decorative=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("files:file", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return not self.holder_kind

    @property
    def is_picture(self) -> bool:
        return self.kind == self.Kind.PICTURE

    @property
    def label(self) -> str:
        """The type for people: PDF, JPEG, PNG, WebP."""
        return {"pdf": "PDF", "jpg": "JPEG", "png": "PNG", "webp": "WebP"}[self.extension]

    @property
    def stored(self) -> str:
        """Its name in the storage."""
        return f"{self.key[:2]}/{self.key}.{self.extension}"

    @property
    def stored_thumbnail(self) -> str:
        return f"{self.key[:2]}/{self.key}.apercu.webp"

    @property
    def stored_names(self) -> list[str]:
        return [self.stored, self.stored_thumbnail] if self.is_picture else [self.stored]

    @property
    def thumbnail_size(self) -> tuple[int, int]:
        """Width and height of the thumbnail."""
        return fitted(self.width or 1, self.height or 1, THUMBNAIL)
