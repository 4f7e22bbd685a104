"""What the bureau's pages on people read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from changes.prepared import PreparedObjects, given
from members.models import Invitation, Membership, Person, Role, RoleAssignment, Scope
from members.models.invitation import VALID_DAYS
from members.viewer import Viewer
from territories.models import Department, Region
from territories.names import normalise


def people(words: str = "") -> QuerySet[Person]:
    """Persons by name with their mandates and roles in force, filtered by name or organisation. Three SQL queries."""
    now = timezone.now()
    rows = Person.objects.order_by("family_name", "given_name", "id").prefetch_related(
        Prefetch("memberships", Membership.objects.current(now).select_related("organisation"), "mandates"),
        Prefetch("roles", RoleAssignment.objects.current(now), "roles_now"),
    )
    for word in words.split()[:5]:
        rows = rows.filter(
            Q(family_name__icontains=word)
            | Q(given_name__icontains=word)
            | Q(pk__in=Membership.objects.filter(organisation__name__icontains=word).values("person"))
        )
    return rows


def person_page(pk: int) -> Person | None:
    """One person with every mandate and role, newest first. Three SQL queries."""
    return (
        Person.objects.filter(pk=pk)
        .prefetch_related(
            Prefetch("memberships", Membership.objects.select_related("organisation").order_by("-starts_at", "-id")),
            Prefetch("roles", RoleAssignment.objects.order_by("-starts_at", "-id")),
        )
        .first()
    )


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that wait for their person, newest first. One SQL query."""
    since = timezone.now() - timedelta(days=VALID_DAYS)
    return (
        Invitation.objects.filter(used_at=None, withdrawn_at=None, created_at__gt=since)
        .select_related("organisation")
        .order_by("-created_at", "id")
    )


def scope_choices() -> list[tuple[str, str]]:
    """The scopes that the invitation form offers. Two SQL queries."""
    by_name = sorted(Region.objects.values_list("code", "name"), key=lambda row: normalise(row[1]))
    regions = [(f"region:{code}", name) for code, name in by_name]
    departments = [
        (f"department:{code}", f"{name} ({code})")
        for code, name in Department.objects.order_by("code").values_list("code", "name")
    ]
    return [("nation", "France entière"), ("org", "Son organisation"), *regions, *departments]


def scope_names() -> dict[str, str]:
    """The names of régions and départements by scope, for lists of roles. Two SQL queries."""
    names = dict(scope_choices())
    names.pop("org")
    return names


def scope_label(role: RoleAssignment, names: dict[str, str]) -> str:
    """« Bretagne », « France entière »: a role's scope in words."""
    if role.scope_kind == Scope.NATION:
        return names["nation"]
    return names.get(f"{role.scope_kind}:{role.scope_id}", "")


def with_mandate(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows that name a `person`, each with the `function` and `organisation` of their oldest mandate, in words."""
    mandates = Membership.objects.current().filter(person=OuterRef("person")).order_by("starts_at", "id")
    return rows.annotate(
        function=Subquery(mandates.values("function")[:1]),
        organisation=Subquery(mandates.values("organisation__name")[:1]),
    )


def animators(codes: Collection[str], *, without: Person | None = None, each: int = 5) -> dict[str, list[Any]]:
    """Who animates these régions, by région (`with_mandate`), each person once. One SQL query."""
    rows = RoleAssignment.objects.current().filter(
        role__in=[Role.CORRESPONDENT, Role.FACILITATOR],
        scope_kind=Scope.REGION,
        scope_id__in=list(codes),
        person__is_active=True,
    )
    if without is not None:
        rows = rows.exclude(person=without)
    found: dict[str, list[Any]] = {}
    for row in with_mandate(rows).select_related("person").order_by("role", "starts_at", "id")[: 30 * each]:
        people = found.setdefault(row.scope_id, [])
        if len(people) < each and row.person_id not in [one.person_id for one in people]:
            people.append(row)
    return found


def mandates_of(viewer: Viewer) -> list[Membership]:
    """The mandates in which a person may write, the oldest first. One SQL query; visitors cost none."""
    if viewer.person is None:
        return []
    return MANDATES.objects(person=viewer.person.pk, now=timezone.now())


def speaks_for_several(viewer: Viewer) -> bool:
    """Whether a person may have mandates of more than one organisation: who has not need not be asked. No SQL."""
    return sum(token.startswith("org:") and token.count(":") == 1 for token in viewer.tokens) > 1


MANDATES = PreparedObjects(
    Membership,
    lambda: (
        Membership.objects.current(given("now", DateTimeField()))
        .filter(person=given("person"))
        .order_by("starts_at", "id")
    ),
    "organisation",
)
