"""The inverse of audiences: who holds a token now, as a query. For telling thousands at once without asking each.

It says what `members.audiences` says (a test compares them person by person); a token it does not know has no holder.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from members.models import Membership, Person, Role, RoleAssignment, Scope


def holders_of(token: str, at: datetime | None = None) -> QuerySet[Person]:
    """Persons with an open account whose tokens hold this one: `public`, `members`, `region:84`, `org:17`."""
    at = at or timezone.now()
    people = Person.objects.filter(is_active=True)
    if token == "public":  # noqa: S105 - an audience
        return people
    mandates = Membership.objects.current(at)
    roles = RoleAssignment.objects.current(at)
    kind, _, pk = token.partition(":")
    if token == "members":  # noqa: S105 - an audience
        by_role = roles.exclude(role=Role.GUEST)
    elif kind == "region" and pk:
        mandates = mandates.filter(organisation__region=pk)
        by_role = roles.filter(Q(scope_kind=Scope.REGION, scope_id=pk) | Q(role=Role.NATIONAL_OFFICE))
    elif kind == "org" and pk.isdecimal():
        mandates = mandates.filter(organisation=int(pk))
        by_role = roles.filter(scope_kind=Scope.ORGANISATION, scope_id=pk)
    else:
        return people.none()
    return people.filter(Q(pk__in=mandates.values("person")) | Q(pk__in=by_role.values("person")))


def holders_of_role_in(
    regions: Iterable[str | None], roles: list[Role], at: datetime | None = None
) -> QuerySet[Person]:
    """Persons who hold one of these roles in one of these régions now."""
    held = RoleAssignment.objects.current(at or timezone.now()).filter(
        role__in=roles, scope_kind=Scope.REGION, scope_id__in=[region for region in regions if region]
    )
    return Person.objects.filter(is_active=True, pk__in=held.values("person"))
