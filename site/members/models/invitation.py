"""Invitations: a link by mail that makes an account once, within 14 days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from members.models.rights import Role, Scope

VALID_DAYS = 14


class Invitation(models.Model):
    """What an invited person will be: the link's secret is kept only as its SHA-256.

    The link shows a page on GET and acts on POST only (mail scanners follow links); it works once.
    """

    email = models.EmailField("adresse électronique")
    given_name = models.CharField("prénom", max_length=80, blank=True)
    family_name = models.CharField("nom", max_length=80, blank=True)
    organisation = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="invitations")
    function = models.CharField("fonction", max_length=120)
    role = models.CharField("rôle", max_length=20, choices=Role.choices, blank=True)
    scope_kind = models.CharField("portée", max_length=12, choices=Scope.choices, blank=True)
    scope_id = models.CharField("identifiant de la portée", max_length=40, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        "members.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    # the form's operation id: pressed twice, made once
    operation = models.CharField(max_length=36, null=True, unique=True)  # noqa: DJ001 - unique where there is one
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "invitation"
        indexes = [models.Index(fields=["-created_at", "id"], name="invitation_by_date")]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.function}"

    @property
    def expires_at(self) -> datetime:
        return self.created_at + timedelta(days=VALID_DAYS)

    @property
    def is_open(self) -> bool:
        """Neither used, nor withdrawn, nor past its 14 days."""
        return self.used_at is None and self.withdrawn_at is None and timezone.now() < self.expires_at
