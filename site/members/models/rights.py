"""Mandates and roles, each with its dates. What they give to read is computed in `members.audiences`."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone


class DatedQuerySet(models.QuerySet):
    """Rows with `starts_at` (included) and `ends_at` (excluded; empty: no end known)."""

    def current(self, at: Any = None) -> DatedQuerySet:
        """Those in force at a moment (or its place in a prepared query), now by default."""
        at = at or timezone.now()
        return self.filter(starts_at__lte=at).filter(models.Q(ends_at=None) | models.Q(ends_at__gt=at))


class Dated(models.Model):
    starts_at = models.DateTimeField("depuis le", default=timezone.now)
    ends_at = models.DateTimeField("jusqu’au", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_current(self) -> bool:
        now = timezone.now()
        return self.starts_at <= now and (self.ends_at is None or self.ends_at > now)


class Membership(Dated):
    """A mandate: a person acts for an organisation, with a function, from a date to a date. Several at once are usual.

    Rows are never deleted: what was written for an organisation keeps its history.
    """

    person = models.ForeignKey("members.Person", on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="memberships")
    function = models.CharField("fonction", max_length=120)

    class Meta:
        verbose_name = "mandat"
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=models.Q(ends_at=None) | models.Q(ends_at__gte=models.F("starts_at")),
            ),
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=models.Q(ends_at=None), name="one_open_membership"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function}, {self.organisation}"


class Role(models.TextChoices):
    """What a person may do beyond a simple member (DOMAIN, sections 3 and 4)."""

    NATIONAL_OFFICE = "national_office", "Bureau national"
    CORRESPONDENT = "correspondent", "Correspondant ville durable"
    FACILITATOR = "facilitator", "Animateur Cerema"
    REFERENT = "referent", "Référent de sa collectivité"
    PARTNER_AUTHOR = "partner_author", "Auteur partenaire"
    MODERATOR = "moderator", "Modérateur"
    EXPERT = "expert", "Expert"
    GUEST = "guest", "Invité"


class Scope(models.TextChoices):
    """Where a role holds: a kind and an id as text, so that this app knows no higher one."""

    NATION = "nation", "France entière"
    REGION = "region", "Région"
    DEPARTMENT = "department", "Département"
    ORGANISATION = "org", "Organisation"
    GROUP = "group", "Groupe de travail"
    SPACE = "space", "Espace du forum"
    SECTION = "section", "Rubrique"
    TOPIC = "topic", "Discussion"
    SESSION = "session", "Séance en direct"


# In which scopes a role makes sense: anything else is refused by the form and by the action.
SCOPES_OF = {
    Role.NATIONAL_OFFICE: {Scope.NATION},
    Role.CORRESPONDENT: {Scope.REGION, Scope.DEPARTMENT},
    Role.FACILITATOR: {Scope.NATION, Scope.REGION},
    Role.REFERENT: {Scope.ORGANISATION},
    Role.PARTNER_AUTHOR: {Scope.ORGANISATION, Scope.SECTION},
    Role.MODERATOR: {Scope.NATION, Scope.REGION, Scope.SPACE, Scope.SESSION},
    Role.EXPERT: {Scope.NATION, Scope.REGION},
    Role.GUEST: {Scope.TOPIC, Scope.SESSION},
}


class RoleAssignment(Dated):
    """A role held by a person in a scope, from a date to a date, given by somebody (their key)."""

    person = models.ForeignKey("members.Person", on_delete=models.PROTECT, related_name="roles")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    scope_kind = models.CharField("portée", max_length=12, choices=Scope.choices)
    scope_id = models.CharField("identifiant de la portée", max_length=40, blank=True)
    given_by = models.CharField(max_length=60)

    class Meta:
        verbose_name = "rôle"
        constraints = [
            models.CheckConstraint(
                name="role_ends_after_start",
                condition=models.Q(ends_at=None) | models.Q(ends_at__gte=models.F("starts_at")),
            ),
            models.CheckConstraint(
                name="role_scope_has_its_id",
                condition=models.Q(scope_kind="nation", scope_id="")
                | (~models.Q(scope_kind="nation") & ~models.Q(scope_id="")),
            ),
            models.UniqueConstraint(
                fields=["person", "role", "scope_kind", "scope_id"],
                condition=models.Q(ends_at=None),
                name="one_open_role",
            ),
        ]
        indexes = [models.Index(fields=["role", "scope_kind", "scope_id"], name="role_in_scope")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} ({self.scope_kind}:{self.scope_id})"
