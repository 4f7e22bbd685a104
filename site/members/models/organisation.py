"""Organisations: collectivités from the official referential, State services, Cerema, partners."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def with_place(self) -> OrganisationQuerySet:
        """Join what a line of a list shows: one query."""
        return self.select_related("commune", "epci", "department", "region")


class Organisation(models.Model):
    """An organisation of the club. A collectivité always points to its unit of the referential, never to free text."""

    class Kind(models.TextChoices):
        COMMUNE = "commune", "Commune"
        EPCI = "epci", "Intercommunalité"
        DEPARTMENT = "department", "Département"
        REGION = "region", "Région"
        REGIONAL_SERVICE = "regional_service", "Service régional de l’État"
        DEPARTMENTAL_SERVICE = "departmental_service", "Service départemental de l’État"
        CENTRAL_SERVICE = "central_service", "Administration centrale"
        CEREMA = "cerema", "Cerema"
        PARTNER = "partner", "Partenaire"

    LOCAL_AUTHORITIES = (Kind.COMMUNE, Kind.EPCI, Kind.DEPARTMENT, Kind.REGION)

    kind = models.CharField("nature", max_length=24, choices=Kind.choices)
    name = models.CharField("nom", max_length=160)
    commune = models.ForeignKey(
        "territories.Commune", verbose_name="commune", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    epci = models.ForeignKey(
        "territories.Epci", verbose_name="EPCI", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    department = models.ForeignKey(
        "territories.Department",
        verbose_name="département",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    region = models.ForeignKey(
        "territories.Region", verbose_name="région", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        constraints = [
            models.UniqueConstraint(
                fields=["commune"], condition=models.Q(kind="commune"), name="one_organisation_per_commune"
            ),
            models.UniqueConstraint(fields=["epci"], condition=models.Q(kind="epci"), name="one_organisation_per_epci"),
            models.UniqueConstraint(
                fields=["department"], condition=models.Q(kind="department"), name="one_organisation_per_department"
            ),
            models.UniqueConstraint(
                fields=["region"], condition=models.Q(kind="region"), name="one_organisation_per_region"
            ),
            models.UniqueConstraint(
                fields=["kind", "name"],
                condition=~models.Q(kind__in=["commune", "epci", "department", "region"]),
                name="one_organisation_per_name",
            ),
            models.CheckConstraint(
                name="local_authority_has_its_unit",
                condition=(
                    models.Q(kind="commune", commune__isnull=False)
                    | models.Q(kind="epci", epci__isnull=False)
                    | models.Q(kind="department", department__isnull=False)
                    | models.Q(kind="region", region__isnull=False)
                    | ~models.Q(kind__in=["commune", "epci", "department", "region"])
                ),
            ),
        ]
        indexes = [models.Index(fields=["name", "id"], name="organisation_by_name")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name with what tells it from its namesakes: « Saint-Denis (93) », « Bas-Rhin (département) »."""
        if self.kind == self.Kind.COMMUNE and self.department_id:
            return f"{self.name} ({self.department_id})"
        if self.kind in (self.Kind.DEPARTMENT, self.Kind.REGION):
            return f"{self.name} ({self.get_kind_display().lower()})"
        return self.name

    @property
    def is_local_authority(self) -> bool:
        return self.kind in self.LOCAL_AUTHORITIES
