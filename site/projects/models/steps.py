"""What happened to a project, each as an event with its year: calls, awards, charter, labels."""

from django.db import models


class CallForProjects(models.Model):
    """A national appel à projets (2009, 2011)."""

    year = models.PositiveSmallIntegerField("année", unique=True)
    name = models.CharField("nom", max_length=100)

    class Meta:
        verbose_name = "appel à projets"
        verbose_name_plural = "appels à projets"
        ordering = ["year"]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """What every step has; `imported` tells those that the list of projects brought, which a new import replaces."""

    imported = models.BooleanField("vient de la liste", default=False)

    class Meta:
        abstract = True


class Candidacy(Step):
    """A project's file sent to a call."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="candidacies", verbose_name="projet")
    call = models.ForeignKey(
        CallForProjects, models.PROTECT, related_name="candidacies", verbose_name="appel à projets"
    )

    class Meta:
        verbose_name = "candidature"
        constraints = [models.UniqueConstraint(fields=["project", "call"], name="projects_one_candidacy")]

    def __str__(self) -> str:
        return f"candidature {self.call_id}"


class Award(Step):
    """A prize of a palmarès, with its year and category."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="awards", verbose_name="projet")
    year = models.PositiveSmallIntegerField("année")
    category = models.CharField("catégorie", max_length=120)
    grand_prize = models.BooleanField("grand prix", default=False)

    class Meta:
        verbose_name = "prix"
        verbose_name_plural = "prix"
        ordering = ["year", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "year", "category"], name="projects_one_award")]

    def __str__(self) -> str:
        return f"{self.category} ({self.year})"


class Charter(Step):
    """The signature of the charter; often only its year is known, sometimes not even that."""

    project = models.OneToOneField("projects.Project", models.CASCADE, related_name="charter", verbose_name="projet")
    year = models.PositiveSmallIntegerField("année", null=True, blank=True)
    signed_on = models.DateField("signée le", null=True, blank=True)
    pending = models.BooleanField("signature en cours", default=False)

    class Meta:
        verbose_name = "charte"

    def __str__(self) -> str:
        if self.pending:
            return "Charte en cours de signature"
        return f"Charte signée en {self.year}" if self.year else "Charte signée"


class LabelEvent(Step):
    """A decision, or a candidacy that waits for one, of one year under one procedure."""

    class Kind(models.TextChoices):
        LABEL = "label", "Label national (2013–2015)"
        STAGE = "stage", "Étapes du label (depuis 2016)"
        STATUS = "status", "ÉcoProjet et label (depuis 2023)"

    class Result(models.TextChoices):
        CANDIDATE = "candidate", "Candidature"
        ADJOURNED = "adjourned", "Ajourné"
        COMMITTED = "committed", "Engagé"
        LABEL = "label", "Label"
        STAGE_1 = "stage_1", "Étape 1, en projet"
        STAGE_2 = "stage_2", "Étape 2, en chantier"
        STAGE_3 = "stage_3", "Étape 3, livré"
        STAGE_4 = "stage_4", "Étape 4, confirmé"
        ECO_PROJECT = "eco_project", "ÉcoProjet"
        DELIVERED = "delivered", "Livré"
        LIVED = "lived", "Vécu"

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="events", verbose_name="projet")
    kind = models.CharField("procédure", max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField("année")
    result = models.CharField("résultat", max_length=12, choices=Result)
    wanted = models.CharField("étape demandée", max_length=20, blank=True)

    class Meta:
        verbose_name = "décision de label"
        verbose_name_plural = "décisions de label"
        ordering = ["year", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "kind", "year"], name="projects_one_decision")]

    def __str__(self) -> str:
        return f"{self.get_result_display()} ({self.year})"


# Positive decisions, from the least to the most: which of two of the same year counts.
RANK: dict[str, int] = {
    result.value: rank
    for rank, result in enumerate(
        (
            LabelEvent.Result.STAGE_1,
            LabelEvent.Result.ECO_PROJECT,
            LabelEvent.Result.COMMITTED,
            LabelEvent.Result.STAGE_2,
            LabelEvent.Result.LABEL,
            LabelEvent.Result.STAGE_3,
            LabelEvent.Result.DELIVERED,
            LabelEvent.Result.STAGE_4,
            LabelEvent.Result.LIVED,
        ),
        start=1,
    )
}
