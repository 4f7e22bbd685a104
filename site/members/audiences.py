"""Who may read what: a viewer's tokens, computed from dated mandates and roles, kept under the rights version.

A thing is readable when one of its tokens is one of the viewer's. Tokens: `public`, `members`, `nation`, `region:84`,
`org:17`, `group:5`, `person:42`, and for a role its scope with the role's name: `region:84:correspondent`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

from members.models import Membership, Organisation, Person, Role, RoleAssignment, Scope
from territories.models import Region

VISITOR = frozenset({"public"})
KEEP = 3600  # seconds, at most: the next dated change ends it earlier


@dataclass(frozen=True)
class Rights:
    """The tokens of a person until a moment (the next date that changes them; None: none is known)."""

    tokens: frozenset[str]
    until: datetime | None


def rights_of(person: Person) -> Rights:
    """Tokens of a person, from the cache while their rights version and the dates allow it; else three SQL queries."""
    key = f"rights:{person.pk}:{person.rights_version}"
    kept: Rights | None = cache.get(key)
    now = timezone.now()
    if kept is not None and (kept.until is None or kept.until > now):
        return kept
    fresh = compute_rights(person, now)
    cache.set(key, fresh, KEEP if fresh.until is None else max(0, min(KEEP, (fresh.until - now).total_seconds())))
    return fresh


def compute_rights(person: Person, at: datetime) -> Rights:
    """Tokens of a person at a moment, read from the database. An inactive account reads what a visitor reads."""
    if not person.is_active:
        return Rights(VISITOR, None)
    memberships = list(Membership.objects.filter(person=person).select_related("organisation"))
    roles = list(RoleAssignment.objects.filter(person=person))
    tokens = {"public", f"person:{person.pk}"}
    for membership in memberships:
        if _in_force(membership, at):
            tokens |= _of_organisation(membership.organisation)
    for role in roles:
        if _in_force(role, at):
            tokens |= _of_role(role)
    if "nation:national_office" in tokens:
        tokens |= {f"region:{code}" for code in Region.objects.values_list("code", flat=True)}
    dates = [date for row in (*memberships, *roles) for date in (row.starts_at, row.ends_at) if date and date > at]
    return Rights(frozenset(tokens), min(dates, default=None))


def _in_force(row: Membership | RoleAssignment, at: datetime) -> bool:
    return row.starts_at <= at and (row.ends_at is None or row.ends_at > at)


def _of_organisation(organisation: Organisation) -> set[str]:
    tokens = {"members", f"org:{organisation.pk}"}
    if organisation.region_id:
        tokens.add(f"region:{organisation.region_id}")
    return tokens


def _of_role(role: RoleAssignment) -> set[str]:
    scope = role.scope_kind if role.scope_kind == Scope.NATION else f"{role.scope_kind}:{role.scope_id}"
    tokens = {scope, f"{scope}:{role.role}"}
    if role.role != Role.GUEST:
        tokens.add("members")
    return tokens
