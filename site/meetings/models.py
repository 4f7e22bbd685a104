"""Meetings, their agenda, their speakers and who is registered: rows, constraints, and who may see which."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from meetings.roles import managed_regions, manages_everywhere
from members.viewer import Viewer

PUBLIC, MEMBERS = "public", "members"


class Kind(models.TextChoices):
    """What a meeting is."""

    REGIONAL = "regional", "Rencontre régionale"
    WORKING_GROUP = "working_group", "Groupe de travail"
    VISIT = "visit", "Conférence-visite"
    TRAINING = "training", "Formation"
    CONFERENCE = "conference", "Colloque"


class State(models.TextChoices):
    """How far a meeting has come (DOMAIN, section 7). `live`, `ended` and `archived` come with time, by a tick."""

    DRAFT = "draft", "Brouillon"
    ANNOUNCED = "announced", "Annoncée"
    OPEN = "open", "Inscriptions ouvertes"
    LIVE = "live", "En cours"
    ENDED = "ended", "Terminée"
    REPORTED = "reported", "Compte rendu publié"
    ARCHIVED = "archived", "Archivée"
    CANCELLED = "cancelled", "Annulée"


COMING = (State.ANNOUNCED, State.OPEN)
UNFINISHED = (*COMING, State.LIVE)
PAST = (State.ENDED, State.REPORTED, State.ARCHIVED)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, viewer: Viewer) -> MeetingQuerySet:
        """Announced meetings whose audience is one of the viewer's tokens; drafts are for organisers."""
        return self.filter(audience__in=viewer.tokens).exclude(state=State.DRAFT)

    def managed_by(self, viewer: Viewer) -> MeetingQuerySet:
        """Meetings that the viewer may organise, drafts too: the same answer as `rules.may_manage`."""
        if manages_everywhere(viewer):
            return self
        return self.filter(region__in=managed_regions(viewer))

    def unfinished(self) -> MeetingQuerySet:
        """Those to come or going on, the next first. Cancelled ones stand in the list until their date has passed."""
        coming = Q(state__in=UNFINISHED) | Q(state=State.CANCELLED, ends_at__gt=timezone.now())
        return self.filter(coming).order_by("begins_at", "id")

    def with_place(self) -> MeetingQuerySet:
        """Join what a line of a list shows: one query."""
        return self.select_related("region", "commune")


class Meeting(models.Model):
    """A meeting. Its audience is one token: whoever has it reads the page; members among them register.

    `seated_count` and `waiting_count` are kept under the meeting's lock with each registration;
    `meetings.queries.miscounted` finds every meeting where they are wrong. `sequence` moves with each change that a
    calendar must take over, `moves` with each new date or place, `last_number` gives registrations their order.
    """

    kind = models.CharField("nature", max_length=16, choices=Kind.choices, default=Kind.REGIONAL)
    title = models.CharField("titre", max_length=160)
    summary = models.CharField("résumé", max_length=400, blank=True)
    description = models.TextField("description", blank=True)
    region = models.ForeignKey(
        "territories.Region", verbose_name="région", null=True, on_delete=models.PROTECT, related_name="+"
    )
    audience = models.CharField("lecteurs", max_length=40, default=MEMBERS)
    begins_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    place = models.CharField("lieu", max_length=160, blank=True)
    address = models.CharField("adresse", max_length=200, blank=True)
    commune = models.ForeignKey(
        "territories.Commune", verbose_name="commune", null=True, on_delete=models.PROTECT, related_name="+"
    )
    link = models.URLField("salle en ligne", max_length=500, blank=True)
    capacity = models.PositiveIntegerField("nombre de places", null=True)
    registration_closes_at = models.DateTimeField("fin des inscriptions", null=True)
    organiser = models.ForeignKey("members.Person", null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("members.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("état", max_length=10, choices=State.choices, default=State.DRAFT)
    cancel_reason = models.CharField("motif d’annulation", max_length=400, blank=True)
    report = models.CharField("adresse du compte rendu", max_length=500, blank=True)
    opened_at = models.DateTimeField("inscriptions ouvertes le", null=True)
    closing_told = models.BooleanField("la fin des inscriptions est passée", default=False)
    reminded_at = models.DateTimeField("rappel envoyé le", null=True)
    seated_count = models.PositiveIntegerField(default=0)
    waiting_count = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    sequence = models.PositiveIntegerField(default=0)
    moves = models.PositiveIntegerField(default=0)
    source_key = models.CharField("clé d’origine", max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "rencontre"
        constraints = [
            models.CheckConstraint(name="meeting_ends_after_it_begins", condition=Q(ends_at__gt=F("begins_at"))),
            models.UniqueConstraint(
                fields=["source_key"], condition=~Q(source_key=""), name="one_meeting_per_source_key"
            ),
            models.CheckConstraint(name="meeting_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="meeting_has_readers",
                condition=Q(audience__in=[PUBLIC, MEMBERS]) | Q(audience__startswith="region:", region__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_is_somewhere", condition=Q(state=State.DRAFT) | ~Q(place="") | ~Q(link="")
            ),
            models.CheckConstraint(name="meeting_has_room", condition=Q(capacity=None) | Q(capacity__gte=1)),
            models.CheckConstraint(
                name="meeting_seats_no_more_than_it_has",
                condition=Q(capacity=None) | Q(seated_count__lte=F("capacity")),
            ),
            models.CheckConstraint(
                name="meeting_waits_only_when_full",
                condition=Q(waiting_count=0) | Q(capacity__isnull=False, seated_count=F("capacity")),
            ),
            models.CheckConstraint(
                name="meeting_cancelled_with_a_reason",
                condition=(Q(state=State.CANCELLED) & ~Q(cancel_reason=""))
                | (~Q(state=State.CANCELLED) & Q(cancel_reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["begins_at", "id"], name="meeting_by_date"),
            models.Index(fields=["region", "begins_at", "id"], name="meeting_of_region"),
            models.Index(fields=["state", "begins_at", "id"], name="meeting_by_state"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting", args=[self.pk, self.slug])

    @property
    def slug(self) -> str:
        """The title in the address. It follows the title; addresses with an older one lead to it."""
        return slugify(self.title)[:80].strip("-") or "rencontre"

    @property
    def readers(self) -> str:
        """Who reads the page, in a sentence."""
        if self.state == State.DRAFT:
            return "Brouillon : seuls les organisateurs voient cette page."
        if self.audience == PUBLIC:
            return "Tout le monde peut lire cette page ; les membres du club s’inscrivent."
        if self.audience == MEMBERS:
            return "Cette rencontre est réservée aux membres du club."
        return "Cette rencontre est réservée aux membres de la région."

    @property
    def seats_left(self) -> int | None:
        """How many places are free; None where there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.seated_count)

    @property
    def is_full(self) -> bool:
        return self.seats_left == 0

    @property
    def is_past(self) -> bool:
        return self.state in PAST

    @property
    def is_cancelled(self) -> bool:
        return self.state == State.CANCELLED

    @property
    def last_call(self) -> datetime:
        """Until when one may register: the date that was set, at the latest the beginning."""
        if self.registration_closes_at is None:
            return self.begins_at
        return min(self.registration_closes_at, self.begins_at)

    @property
    def lasts_days(self) -> bool:
        """Whether it ends on another day than it begins."""
        return timezone.localdate(self.begins_at) != timezone.localdate(self.ends_at)


class Speaker(models.Model):
    """Somebody who speaks at a meeting, as the programme names them; not everybody who speaks has an account."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="speakers")
    name = models.CharField("nom", max_length=120)
    function = models.CharField("fonction", max_length=120, blank=True)
    organisation = models.CharField("organisation", max_length=160, blank=True)
    person = models.ForeignKey("members.Person", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = "intervenant"
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="speaker_has_a_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.function, self.organisation) if part)


class AgendaItem(models.Model):
    """One item of a meeting's agenda, in its place."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda_items", db_index=False)
    position = models.PositiveSmallIntegerField()
    title = models.CharField("titre", max_length=160)
    starts_at = models.DateTimeField("début", null=True)
    minutes = models.PositiveSmallIntegerField("durée en minutes", null=True)
    speakers = models.ManyToManyField(Speaker, verbose_name="intervenants", related_name="agenda_items")

    class Meta:
        verbose_name = "point du programme"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="one_agenda_item_per_position"),
            models.CheckConstraint(name="agenda_item_has_a_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title


class Registration(models.Model):
    """A person registered for a meeting, waiting for a place, or no more. `number` is their rank in time.

    Whoever cancels and comes back takes a new number, behind those who were there.
    """

    class State(models.TextChoices):
        SEATED = "registered", "inscrit"
        WAITING = "waiting", "en liste d’attente"
        CANCELLED = "cancelled", "désinscrit"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="registrations", db_index=False)
    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="registrations")
    state = models.CharField(max_length=10, choices=State.choices)
    number = models.PositiveIntegerField()
    registered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "inscription"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="one_registration_per_person"),
            models.UniqueConstraint(fields=["meeting", "number"], name="one_registration_per_number"),
        ]
        indexes = [models.Index(fields=["meeting", "state", "number"], name="registration_in_order")]

    def __str__(self) -> str:
        return f"{self.person_id} : {self.meeting_id} ({self.get_state_display()})"
