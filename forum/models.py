"""Spaces, topics, posts: rows, constraints, and who may see which."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils import timezone

from members.viewer import Viewer

PUBLIC, MEMBERS = "public", "members"


class SpaceQuerySet(models.QuerySet["Space"]):
    def visible_to(self, viewer: Viewer) -> SpaceQuerySet:
        """Spaces whose audience is one of the viewer's tokens."""
        return self.filter(audience__in=viewer.tokens)


class Space(models.Model):
    """A place of the forum. Its audience is one token: everything in it is read by whoever has that token."""

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


class State(models.TextChoices):
    """Whether a topic or post is read, was hidden by a moderator, or withdrawn by its author."""

    VISIBLE = "visible", "visible"
    HIDDEN = "hidden", "masqué"
    DELETED = "deleted", "retiré"


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, viewer: Viewer) -> TopicQuerySet:
        """Visible topics of the spaces that the viewer reads; hidden ones are for moderators, by their own lists."""
        return self.filter(space__in=Space.objects.visible_to(viewer), state=State.VISIBLE)


class Topic(models.Model):
    """A discussion. Its first post (number 1) states the matter; the others reply.

    `reply_count` counts visible replies; `forum.queries.miscounted` finds every topic where it does not.
    """

    # no index of its own: `topic_latest` begins with it, and a second one leads SQLite to sort whole spaces
    space = models.ForeignKey(
        Space, verbose_name="espace", on_delete=models.PROTECT, related_name="topics", db_index=False
    )
    title = models.CharField("titre", max_length=160)
    author = models.ForeignKey("members.Person", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.VISIBLE)
    created_at = models.DateTimeField(default=timezone.now)
    last_post_at = models.DateTimeField(default=timezone.now)
    last_number = models.PositiveIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "discussion"
        indexes = [models.Index(fields=["space", "-last_post_at", "-id"], name="topic_latest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("forum:topic", args=[self.pk])

    @property
    def stream(self) -> str:
        return f"topic:{self.pk}"


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


class Post(models.Model):
    """One message of a topic: cleaned HTML of a closed list and its plain text.

    Author, function and organisation are those of the moment of writing, for ever. `number` never changes: permalinks
    and pages stand on it.
    """

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="posts")
    number = models.PositiveIntegerField()
    author = models.ForeignKey("members.Person", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("members.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    function = models.CharField(max_length=120, blank=True)
    html = models.TextField()
    text = models.TextField()
    renderer = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.VISIBLE)
    reason = models.CharField("motif", max_length=400, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "message"
        constraints = [models.UniqueConstraint(fields=["topic", "number"], name="one_post_per_number")]
        indexes = [
            models.Index(fields=["deleted_at"], name="post_deleted", condition=models.Q(deleted_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"message {self.number} de « {self.topic_id} »"

    def get_absolute_url(self) -> str:
        return reverse("forum:post", args=[self.pk])
