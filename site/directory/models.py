"""Complaints of people who could not reach something of the site, which have to be answered in time."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class AccessComplaint(models.Model):
    """One complaint, and by when it has to be answered. Who wrote, and what, is in its mail alone."""

    received_at = models.DateTimeField("reçu le", default=timezone.now)
    due_on = models.DateField("réponse due le")
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)

    class Meta:
        verbose_name = "problème d’accès signalé"
        verbose_name_plural = "problèmes d’accès signalés"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["due_on", "id"], name="complaint_waiting", condition=models.Q(answered_at=None))
        ]

    def __str__(self) -> str:
        return f"Problème d’accès n° {self.pk}"

    @property
    def is_late(self) -> bool:
        return self.answered_at is None and self.due_on < timezone.localdate()
