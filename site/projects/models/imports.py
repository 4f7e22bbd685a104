"""Imports of the list: what was read, what it would do, what a person decided."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from territories.models import Commune


class ImportRun(models.Model):
    """One file: its dry run, then perhaps its import. The file goes once it is imported or refused."""

    class State(models.TextChoices):
        READING = "reading", "essai en cours"
        TRIED = "tried", "essai terminé"
        APPLYING = "applying", "import en cours"
        IMPORTED = "imported", "importé"
        REFUSED = "refused", "refusé"

    state = models.CharField("état", max_length=10, choices=State, default=State.READING)
    file = models.FileField("fichier", upload_to="imports/", blank=True)
    file_name = models.CharField("nom du fichier", max_length=200)
    sha256 = models.CharField("empreinte", max_length=64)
    by = models.CharField("par", max_length=60)
    by_name = models.CharField("nom", max_length=200, blank=True)
    job_id = models.BigIntegerField("travail", null=True, blank=True)
    reason = models.TextField("motif du refus", blank=True)
    read = models.PositiveIntegerField("lignes lues", default=0)
    filler = models.PositiveIntegerField("lignes vides ou de total", default=0)
    created = models.PositiveIntegerField("créés", default=0)
    changed = models.PositiveIntegerField("modifiés", default=0)
    unchanged = models.PositiveIntegerField("inchangés", default=0)
    to_verify = models.PositiveIntegerField("à vérifier", default=0)
    refused = models.PositiveIntegerField("refusés", default=0)
    base = models.CharField("état de la base à l’essai", max_length=80, blank=True)
    started_at = models.DateTimeField("commencé le", default=timezone.now)
    looked_at = models.DateTimeField("rapport regardé le", null=True, blank=True)
    imported_at = models.DateTimeField("importé le", null=True, blank=True)

    class Meta:
        verbose_name = "import"
        indexes = [models.Index(fields=["-id"], name="projects_import_latest")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"


class ImportLine(models.Model):
    """What the report says of one line. `changes` maps a label to [before, after]."""

    class Outcome(models.TextChoices):
        CREATED = "created", "créé"
        CHANGED = "changed", "modifié"
        UNCHANGED = "unchanged", "inchangé"
        TO_VERIFY = "to_verify", "à vérifier"
        REFUSED = "refused", "refusé"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines", verbose_name="import")
    number = models.PositiveIntegerField("ligne")
    outcome = models.CharField("résultat", max_length=10, choices=Outcome)
    label = models.CharField("projet", max_length=300)
    place = models.CharField("commune trouvée", max_length=200, blank=True)
    how = models.CharField("comment", max_length=20, blank=True)
    reason = models.TextField("motif", blank=True)
    changes = models.JSONField("changements", default=dict, blank=True)
    candidates = models.JSONField("candidats", default=list, blank=True)
    raw = models.JSONField("ligne", default=dict, blank=True)
    identity = models.CharField("identité", max_length=64, blank=True)

    class Meta:
        verbose_name = "ligne d’import"
        verbose_name_plural = "lignes d’import"
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="projects_one_line")]
        indexes = [models.Index(fields=["run", "outcome", "number"], name="projects_lines_of_outcome")]

    def __str__(self) -> str:
        return f"ligne {self.number} : {self.get_outcome_display()}"


class ImportChoice(models.Model):
    """What a person chose for a doubtful line; kept, so that a later import of the same line respects it.

    `identity` is the hash of the cells that name the place and the project, so that a line whose other cells are
    corrected is still known. Without commune the line is set aside: it is no project.
    """

    identity = models.CharField("identité", max_length=64, unique=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    by = models.CharField("par", max_length=60)
    by_name = models.CharField("nom", max_length=200, blank=True)
    at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "choix d’import"
        verbose_name_plural = "choix d’import"

    def __str__(self) -> str:
        return f"{self.commune or 'mise de côté'}"
