"""Who may review a page at each step: asked of the roles in force, so that a role that ends acts at once."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from cms.review.authors import authors_of
from members.models import Person, Role, RoleAssignment, Scope
from members.viewer import Viewer
from territories.models import Department

REGIONAL = [Role.CORRESPONDENT, Role.FACILITATOR]


def office() -> QuerySet[Person]:
    """The national office."""
    roles = RoleAssignment.objects.current().filter(role=Role.NATIONAL_OFFICE)
    return Person.objects.filter(is_active=True, pk__in=roles.values("person"))


def regional(code: str | None) -> QuerySet[Person]:
    """Correspondents of a région and of its départements, and its facilitators; nobody without a région."""
    departments = Department.objects.filter(region=code).values("code")
    there = Q(scope_kind=Scope.REGION, scope_id=code or "") | Q(scope_kind=Scope.DEPARTMENT, scope_id__in=departments)
    roles = RoleAssignment.objects.current().filter(there, role__in=REGIONAL)
    return Person.objects.filter(is_active=True, pk__in=roles.values("person"))


def region_of(page: Any) -> str | None:
    """The code of the page’s région, where it has one: its own, or that of the page of a région under which it is."""
    return getattr(page.specific, "region_id", None) or region_above(page)


def region_above(page: Any) -> str | None:
    """The code of the région whose page is the nearest above this one. One SQL query."""
    above = apps.get_model("cms", "RegionPage").objects.ancestor_of(page).order_by("-depth")
    code: str | None = above.values_list("region_id", flat=True).first()
    return code


def others(people: QuerySet[Person], page: Any) -> QuerySet[Person]:
    """Those of them who did not write the page."""
    return people.exclude(pk__in=authors_of(page))


def reviews(user: Any) -> bool:
    """Whether pages may come to this person for a review."""
    return isinstance(user, Person) and Viewer.of(user).holds_any([Role.NATIONAL_OFFICE, *REGIONAL])
