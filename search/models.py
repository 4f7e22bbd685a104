"""What the search keeps: the embedded engine, an index that does not settle, what is not found, synonyms."""

from django.db import models

from search.engines.embedded.models import Body, Document, Generation, Name, Profile, Readers, Word

__all__ = ["Body", "Document", "Generation", "Missed", "Name", "Profile", "Readers", "SynonymSet", "Unsettled", "Word"]


class Unsettled(models.Model):
    """An index that holds not as many documents as there are, even after what differs was written again."""

    engine = models.CharField(max_length=40, primary_key=True)
    checked_at = models.DateTimeField()
    held = models.IntegerField()
    expected = models.IntegerField()
    sample = models.CharField(max_length=300, default="")
    """Some of the keys that differed."""

    class Meta:
        verbose_name = "index incomplet"
        verbose_name_plural = "index incomplets"

    def __str__(self) -> str:
        return f"{self.engine} : {self.held} documents sur {self.expected}"


class Missed(models.Model):
    """A text that was searched and not found, on a day: how often, by nobody. See `search.missing`."""

    text = models.CharField("mots", max_length=80)
    """Folded words."""
    day = models.DateField("jour")
    count = models.PositiveIntegerField("fois", default=1)

    class Meta:
        verbose_name = "recherche sans résultat"
        verbose_name_plural = "recherches sans résultat"
        constraints = [models.UniqueConstraint(fields=["text", "day"], name="missed_once_a_day")]
        indexes = [models.Index(fields=["day"], name="missed_day")]

    def __str__(self) -> str:
        return self.text


class SynonymSet(models.Model):
    """Expressions that mean the same, beside those of the file: each finds every other. See `search.wording`."""

    id: int
    terms = models.CharField(
        "expressions",
        max_length=300,
        help_text="De deux à douze, séparées par des virgules : chacune trouve toutes les autres. Au singulier, avec "
        "leurs accents. N’ajoutez que ce que l’on dit vraiment l’un pour l’autre.",
    )
    remark = models.CharField("remarque", max_length=200, blank=True, help_text="Pour celles et ceux qui relisent.")
    changed_at = models.DateTimeField("modifié le", auto_now=True)

    class Meta:
        verbose_name = "jeu de synonymes"
        verbose_name_plural = "synonymes"
        ordering = ["terms"]

    def __str__(self) -> str:
        return self.terms
