"""Accessibility audits: what a person found, criterion by criterion. The declaration’s rate comes from these rows."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable


class AccessibilityAudit(ClusterableModel):
    """One audit of the site against the RGAA, by a person."""

    audited_on = models.DateField("fait le", help_text="Le dernier jour de l’audit ; il vaut trois ans")
    auditor = models.CharField("fait par", max_length=160, help_text="L’organisme ou le service qui a audité")
    sample = models.TextField("pages auditées", help_text="Une page par ligne")
    tools = models.TextField(
        "environnement de test", help_text="Navigateurs et technologies d’assistance, une combinaison par ligne"
    )
    exemptions = models.TextField(
        "dérogations", blank=True, help_text="Ce qui n’a pas à être conforme, avec la raison (charge disproportionnée)"
    )

    class Meta:
        verbose_name = "audit d’accessibilité"
        verbose_name_plural = "audits d’accessibilité"
        ordering = ["-audited_on", "-id"]

    def __str__(self) -> str:
        return f"Audit du {self.audited_on:%d/%m/%Y}"


class AuditRow(Orderable):
    """What was found for one criterion of the RGAA."""

    class Status(models.TextChoices):
        MET = "C", "Conforme"
        NOT_MET = "NC", "Non conforme"
        NOT_APPLICABLE = "NA", "Non applicable"

    audit = ParentalKey(
        AccessibilityAudit, on_delete=models.CASCADE, related_name="rows", help_text="L’audit de cette ligne"
    )
    criterion = models.CharField(
        "critère",
        max_length=5,
        validators=[RegexValidator(r"^\d{1,2}\.\d{1,2}$", "Un critère s’écrit « 1.1 » ou « 10.14 ».")],
        help_text="Son numéro dans le RGAA : « 1.1 »",
    )
    status = models.CharField("résultat", max_length=2, choices=Status, help_text="Sur l’ensemble des pages auditées")
    remark = models.CharField(
        "constat", max_length=400, blank=True, help_text="Ce qui n’est pas conforme, et pour qui cela compte"
    )

    panels = [FieldRowPanel([FieldPanel("criterion"), FieldPanel("status")]), FieldPanel("remark")]

    class Meta(Orderable.Meta):
        verbose_name = "critère audité"
        verbose_name_plural = "critères audités"
        constraints = [models.UniqueConstraint(fields=["audit", "criterion"], name="cms_one_row_per_criterion")]

    def __str__(self) -> str:
        return f"{self.criterion} : {self.get_status_display()}"
