"""Django groups as a projection of rights, for Wagtail only: written by this function, which a tick calls at dates.

What each group may do on pages, images and documents is given by `cms.roles`; page privacy names « Membres » and
« Membres — région … ».
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.utils import timezone

from members.audiences import compute_rights
from members.models import Organisation, PartnershipAgreement, Person, Role, RoleAssignment, Scope
from territories.models import Region

GROUPS = {
    Role.NATIONAL_OFFICE: "Bureau national",
    Role.CORRESPONDENT: "Correspondants",
    Role.FACILITATOR: "Animateurs",
    Role.PARTNER_AUTHOR: "Auteurs partenaires",
}
MEMBERS = "Membres"


def authors_of(organisation: Organisation) -> str:
    """The group of those who write in a partner's section."""
    return f"Auteurs — {organisation.name}"


def editors_of(region: Region) -> str:
    """The group of those who write in a région's section: its correspondents and facilitators."""
    return f"Région — {region.name}"


def publishers_of(region: Region) -> str:
    """The group of those who publish in a région's section: its correspondents."""
    return f"Correspondants — {region.name}"


def members_of(region: Region) -> str:
    """The group that reads what a page reserves to a région."""
    return f"Membres — région {region.name}"


def project_groups(person: Person) -> None:
    """Give the person exactly the groups of the rights in force now. Called inside a change."""
    wanted = groups_of(person, timezone.now())
    if set(person.groups.values_list("name", flat=True)) != wanted:
        person.groups.set([Group.objects.get_or_create(name=name)[0] for name in sorted(wanted)])


def groups_of(person: Person, at: datetime) -> set[str]:
    """Names of the groups that a person's mandates, roles and agreements give at a moment; none to a closed account."""
    if not person.is_active:
        return set()
    roles = list(RoleAssignment.objects.filter(person=person, role__in=GROUPS).current(at))
    tokens = compute_rights(person, at).tokens
    return {GROUPS[Role(role.role)] for role in roles} | _readers(tokens) | _authors(roles, at) | _regional(roles)


def _readers(tokens: frozenset[str]) -> set[str]:
    if "members" not in tokens:
        return set()
    codes = [token.partition(":")[2] for token in tokens if token.startswith("region:") and token.count(":") == 1]
    return {MEMBERS, *(members_of(region) for region in Region.objects.filter(code__in=codes))}


def _authors(roles: list[RoleAssignment], at: datetime) -> set[str]:
    """Groups of the partners for whom the person writes: the role and the agreement are both in force."""
    ids = [
        int(role.scope_id)
        for role in roles
        if role.role == Role.PARTNER_AUTHOR and role.scope_kind == Scope.ORGANISATION and role.scope_id.isdecimal()
    ]
    if not ids:
        return set()
    bound = PartnershipAgreement.objects.filter(organisation__in=ids).current(at).values("organisation")
    return {authors_of(partner) for partner in Organisation.objects.filter(pk__in=bound)}


def _regional(roles: list[RoleAssignment]) -> set[str]:
    """Groups of the régions in which the person writes and, as a correspondent, publishes."""
    regional = [role for role in roles if role.role in (Role.CORRESPONDENT, Role.FACILITATOR)]
    names: set[str] = set()
    for role in regional:
        for region in regions_of(role):
            names.add(editors_of(region))
            if role.role == Role.CORRESPONDENT:
                names.add(publishers_of(region))
    return names


def regions_of(role: RoleAssignment) -> QuerySet[Region]:
    """The régions in which a correspondent or a facilitator acts; a département's is the one it lies in."""
    if role.scope_kind == Scope.NATION:
        return Region.objects.all()
    if role.scope_kind == Scope.DEPARTMENT:
        return Region.objects.filter(departments=role.scope_id)
    return Region.objects.filter(code=role.scope_id if role.scope_kind == Scope.REGION else "")
