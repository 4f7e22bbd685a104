"""Spaces, topics, posts and what stands around them: rows, constraints, and who may see which."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from members.models import Role
from members.viewer import Viewer

PUBLIC, MEMBERS = "public", "members"
EXCERPT = 220  # signs of the matter under a title


class SpaceQuerySet(models.QuerySet["Space"]):
    def visible_to(self, viewer: Viewer) -> SpaceQuerySet:
        """Spaces whose audience is one of the viewer's tokens."""
        return self.filter(audience__in=viewer.tokens)


class Space(models.Model):
    """A place of the forum. Its audience is one token: everything in it is read by whoever has that token.

    Spaces stand in a tree of at most three levels; each has its own audience, shown beside it on one page.
    """

    class Kind(models.TextChoices):
        NATIONAL = "national", "National"
        REGIONAL = "regional", "Régional"
        THEMATIC = "thematic", "Thématique"

    LEVELS = 3

    kind = models.CharField(
        "nature", max_length=8, choices=Kind.choices, default=Kind.NATIONAL, db_default=Kind.NATIONAL
    )
    parent = models.ForeignKey(
        "self", verbose_name="espace parent", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    slug = models.SlugField("adresse", max_length=80, unique=True)
    title = models.CharField("titre", max_length=120)
    description = models.CharField("description", max_length=400, blank=True)
    audience = models.CharField("lecteurs", max_length=40, default=MEMBERS)
    region = models.ForeignKey(
        "territories.Region", verbose_name="région", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    tells_presence = models.BooleanField("montre combien de personnes lisent", default=False)
    order = models.PositiveSmallIntegerField("ordre", default=100)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = "espace"
        ordering = ["order", "title", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("forum:space", args=[self.slug])

    @property
    def stream(self) -> str:
        return f"space:{self.pk}"

    @property
    def readers(self) -> str:
        """Who reads here, in a sentence."""
        if self.audience == PUBLIC:
            return "Tout le monde peut lire cet espace ; les membres du club y écrivent."
        if self.audience == MEMBERS:
            return "Seuls les membres du club lisent cet espace."
        return "Cet espace est réservé aux membres de la région."

    @property
    def is_reserved(self) -> bool:
        """Whether only some members read it."""
        return self.audience not in (PUBLIC, MEMBERS)


class SpaceAddress(models.Model):
    """An address that a space had before; it leads to the one of now, for those who read the space."""

    slug = models.SlugField(max_length=80, unique=True)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="addresses")

    class Meta:
        verbose_name = "ancienne adresse"

    def __str__(self) -> str:
        return self.slug


class State(models.TextChoices):
    """Whether a topic or post is read, was hidden by a moderator, or withdrawn by its author."""

    VISIBLE = "visible", "visible"
    HIDDEN = "hidden", "masqué"
    DELETED = "deleted", "retiré"


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, viewer: Viewer) -> TopicQuerySet:
        """Visible topics of the spaces that the viewer reads; hidden ones are for moderators, by their own lists."""
        return self.filter(space__in=Space.objects.visible_to(viewer), state=State.VISIBLE)

    def for_lines(self) -> TopicQuerySet:
        """Join what a line of a list shows; `excerpt` is the beginning of the matter, where that is not hidden."""
        matter = Post.objects.filter(topic=models.OuterRef("pk"), number=1, state=State.VISIBLE)
        excerpt = models.Subquery(matter.values(excerpt=Left("text", EXCERPT)))
        return self.select_related("author", "organisation").annotate(excerpt=excerpt)


class Kind(models.TextChoices):
    """What a topic is."""

    DIFFICULTY = "difficulty", "Difficulté"
    QUESTION = "question", "Question"
    TRACK = "track", "Piste de progrès"
    INFORMATION = "information", "Information"


class Status(models.TextChoices):
    """How far a topic has come: answered: an answer was accepted; closed: its author or a moderator ended it."""

    OPEN = "open", "Ouverte"
    ANSWERED = "answered", "Répondue"
    CLOSED = "closed", "Close"


class Step(models.TextChoices):
    """How far the project is that a difficulty was met on: the étapes of the label."""

    PLANNED = "1", "En projet"
    WORKS = "2", "En chantier"
    DELIVERED = "3", "Livré"
    CONFIRMED = "4", "Habité depuis trois ans"


class Topic(models.Model):
    """A discussion. Its first post (number 1) states the matter; the others reply.

    `reply_count` counts visible replies, `concern_count` the collectivités that have the same difficulty, the asker's
    left out; `forum.queries.miscounted` finds every topic where they do not. Organisation and region are those of the
    author at the moment of writing.
    """

    # no index of its own: `topic_latest` begins with it, and a second one leads SQLite to sort whole spaces
    space = models.ForeignKey(
        Space, verbose_name="espace", on_delete=models.PROTECT, related_name="topics", db_index=False
    )
    kind = models.CharField(
        "nature", max_length=12, choices=Kind.choices, default=Kind.QUESTION, db_default=Kind.QUESTION
    )
    status = models.CharField("état", max_length=8, choices=Status.choices, default=Status.OPEN, db_default=Status.OPEN)
    title = models.CharField("titre", max_length=160)
    author = models.ForeignKey("members.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey("members.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(
        "territories.Region", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    project = models.ForeignKey(
        "projects.Project", verbose_name="projet", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    step = models.CharField("étape du projet", max_length=1, choices=Step.choices, blank=True, db_default="")
    commitments = models.ManyToManyField("projects.Commitment", verbose_name="engagements", related_name="+")
    accepted = models.ForeignKey("forum.Post", null=True, on_delete=models.SET_NULL, related_name="+")
    closed_reason = models.CharField("motif de clôture", max_length=400, blank=True, db_default="")
    hidden_reason = models.CharField("motif du masquage", max_length=400, blank=True, db_default="")
    pinned_until = models.DateTimeField("en tête jusqu’au", null=True)
    pinned_everywhere = models.BooleanField("annoncée dans tout le forum", default=False, db_default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.VISIBLE)
    created_at = models.DateTimeField(default=timezone.now)
    last_post_at = models.DateTimeField(default=timezone.now)
    last_number = models.PositiveIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)
    concern_count = models.PositiveIntegerField(default=0, db_default=0)
    revision = models.PositiveIntegerField(default=1)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "discussion"
        indexes = [
            models.Index(fields=["space", "-last_post_at", "-id"], name="topic_latest"),
            models.Index(fields=["author", "-last_post_at", "-id"], name="topic_of_author"),
            models.Index(fields=["region", "-last_post_at", "-id"], name="topic_of_region"),
            # for what is latest in the whole forum; every topic has a post, but a list of one space does not say so:
            # PostgreSQL would take this index there and walk all that other spaces said since
            models.Index(fields=["-last_post_at", "-id"], name="topic_recent", condition=models.Q(last_number__gt=0)),
            models.Index(fields=["kind", "status", "reply_count", "created_at", "id"], name="topic_waiting"),
            models.Index(
                fields=["space", "pinned_until"], name="topic_pinned", condition=models.Q(pinned_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("forum:topic", args=[self.pk, self.slug])

    @property
    def slug(self) -> str:
        """The title in the address. It follows the title; addresses with an older one lead to it."""
        return slugify(self.title)[:80].strip("-") or "discussion"

    @property
    def stream(self) -> str:
        return f"topic:{self.pk}"

    @property
    def asks(self) -> bool:
        """Whether somebody waits for an answer: a difficulty or a question."""
        return self.kind in (Kind.DIFFICULTY, Kind.QUESTION)


class Reading(models.Model):
    """How far a person has read a topic: the number of the last post they were shown. It never goes back.

    What is unread is derived from it, over posts that the person may see; no count of it is ever stored.
    """

    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="readings")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="readings")
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = "lecture"
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="one_reading_per_topic")]

    def __str__(self) -> str:
        return f"{self.person_id} a lu {self.topic_id} jusqu’à {self.number}"


BADGES = {
    Role.NATIONAL_OFFICE: "Bureau national",
    Role.CORRESPONDENT: "Correspondant régional",
    Role.FACILITATOR: "Animateur Cerema",
    Role.PARTNER_AUTHOR: "Partenaire",
}
"""Roles that help to weigh an answer, in the order in which one of several is shown."""


class Post(models.Model):
    """One message of a topic: cleaned HTML of a closed list and its plain text.

    Author, function, organisation and role are those of the moment of writing, for ever. `number` never changes:
    permalinks and pages stand on it. `text_revision` is the revision at which the text became what it is.
    """

    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, related_name="posts", db_index=False
    )  # its number has one
    number = models.PositiveIntegerField()
    author = models.ForeignKey("members.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("members.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    function = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, blank=True, db_default="")
    html = models.TextField()
    text = models.TextField()
    renderer = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.VISIBLE)
    reason = models.CharField("motif", max_length=400, blank=True)
    revision = models.PositiveIntegerField(default=1)
    text_revision = models.PositiveIntegerField(default=1, db_default=1)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "message"
        constraints = [models.UniqueConstraint(fields=["topic", "number"], name="one_post_per_number")]
        indexes = [
            models.Index(fields=["deleted_at"], name="post_deleted", condition=models.Q(deleted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"message {self.number} de « {self.topic_id} »"

    def get_absolute_url(self) -> str:
        return reverse("forum:post", args=[self.pk])

    @property
    def badge(self) -> str:
        """The role in which it was written, where that helps to weigh it."""
        return BADGES.get(self.role, "")  # type: ignore[call-overload]  # a role of ours is its text


class Difficulty(models.Model):
    """What the guided form asks beyond the matter, as it was written (Markdown); its rendering is in the first post."""

    topic = models.OneToOneField(Topic, primary_key=True, on_delete=models.CASCADE, related_name="difficulty")
    context = models.TextField("contexte")
    tried = models.TextField("déjà tenté", blank=True)
    wanted = models.TextField("ce qui aiderait", blank=True)

    class Meta:
        verbose_name = "difficulté"

    def __str__(self) -> str:
        return f"difficulté {self.topic_id}"


class PostRevision(models.Model):
    """A text that a post had before an edit, for whoever reads the post; a moderator may hide one."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    html = models.TextField()
    text = models.TextField()
    by = models.ForeignKey("members.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("en ligne depuis")
    hidden = models.BooleanField("masquée", default=False)

    class Meta:
        verbose_name = "version d’un message"
        constraints = [models.UniqueConstraint(fields=["post", "revision"], name="one_text_per_revision")]

    def __str__(self) -> str:
        return f"version {self.revision} du message {self.post_id}"


class Draft(models.Model):
    """What a person has begun to write, by what it is for (`topic:9`, `space:3:track`, `post:12`): the fields as typed.

    `sequence` counts the savings of the page that typed it: an older one never overwrites a newer one.
    """

    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="drafts")
    target = models.CharField(max_length=40)
    sequence = models.PositiveBigIntegerField()
    content: models.JSONField[Any, Any] = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "brouillon"
        constraints = [models.UniqueConstraint(fields=["person", "target"], name="one_draft_per_target")]
        indexes = [models.Index(fields=["person", "-saved_at", "-id"], name="draft_latest")]

    def __str__(self) -> str:
        return f"brouillon de {self.person_id} pour {self.target}"


class Report(models.Model):
    """Somebody told the moderators of a post. Who did is told to moderators only, never to the author."""

    class Reason(models.TextChoices):
        PERSONAL = "personal", "Données personnelles"
        HURTFUL = "hurtful", "Propos blessants ou attaques"
        ADVERTISING = "advertising", "Publicité"
        OFF_TOPIC = "off_topic", "Hors sujet"
        UNLAWFUL = "unlawful", "Contenu illicite"
        OTHER = "other", "Autre"

    class Outcome(models.TextChoices):
        WAITING = "waiting", "à examiner"
        KEPT = "kept", "message conservé"
        HIDDEN = "hidden", "message masqué"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reports")
    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField("motif", max_length=12, choices=Reason.choices)
    note = models.CharField("précision", max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField("suite", max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField("réponse", max_length=400, blank=True)

    class Meta:
        verbose_name = "signalement"
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="one_report_per_person")]
        indexes = [models.Index(fields=["outcome", "created_at", "id"], name="report_waiting")]

    def __str__(self) -> str:
        return f"signalement du message {self.post_id}"


class Concern(models.Model):
    """« Nous aussi »: a collectivité has the same difficulty. One per collectivité, whoever of it says so."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="concerns")
    organisation = models.ForeignKey("members.Organisation", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("members.Person", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "collectivité concernée"
        constraints = [models.UniqueConstraint(fields=["topic", "organisation"], name="one_concern_per_organisation")]

    def __str__(self) -> str:
        return f"{self.organisation_id} a la même difficulté que {self.topic_id}"


class Imported(models.Model):
    """Which row an imported line became: the same line again is that row again."""

    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    source_id = models.CharField(max_length=80)
    object_id = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "reprise"
        constraints = [models.UniqueConstraint(fields=["source", "kind", "source_id"], name="one_row_per_source_id")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.source_id}"
