"""What a person is told, and the mail queue: a row in the caller's transaction, sent by the worker, then purged."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Notification(models.Model):
    """A person was told of a topic: one line per topic until it is read, whatever came after the first reply.

    It holds no text and no count: what it says is derived from posts that the person may see and has not read, each
    time that it is shown. Reading the topic by any way empties it.
    """

    class Reason(models.TextChoices):
        AUTHOR = "author", "Vous avez ouvert cette discussion"
        REPLIED = "replied", "Vous suivez cette discussion"
        SPACE = "space", "Vous suivez cet espace"
        REGION = "region", "Vous animez cette région"

    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="notifications")
    topic = models.ForeignKey("forum.Topic", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=8, choices=Reason.choices)
    told_at = models.DateTimeField(default=timezone.now)
    mailed_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "notification"
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="one_notification_per_topic")]
        indexes = [models.Index(fields=["person", "-told_at", "-id"], name="notification_latest")]

    def __str__(self) -> str:
        return f"{self.person_id} : {self.topic_id}"


class Notice(models.Model):
    """Something happened to what a person wrote, asked or reported, once: it is read when their page of notifications
    has shown it. What it says is made when it is shown, from what the person may read then.
    """

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", "Votre réponse est retenue"
        ACCEPTANCE_LOST = "acceptance_lost", "La réponse retenue n’est plus là"
        CLOSED = "closed", "Votre discussion est close"
        HIDDEN = "hidden", "Votre message est masqué"
        REPORTED = "reported", "Un message est signalé"
        REPORT_DECIDED = "report_decided", "Suite donnée à votre signalement"
        PAGE_REVIEW = "page_review", "Une page attend votre relecture"
        PAGE_WAITS = "page_waits", "Une page attend votre relecture depuis cinq jours"
        PAGE_REFUSED = "page_refused", "Une modification est demandée"
        PAGE_ACCEPTED = "page_accepted", "Votre page est acceptée"
        PAGE_COMMENTED = "page_commented", "Un commentaire sur une page"
        PAGE_HELD = "page_held", "Une page n’a pas pu paraître à sa date"
        MEETING_NEW = "meeting_new", "Une rencontre est annoncée"

    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    object_id = models.CharField(max_length=40)
    told_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "avis"
        constraints = [models.UniqueConstraint(fields=["person", "kind", "object_id"], name="one_notice_per_fact")]
        indexes = [models.Index(fields=["person", "-told_at", "-id"], name="notice_latest")]

    def __str__(self) -> str:
        return f"{self.person_id} : {self.kind} {self.object_id}"


class QueuedMail(models.Model):
    """One mail to one or several addresses. `purpose` says why, so that the right to receive is asked at sending."""

    class State(models.TextChoices):
        QUEUED = "queued", "à envoyer"
        SENT = "sent", "envoyé"
        WITHDRAWN = "withdrawn", "retiré"

    to = models.JSONField()
    from_email = models.CharField(max_length=200)
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    purpose = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    message_id = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "courriel"
        indexes = [models.Index(fields=["sent_at"], name="mail_sent")]

    def __str__(self) -> str:
        return f"{self.subject} ({self.get_state_display()})"
