"""The agreement that binds a partner to the club: while it is in force, the partner's authors write."""

from __future__ import annotations

from django.db import models

from members.models.rights import Dated


class PartnershipAgreement(Dated):
    """A convention de partenariat, from a date to a date. Its end stops writing, not reading.

    Rows are never deleted: what was written under an agreement keeps its history.
    """

    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name="partenaire",
        on_delete=models.PROTECT,
        related_name="agreements",
        limit_choices_to={"kind": "partner"},
    )
    themes = models.CharField("thèmes", max_length=200, blank=True, help_text="Par exemple : eau, biodiversité")

    class Meta:
        verbose_name = "convention de partenariat"
        verbose_name_plural = "conventions de partenariat"
        ordering = ["organisation__name", "-starts_at"]
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_start",
                condition=models.Q(ends_at=None) | models.Q(ends_at__gte=models.F("starts_at")),
            )
        ]

    def __str__(self) -> str:
        return f"Convention avec {self.organisation}"
