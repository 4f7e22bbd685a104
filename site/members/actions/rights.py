"""Giving and ending mandates and roles. Each moves the person's rights version and refreshes Wagtail's projection."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone

from changes import Actor, Change, change
from changes.streams import ALL, RIGHTS
from members.models import SCOPES_OF, Membership, Organisation, Person, Role, RoleAssignment, Scope
from members.projection import project_groups
from members.rules import NotAllowed, may_end
from members.viewer import Viewer

WRITERS = {Role.PARTNER_AUTHOR, Role.CORRESPONDENT, Role.FACILITATOR}


class AlreadyEnded(Exception):
    """The mandate or role had ended before; nothing was changed."""


def rights_changed(person: Person, c: Change) -> None:
    """Move the rights version, inside the caller's change: tokens cached under the older one are dead.

    Pages see it at the next request, open sockets within a second or two.
    """
    c.touch(RIGHTS, "person", person.key, after=[ALL])
    Person.objects.filter(pk=person.pk).update(rights_version=models.F("rights_version") + 1)
    person.refresh_from_db(fields=["rights_version"])
    project_groups(person)
    c.fact("members.person_changed", person.pk)


def check_scope(role: str, scope_kind: str) -> None:
    """Raise `NotAllowed` where the role makes no sense in the scope (a référent of a région)."""
    if Scope(scope_kind) not in SCOPES_OF[Role(role)]:
        raise NotAllowed(f"Le rôle « {Role(role).label} » ne se donne pas pour : {Scope(scope_kind).label.lower()}.")


def give_membership(
    person: Person, organisation: Organisation, function: str, *, by: Actor | str, starts_at: datetime | None = None
) -> Membership:
    """Open a mandate (or keep the open one, with the new function). Called by actions that checked the right."""
    with change(by=by) as c:
        membership, made = Membership.objects.get_or_create(
            person=person,
            organisation=organisation,
            ends_at=None,
            defaults={"function": function, "starts_at": starts_at or timezone.now()},
        )
        before = None if made else {"function": membership.function}
        if not made and membership.function != function:
            membership.function = function
            membership.save(update_fields=["function"])
        c.log(
            "give",
            "membership",
            membership.pk,
            before=before,
            after={"person": person.pk, "organisation": organisation.pk, "function": function},
        )
        rights_changed(person, c)
    return membership


def give_role(
    person: Person,
    role: Role,
    scope_kind: Scope = Scope.NATION,
    scope_id: str = "",
    *,
    by: Actor | str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> RoleAssignment:
    """Give a role in a scope. Called by actions that checked the right. Raises `NotAllowed` for a senseless scope."""
    check_scope(role, scope_kind)
    with change(by=by) as c:
        assignment, _ = RoleAssignment.objects.get_or_create(
            person=person,
            role=role,
            scope_kind=scope_kind,
            scope_id=scope_id,
            ends_at=ends_at,
            defaults={"given_by": c.by, "starts_at": starts_at or timezone.now()},
        )
        c.log(
            "give",
            "role",
            assignment.pk,
            after={"person": person.pk, "role": role, "scope": f"{scope_kind}:{scope_id}"},
        )
        if role in WRITERS:  # a section to write in, made by whoever keeps the pages
            c.fact("members.writers", f"{scope_kind}:{scope_id}")
        rights_changed(person, c)
    return assignment


def end_membership(membership: Membership, *, by: Viewer, reason: str = "") -> Membership:
    """End a mandate now, and with it the person's roles in that organisation; what was written for it stays.

    Raises `NotAllowed`, `AlreadyEnded`.
    """
    with change(by=by):
        _end(membership, "membership", by=by, reason=reason)
        of_it = RoleAssignment.objects.current().filter(
            person=membership.person_id, scope_kind=Scope.ORGANISATION, scope_id=str(membership.organisation_id)
        )
        for role in of_it:
            _end(role, "role", by=by, reason=reason)
    return membership


def end_role(assignment: RoleAssignment, *, by: Viewer, reason: str = "") -> RoleAssignment:
    """End a role now: it acts on the next request. Raises `NotAllowed`, `AlreadyEnded`."""
    _end(assignment, "role", by=by, reason=reason)
    return assignment


def _end(row: Membership | RoleAssignment, kind: str, *, by: Viewer, reason: str) -> None:
    if not may_end(by, row):
        raise NotAllowed("Vous ne pouvez pas mettre fin à ce mandat ou à ce rôle.")
    now = timezone.now()
    with change(by=by) as c:
        rows = type(row).objects.filter(pk=row.pk).filter(models.Q(ends_at=None) | models.Q(ends_at__gt=now))
        if not rows.update(ends_at=now, starts_at=models.functions.Least("starts_at", models.Value(now))):
            raise AlreadyEnded("Ce mandat ou ce rôle est déjà terminé.")
        before = row.ends_at.isoformat() if row.ends_at else None
        row.refresh_from_db()
        c.narrow("person", row.person_id)
        c.log("end", kind, row.pk, before={"ends_at": before}, after={"ends_at": now.isoformat()}, reason=reason)
        rights_changed(row.person, c)
