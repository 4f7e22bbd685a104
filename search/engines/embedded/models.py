"""Tables of the embedded engine: one row per document, narrow where queries run, wide where results are shown.

Beside them the database keeps an index of its own (migration 0002): SQLite a full-text table over `Body.stems` and one
over `Name.words`, kept by triggers; PostgreSQL a `tsvector` column on `Document` and on `Name`. Written by
`search.engines.embedded` only; all of it can be made anew from the rows of the other apps.
"""

from __future__ import annotations

from django.db import models


class Generation(models.Model):
    """Which generation of documents serves, and which one is being made beside it. Whoever writes locks it."""

    serving = models.IntegerField(default=1)
    building = models.IntegerField(null=True)
    documents = models.IntegerField(default=0)
    """How many the serving one holds, for the rarity of words."""
    analysis = models.CharField(max_length=40, default="")
    """What the analysis was when the serving generation was written."""

    class Meta:
        verbose_name = "génération de l’index"
        verbose_name_plural = "générations de l’index"

    def __str__(self) -> str:
        return f"génération {self.serving}"


class Document(models.Model):
    """What is needed to find and to count a document; deleted ones stay as a mark (`gone`) that keeps their version."""

    id: int
    generation = models.IntegerField()
    key = models.CharField(max_length=80)
    version = models.BigIntegerField()
    gone = models.BooleanField(default=False)
    fold = models.BigIntegerField()
    """A number made of its root: what folds together has the same."""
    readers = models.BigIntegerField()
    profile = models.BigIntegerField()
    at = models.BigIntegerField()
    """Microseconds since 1970."""
    weight = models.FloatField()
    containers = models.TextField()
    """Keys between bars: `|space:3|topic:9|`."""

    class Meta:
        verbose_name = "document trouvé"
        verbose_name_plural = "documents trouvés"
        constraints = [models.UniqueConstraint(fields=["generation", "key"], name="document_once")]
        indexes = [
            models.Index(fields=["generation", "at"], name="document_latest"),
            # all that counting without words reads, so that it never reads the rows, whose terms are long
            models.Index(
                fields=["generation", "fold", "profile", "at", "readers"],
                name="document_alike",
                condition=models.Q(gone=False),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Body(models.Model):
    """What ranks a document, and what its result shows."""

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="body")
    stems = models.TextField()
    """Terms of each field, in order: see `search.engines.embedded.terms`."""
    shown = models.TextField()
    """JSON."""

    class Meta:
        verbose_name = "texte d’un document trouvé"
        verbose_name_plural = "textes des documents trouvés"

    def __str__(self) -> str:
        return f"texte de {self.document_id}"


class Name(models.Model):
    """The folded words of a title, for suggestions. Only of documents with a title of their own."""

    document = models.OneToOneField(Document, models.CASCADE, primary_key=True, related_name="name")
    words = models.TextField()

    class Meta:
        verbose_name = "titre suggéré"
        verbose_name_plural = "titres suggérés"

    def __str__(self) -> str:
        return self.words


class Readers(models.Model):
    """A set of audience tokens. Its number is made of its content: the same everywhere, for ever."""

    id = models.BigIntegerField(primary_key=True)
    tokens = models.TextField()

    class Meta:
        verbose_name = "lecteurs"
        verbose_name_plural = "lecteurs"

    def __str__(self) -> str:
        return self.tokens


class Profile(models.Model):
    """What filters ask of a document (nature, space, themes…), as JSON. Its number is made of its content."""

    id = models.BigIntegerField(primary_key=True)
    holds = models.TextField()

    class Meta:
        verbose_name = "profil"
        verbose_name_plural = "profils"

    def __str__(self) -> str:
        return self.holds


class Word(models.Model):
    """A word of the documents: in how many it stands, as which term; for rarity and for spelling."""

    pk = models.CompositePrimaryKey("generation", "folded")
    generation = models.IntegerField()
    folded = models.CharField(max_length=40)
    shown = models.CharField(max_length=120)
    """As it was written, with its accents."""
    backwards = models.CharField(max_length=40)
    stem = models.CharField(max_length=40)
    documents = models.IntegerField()

    class Meta:
        verbose_name = "mot connu"
        verbose_name_plural = "mots connus"
        indexes = [
            models.Index(fields=["generation", "stem"], name="word_stem"),
        ]

    def __str__(self) -> str:
        return self.shown
