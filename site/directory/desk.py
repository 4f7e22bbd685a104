"""The desk of those who animate a région or the club, or moderate: numbers that open their list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from directory import complaints
from directory.waiting import LATE, waiting
from forum import rules
from forum.models import Report, Space
from members.models import Membership, Person, Role
from members.rules import may_manage_people
from members.viewer import Viewer

NEW = timedelta(days=30)
ANIMATING = (Role.CORRESPONDENT, Role.FACILITATOR)


@dataclass(frozen=True)
class Figure:
    """A number with its words (singular, plural) and the page that lists it, where there is one to open."""

    count: int
    words: str
    address: str = ""


def regions_by_role(viewer: Viewer, roles: Iterable[Role]) -> set[str]:
    """The régions in which the viewer holds one of these roles. No SQL query."""
    names = {role.value for role in roles}
    found = (token.split(":") for token in viewer.tokens)
    return {parts[1] for parts in found if len(parts) == 3 and parts[0] == "region" and parts[2] in names}


def animates(viewer: Viewer) -> bool:
    """Whether the viewer animates the club or one of its régions. No SQL query."""
    return viewer.is_national_office or bool(regions_by_role(viewer, ANIMATING))


def _counted(rows: QuerySet[Any]) -> Coalesce:
    one = rows.order_by().annotate(all=Value(1)).values("all")
    return Coalesce(Subquery(one.annotate(count=Count("pk")).values("count")), 0, output_field=IntegerField())


def _newcomers(codes: Collection[str], everywhere: bool) -> QuerySet[Person]:
    mandates = Membership.objects.current().filter(person=OuterRef("pk"))
    if not everywhere:
        mandates = mandates.filter(organisation__region__in=list(codes))
    return Person.objects.filter(Exists(mandates), is_active=True, joined_at__gt=timezone.now() - NEW)


def desk(viewer: Viewer, spaces: Iterable[Space]) -> list[Figure]:
    """What waits for somebody who animates or moderates; empty for others. One SQL query; others cost none.

    `spaces` are those that the viewer reads.
    """
    everywhere = viewer.is_national_office
    codes = regions_by_role(viewer, ANIMATING)
    moderated = [space.pk for space in spaces if rules.may_moderate(viewer, space)]
    asked: dict[str, Any] = {}
    if animates(viewer):
        asked["late"] = _counted(waiting(viewer, () if everywhere else codes, LATE))
        asked["newcomers"] = _counted(_newcomers(codes, everywhere))
    if moderated:
        reports = Report.objects.filter(post__topic__space__in=moderated, outcome=Report.Outcome.WAITING)
        asked["reports"] = _counted(reports)
    if complaints.may_see(viewer):
        asked["complaints"] = _counted(complaints.waiting())
    if viewer.person is None or not asked:
        return []
    row = Person.objects.filter(pk=viewer.person.pk).annotate(**asked).values(*asked).get()
    return _figures(viewer, row, () if everywhere else sorted(codes))


def _figures(viewer: Viewer, row: dict[str, int], codes: Collection[str]) -> list[Figure]:
    query = urlencode([("jours", LATE), *(("region", code) for code in codes)])
    late = f"difficulté sans réponse depuis {LATE} jours,difficultés sans réponse depuis {LATE} jours"
    people = reverse("members:list") if may_manage_people(viewer) else ""
    named = {
        "late": (late, f"{reverse('directory:waiting')}?{query}"),
        "reports": ("signalement à examiner,signalements à examiner", reverse("forum:reports")),
        "complaints": ("problème d’accès à répondre,problèmes d’accès à répondre", reverse("directory:complaints")),
        "newcomers": ("nouveau membre depuis 30 jours,nouveaux membres depuis 30 jours", people),
    }
    return [Figure(row[name], words, address) for name, (words, address) in named.items() if name in row]
