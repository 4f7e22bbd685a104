"""Streams with their positions, operations, facts for the workers, the journal, jobs, ticks and the epoch."""

from __future__ import annotations

import uuid
from typing import Any, NoReturn

from django.db import models
from django.utils import timezone


class Head(models.Model):
    """How far one view of a stream has come. Advanced inside the transaction of each change that the view shows.

    `floor` is the lowest position from which "what changed since" can still be told; below it a reader takes a
    snapshot (entries were pruned, or so much changed at once that none were written).
    """

    pk = models.CompositePrimaryKey("stream", "view")
    stream = models.CharField(max_length=80)
    view = models.CharField(max_length=20)
    pos = models.BigIntegerField()
    floor = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "position d’un flux"
        verbose_name_plural = "positions des flux"

    def __str__(self) -> str:
        return f"{self.stream} ({self.view}) {self.pos}"


class Entry(models.Model):
    """The last change of one object in one view of a stream: its position, and whether the view lost it (`gone`).

    One row per object and view, moved up at each change: what changed since S is `pos > S`, read in one query.
    """

    pk = models.CompositePrimaryKey("stream", "view", "kind", "object_id")
    stream = models.CharField(max_length=80)
    view = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    object_id = models.CharField(max_length=80)
    pos = models.BigIntegerField()
    gone = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "changement dans un flux"
        verbose_name_plural = "changements dans les flux"
        indexes = [
            models.Index(fields=["stream", "view", "pos"], name="entry_since"),
            models.Index(fields=["at"], name="entry_age"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} ({self.view}) {self.pos}: {self.kind} {self.object_id}"


class Operation(models.Model):
    """A form that was carried out: a double click or a retry finds here what the first one made.

    The id is made by the server in each form and belongs to whoever acts; the payload is kept as a hash, to tell a
    retry from another text sent under the same id (the back button).
    """

    pk = models.CompositePrimaryKey("actor", "operation")
    actor = models.CharField(max_length=60)
    operation = models.CharField(max_length=40)
    payload = models.CharField(max_length=64)
    result = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "envoi de formulaire"
        verbose_name_plural = "envois de formulaires"
        indexes = [models.Index(fields=["at"], name="operation_age")]

    def __str__(self) -> str:
        return f"{self.actor} {self.operation}"


class Fact(models.Model):
    """Something happened that a consumer must act on: exactly once in our database, retried until it is done.

    A worker leases it (`lease_until`, `attempt`), works outside any transaction, then marks it done if the attempt is
    still its own. After `settings.FACT_ATTEMPTS` failures it is set aside, where the operator sees and replays it.
    """

    consumer = models.CharField(max_length=20)
    kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    attempt = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    aside_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = "fait"
        indexes = [
            models.Index(
                fields=["consumer", "not_before", "id"],
                name="fact_waiting",
                condition=models.Q(done_at=None, aside_at=None),
            ),
            models.Index(fields=["done_at"], name="fact_done", condition=models.Q(done_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.consumer}: {self.kind} {self.object_id}"


class Embargo(models.Model):
    """Something narrowed: until the index has confirmed its new version, no engine shows it to anybody.

    `key` is an object's or a container's (`topic:9`, `page:4`); several rows of one key are several narrowings.
    """

    key = models.CharField(max_length=60, db_index=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "mise à l’écart de la recherche"

    def __str__(self) -> str:
        return self.key


class JournalQuerySet(models.QuerySet["JournalLine"]):
    def delete(self) -> NoReturn:
        raise TypeError("the journal is append-only")

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("the journal is append-only")


class JournalLine(models.Model):
    """Who did what to what, from what to what, and why. Written by `c.log()` only; a trigger refuses any update."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    by = models.CharField(max_length=60)
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=80)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "journal"
        indexes = [models.Index(fields=["kind", "object_id", "id"], name="journal_of_object")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by} {self.verb} {self.kind} {self.object_id}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("the journal is append-only")


class Job(models.Model):
    """Long work done by the worker (import, export, loading), with its progress for the screen and its result."""

    class State(models.TextChoices):
        QUEUED = "queued", "en attente"
        RUNNING = "running", "en cours"
        DONE = "done", "terminé"
        FAILED = "failed", "échoué"

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    by = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        indexes = [models.Index(fields=["kind", "-id"], name="job_of_kind")]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_state_display()})"

    @property
    def percent(self) -> int:
        """Progress in whole percent, 100 once done, 0 where the length is not known yet."""
        if self.state == self.State.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0


class Tick(models.Model):
    """When a piece of scheduled work is due next; several workers share these rows, one of them takes each."""

    name = models.CharField(max_length=60, primary_key=True)
    next_at = models.DateTimeField()

    class Meta:
        verbose_name = "tâche planifiée"
        verbose_name_plural = "tâches planifiées"

    def __str__(self) -> str:
        return f"{self.name} à {self.next_at:%H:%M:%S}"


class Installation(models.Model):
    """One row: the epoch of this database. A restore renews it, so that no client keeps positions of another past."""

    epoch = models.UUIDField(default=uuid.uuid4)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "installation"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_installation")]

    def __str__(self) -> str:
        return str(self.epoch)
