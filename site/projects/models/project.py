"""A project: an operation on one or several communes. Where it stands is computed from its events, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone

from projects.models.steps import RANK, Candidacy, Charter, LabelEvent
from territories.models import Commune

NAMELESS = "Projet sans nom"


class State(models.TextChoices):
    """Where a project stands, as its page and the list say it: the highest decision of the last decided year.

    The marks of the three procedures (2013–2015, étapes since 2016, circulaire of 2023) stay told apart: a « Label »
    of 2014 is not shown as « Livré ».
    """

    LIVED = "lived", "Label Vécu"
    DELIVERED = "delivered", "Label Livré"
    ECO_PROJECT = "eco_project", "ÉcoProjet"
    STAGE_4 = "stage_4", "Étape 4, confirmé"
    STAGE_3 = "stage_3", "Étape 3, livré"
    STAGE_2 = "stage_2", "Étape 2, en chantier"
    STAGE_1 = "stage_1", "Étape 1, en projet"
    LABEL = "label", "Label ÉcoQuartier (2013–2015)"
    COMMITTED = "committed", "Engagé (2013–2015)"
    ADJOURNED = "adjourned", "Ajourné"
    CHARTER = "charter", "Charte signée"
    CANDIDATE = "candidate", "Candidat"
    LISTED = "listed", "Recensé"


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects."""

    def published(self) -> Self:
        """Those that everybody may see."""
        return self.filter(published=True)

    def with_state(self) -> Self:
        """Annotate `state` (a value of `State`): the last positive decision, else ajourné, charter, candidate."""
        events = LabelEvent.objects.filter(project=models.OuterRef("pk"))
        rank = models.Case(
            *(models.When(result=result, then=models.Value(rank)) for result, rank in RANK.items()),
            default=models.Value(0),
            output_field=models.IntegerField(),
        )
        decided = events.filter(result__in=RANK).order_by("-year", -rank).values("result")[:1]
        adjourned = events.filter(result=LabelEvent.Result.ADJOURNED)
        signed = Charter.objects.filter(project=models.OuterRef("pk"), pending=False)
        candidate = models.Q(models.Exists(Candidacy.objects.filter(project=models.OuterRef("pk")))) | models.Q(
            models.Exists(events)
        )
        return self.annotate(
            state=models.functions.Coalesce(
                models.Subquery(decided),
                models.Case(
                    models.When(models.Exists(adjourned), then=models.Value(State.ADJOURNED.value)),
                    models.When(models.Exists(signed), then=models.Value(State.CHARTER.value)),
                    models.When(candidate, then=models.Value(State.CANDIDATE.value)),
                    default=models.Value(State.LISTED.value),
                    output_field=models.CharField(),
                ),
                output_field=models.CharField(),
            )
        )

    def in_states(self, states: Iterable[str]) -> Self:
        """Keep those that stand in one of these states."""
        annotated: dict[str, Any] = {"state__in": list(states)}  # no column: the type checker knows columns only
        return self.with_state().filter(**annotated)

    def with_place(self) -> Self:
        """Join what a line of a list says of the place."""
        return self.select_related("commune__department", "commune__region")


class Project(models.Model):
    """An ÉcoQuartier. Région and département are its main commune's: a join on 1,000 rows needs no copy.

    Figures of the club's list are free text (« 3 ha », « ? »): the text is kept in `…_text`, the number beside it only
    where the text is one. `raw` is the row as it came, internal columns included: it is shown to the bureau only.
    """

    name = models.CharField("nom", max_length=200)
    sort_name = models.CharField("nom normalisé", max_length=200, help_text="territories.names.normalise(nom)")
    slug = models.SlugField("adresse", max_length=100, unique=True)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="projects", verbose_name="commune principale")
    communes = models.ManyToManyField(Commune, blank=True, related_name="all_projects", verbose_name="communes")
    description = models.TextField("description", blank=True)
    commitments = models.ManyToManyField(
        "projects.Commitment", blank=True, related_name="projects", verbose_name="engagements de la charte"
    )

    setting = models.CharField("commune rurale ou urbaine", max_length=100, blank=True)
    territory = models.CharField("situation territoriale", max_length=200, blank=True)
    location = models.CharField("situation du quartier", max_length=200, blank=True)
    operation = models.CharField("type d’opération", max_length=200, blank=True)
    developer = models.CharField("établissement public d’aménagement", max_length=200, blank=True)
    urban_renewal = models.BooleanField("rénovation urbaine (ANRU)", default=False)
    regional_park = models.BooleanField("parc naturel régional", default=False)
    population_text = models.CharField("population de la commune", max_length=200, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    residents_text = models.CharField("habitants du quartier", max_length=200, blank=True)
    residents = models.PositiveIntegerField(null=True, blank=True)
    dwellings_text = models.CharField("logements", max_length=200, blank=True)
    dwellings = models.PositiveIntegerField(null=True, blank=True)
    social_dwellings_text = models.CharField("logements sociaux", max_length=200, blank=True)
    social_dwellings = models.PositiveIntegerField(null=True, blank=True)
    area_text = models.CharField("superficie (ha)", max_length=200, blank=True)
    area = models.DecimalField("superficie en hectares", max_digits=8, decimal_places=2, null=True, blank=True)

    raw = models.JSONField("ligne de la liste", default=dict, blank=True)
    row_hash = models.CharField("empreinte de la ligne", max_length=64, blank=True, db_index=True)
    source_key = models.CharField("clé de reprise", max_length=200, unique=True)
    published = models.BooleanField("publié", default=True)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    updated_at = models.DateTimeField("modifié le", default=timezone.now)

    objects = ProjectQuerySet.as_manager()
    state: str  # annotated by `with_state()`

    class Meta:
        verbose_name = "projet"
        verbose_name_plural = "projets"
        indexes = [
            models.Index(fields=["sort_name", "id"], condition=models.Q(published=True), name="projects_by_name"),
            models.Index(fields=["-updated_at"], name="projects_by_update"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.slug])

    @property
    def place(self) -> str:
        """« Vendenheim (Bas-Rhin) »; needs `with_place()`, else two SQL queries."""
        return f"{self.commune.name} ({self.commune.department.name})"

    @property
    def state_label(self) -> str:
        """The state in French; only where `with_state()` was asked."""
        return State(self.state).label

    def figures(self) -> list[tuple[str, Any]]:
        """What the list says of the project in figures or words: label and value, only what is known."""
        fields = ("operation", "location", "setting", "developer")
        facts: list[tuple[str, Any]] = [
            (label, number if number is not None else text)
            for label, number, text in (
                ("Logements", self.dwellings, self.dwellings_text),
                ("Logements sociaux", self.social_dwellings, self.social_dwellings_text),
                ("Habitants du quartier", self.residents, self.residents_text),
                ("Superficie (ha)", _short(self.area), self.area_text),
            )
        ]
        for name in fields:
            label = str(self._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # plain columns
            facts.append((label[0].upper() + label[1:], getattr(self, name)))
        if self.urban_renewal:
            facts.append(("Programme", "Rénovation urbaine (ANRU)"))
        if self.regional_park:
            facts.append(("Parc naturel régional", "Oui"))
        return [(label, value) for label, value in facts if value not in (None, "", "?", "-")]


def _short(number: Decimal | None) -> Decimal | None:
    """Without the zeros that a fixed number of decimals leaves: 8.80 is 8.8, 6.00 is 6."""
    return number if number is None else Decimal(f"{number.normalize():f}")
