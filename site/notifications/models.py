"""The mail queue: a row in the caller's transaction, sent by the worker, its text purged afterwards."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class QueuedMail(models.Model):
    """One mail to one or several addresses. `purpose` says why, so that the right to receive is asked at sending."""

    class State(models.TextChoices):
        QUEUED = "queued", "à envoyer"
        SENT = "sent", "envoyé"
        WITHDRAWN = "withdrawn", "retiré"

    to = models.JSONField()
    from_email = models.CharField(max_length=200)
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    purpose = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    message_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "courriel"
        indexes = [models.Index(fields=["sent_at"], name="mail_sent")]

    def __str__(self) -> str:
        return f"{self.subject} ({self.get_state_display()})"
