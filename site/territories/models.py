"""Régions, départements, EPCI, EPT and communes, by their official codes.

Codes are text (`01004`, `2A004`): padded, with letters, and a région may bear the code of a département. A unit that
leaves the official file keeps its row, because a project or a member may hold it; its `last_seen` then stays behind.
"""

from typing import Self, TypeVar

from django.db import models

Row_co = TypeVar("Row_co", bound="Unit", covariant=True)


class UnitQuerySet(models.QuerySet[Row_co]):
    """Units of the referential."""

    def in_force(self) -> Self:
        """Keep the units that the loaded millésime still contains."""
        return self.filter(last_seen=models.Subquery(ReferentialVersion.objects.values("millesime")[:1]))


class CommuneQuerySet(UnitQuerySet["Commune"]):
    """Communes of all types."""

    def of_today(self) -> Self:
        """Keep whole communes in force: neither déléguées, associées, arrondissements nor those that left the file."""
        return self.in_force().filter(type=Commune.Type.CURRENT)


class Unit(models.Model):
    """What every unit has: its name, and the first and last millésime (a year) in which we saw it."""

    name = models.CharField("nom", max_length=100)
    search_name = models.CharField("nom normalisé", max_length=100, help_text="territories.names.normalise(nom)")
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    first_seen = models.PositiveSmallIntegerField("premier millésime")
    last_seen = models.PositiveSmallIntegerField("dernier millésime")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Region(Unit):
    """A région, or an overseas collectivité, which is a région of its own in the file (`975`, `988`)."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "région"
        verbose_name_plural = "régions"


class Department(Unit):
    """A département, or an overseas collectivité under the same code as its région."""

    code = models.CharField("code INSEE", max_length=3, primary_key=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departments", verbose_name="région")

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "département"
        verbose_name_plural = "départements"


class Epci(Unit):
    """An intercommunality with its own tax; its code is its SIREN.

    26 of them span two régions and the file does not give their seat: `region` is where the largest part of the
    members' population lives, `department` where the largest part of that part lives.
    """

    class Type(models.TextChoices):
        CC = "CC", "communauté de communes"
        CA = "CA", "communauté d’agglomération"
        CU = "CU", "communauté urbaine"
        METRO = "METRO", "métropole"
        MET69 = "MET69", "métropole de Lyon"

    code = models.CharField("SIREN", max_length=9, primary_key=True)
    type = models.CharField("type", max_length=8, choices=Type)
    region = models.ForeignKey(Region, models.PROTECT, related_name="epcis", verbose_name="région")
    department = models.ForeignKey(Department, models.PROTECT, related_name="epcis", verbose_name="département")

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "EPCI"
        verbose_name_plural = "EPCI"


class Ept(Unit):
    """A territory inside the métropole du Grand Paris (Paris itself has none); its code is its SIREN."""

    code = models.CharField("SIREN", max_length=9, primary_key=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="epts", verbose_name="département")

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "établissement public territorial"
        verbose_name_plural = "établissements publics territoriaux"


class Commune(Unit):
    """A commune, or what is left of one. A code alone is not a key: 584 codes name a commune and a part of it."""

    class Type(models.TextChoices):
        CURRENT = "current", "commune"
        DELEGATED = "delegated", "commune déléguée"
        ASSOCIATED = "associated", "commune associée"
        DISTRICT = "district", "arrondissement municipal"

    type = models.CharField("type", max_length=10, choices=Type)
    code = models.CharField("code INSEE", max_length=5)
    department = models.ForeignKey(Department, models.PROTECT, related_name="communes", verbose_name="département")
    region = models.ForeignKey(Region, models.PROTECT, related_name="communes", verbose_name="région")
    epci = models.ForeignKey(
        Epci, models.PROTECT, null=True, blank=True, related_name="communes", verbose_name="EPCI",
        help_text="Vide pour quatre îles et pour les collectivités d’outre-mer",
    )  # fmt: skip
    ept = models.ForeignKey(Ept, models.PROTECT, null=True, blank=True, related_name="communes", verbose_name="EPT")
    head = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="commune de rattachement",
        help_text="La commune dont celle-ci est une partie, ou qui lui a succédé",
    )  # fmt: skip
    siren = models.CharField("SIREN", max_length=9, blank=True)
    postal_codes = models.CharField(
        "codes postaux", max_length=200, blank=True,
        help_text="Séparés par des espaces. Pour chercher seulement : plusieurs communes en partagent",
    )  # fmt: skip

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        verbose_name_plural = "communes"
        constraints = [models.UniqueConstraint(fields=["type", "code"], name="territories_commune_key")]
        indexes = [
            models.Index(fields=["code"], name="territories_commune_code"),
            models.Index(fields=["search_name", "department"], name="territories_commune_name"),
        ]


class FormerCode(models.Model):
    """A code that communes bore once (`20033`, `75059`) and the commune that it leads to."""

    code = models.CharField("ancien code INSEE", max_length=5, primary_key=True)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="former_codes", verbose_name="commune")

    class Meta:
        verbose_name = "ancien code"
        verbose_name_plural = "anciens codes"

    def __str__(self) -> str:
        return self.code


class SearchKey(models.Model):
    """A text under which a unit is found while somebody types. Derived: `loading` alone writes it, whole.

    A name gives one key per word that it may be typed from (`saint denis`, `denis`), a code one; postal codes too.
    `kind` and `code` say which unit (the kinds of communes are their types), without a foreign key: the table is
    replaced at each load and has 150,000 rows.
    """

    class Rank(models.IntegerChoices):
        START = 0, "début du nom, ou code"
        WORD = 1, "un mot du nom"
        FORMER_START = 2, "début d’un ancien nom, ou ancien code"
        FORMER_WORD = 3, "un mot d’un ancien nom"

    text = models.CharField(max_length=100)
    rank = models.PositiveSmallIntegerField(choices=Rank)
    population = models.IntegerField(default=0)
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=9)

    class Meta:
        verbose_name = "clé de recherche"
        verbose_name_plural = "clés de recherche"
        indexes = [
            # All columns: a look-up never visits the table. `*_pattern_ops` serves LIKE 'x%' whatever the collation
            # of a PostgreSQL database; SQLite ignores operator classes and compares bytes anyway.
            models.Index(
                fields=["text", "rank", "population", "kind", "code"],
                opclasses=["varchar_pattern_ops", "int2_ops", "int4_ops", "varchar_ops", "varchar_ops"],
                name="territories_searchkey_text",
            )
        ]

    def __str__(self) -> str:
        return f"{self.text} → {self.kind} {self.code}"


class ReferentialVersion(models.Model):
    """The millésime that is loaded: one row, whose checksum makes a second load of the same file instant."""

    millesime = models.PositiveSmallIntegerField("millésime")
    checksum = models.CharField("empreinte du fichier", max_length=64)
    source = models.CharField("source", max_length=100)
    loaded_at = models.DateTimeField("chargé le", auto_now=True)

    class Meta:
        verbose_name = "version du référentiel"
        verbose_name_plural = "versions du référentiel"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="territories_one_version")]

    def __str__(self) -> str:
        return f"{self.source} ({self.millesime})"
