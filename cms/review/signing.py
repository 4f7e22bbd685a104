"""In whose name an editor may sign a page: their organisations, and those who act for these."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from meetings.models import Meeting
from meetings.rules import managed_regions
from members.models import Membership, Organisation, Person, Role, RoleAssignment, Scope
from members.viewer import Viewer
from projects.models import Project
from territories.models import Region


def own_organisations(person: Person) -> QuerySet[Organisation]:
    """Those of the person’s mandates, and the partners for whom they write."""
    mandates = Membership.objects.filter(person=person).current().values("organisation")
    roles = RoleAssignment.objects.filter(person=person, role=Role.PARTNER_AUTHOR, scope_kind=Scope.ORGANISATION)
    written = [int(pk) for pk in roles.current().values_list("scope_id", flat=True) if pk.isdecimal()]
    return Organisation.objects.filter(Q(pk__in=mandates) | Q(pk__in=written)).order_by("name")


def _of_the_club(viewer: Viewer) -> list[tuple[str, QuerySet[Any]]]:
    """Meetings and projects that an editor may know of; the régions of whoever animates some."""
    meetings = Meeting.objects.visible_to(viewer) | Meeting.objects.managed_by(viewer)
    limits: list[tuple[str, QuerySet[Any]]] = [("meeting", meetings), ("project", Project.objects.published())]
    codes = managed_regions(viewer)
    return [*limits, ("region", Region.objects.filter(code__in=codes))] if codes else limits


def limit(form: Any, user: Any) -> None:
    """Offer an editor who is not of the national office their own organisations and colleagues alone, and what the page
    holds already: nobody reads the list of the club’s people in a form.
    """
    if not isinstance(user, Person) or Viewer.of(user).is_national_office:
        return
    organisations = own_organisations(user)
    colleagues = Membership.objects.filter(organisation__in=organisations).current().values("person")
    for name, rows in (
        ("organisation", organisations),
        ("author", Person.objects.filter(Q(pk__in=colleagues) | Q(pk=user.pk), is_active=True)),
        *_of_the_club(Viewer.of(user)),
    ):
        field = form.fields.get(name)
        if field is not None and hasattr(field, "queryset"):
            held = getattr(form.instance, f"{name}_id", None)
            field.queryset = field.queryset.filter(Q(pk__in=rows.values("pk")) | Q(pk=held))
            if form.instance.pk is None and name == "organisation" and not form.is_bound:
                form.initial.setdefault(name, None)
                form.initial[name] = form.initial[name] or rows.values_list("pk", flat=True).first()
