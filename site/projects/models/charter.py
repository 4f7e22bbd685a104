"""The EcoQuartier charter: four dimensions, twenty commitments under their official numbers."""

from django.db import models


class Dimension(models.Model):
    """One of the four chapters of the charter."""

    number = models.PositiveSmallIntegerField("numéro", unique=True)
    name = models.CharField("nom", max_length=80)

    class Meta:
        verbose_name = "dimension de la charte"
        verbose_name_plural = "dimensions de la charte"
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name


class Commitment(models.Model):
    """One of the twenty engagements, which tag projects, topics, practices, pages and documents."""

    number = models.PositiveSmallIntegerField("numéro", unique=True)
    dimension = models.ForeignKey(
        Dimension, models.PROTECT, related_name="commitments", verbose_name="dimension de la charte"
    )
    name = models.CharField("nom", max_length=120)

    class Meta:
        verbose_name = "engagement de la charte"
        verbose_name_plural = "engagements de la charte"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"
