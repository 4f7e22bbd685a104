"""What a person wants to hear of; what that means (bell, mail, digest) is the business of notifications alone."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Level(models.TextChoices):
    """How much of it."""

    WATCHED = "watched", "suivi"
    MUTED = "muted", "ignoré"


class Follow(models.Model):
    """A person follows something, or wants to hear no more of it: a kind and an id as text, so that this app knows no
    higher one."""

    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="follows")
    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=80)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.WATCHED)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "abonnement"
        constraints = [models.UniqueConstraint(fields=["person", "kind", "object_id"], name="one_follow")]
        indexes = [models.Index(fields=["kind", "object_id", "person"], name="followers_of")]

    def __str__(self) -> str:
        return f"{self.person_id} suit {self.kind} {self.object_id}"
