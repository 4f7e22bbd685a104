"""Which version of which text a person accepted, and when."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Acceptance(models.Model):
    """A person accepted a version of a text (« cgu », « charte-de-moderation »). Rows are never changed."""

    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="acceptances")
    text = models.CharField("texte", max_length=40)
    version = models.PositiveSmallIntegerField("version")
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "acceptation"
        constraints = [models.UniqueConstraint(fields=["person", "text", "version"], name="accepted_once")]

    def __str__(self) -> str:
        return f"{self.text} {self.version}, {self.person_id}"
