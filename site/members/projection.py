"""Django groups as a projection of roles, for Wagtail only: written by this function, which a tick calls at dates."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.utils import timezone

from members.models import Person, Role, RoleAssignment

GROUPS = {
    Role.NATIONAL_OFFICE: "Bureau national",
    Role.CORRESPONDENT: "Correspondants",
    Role.FACILITATOR: "Animateurs",
    Role.PARTNER_AUTHOR: "Auteurs partenaires",
}


def project_groups(person: Person) -> None:
    """Give the person exactly the groups of the roles in force now. Called inside a change."""
    held = set(RoleAssignment.objects.filter(person=person).current(timezone.now()).values_list("role", flat=True))
    wanted = {name for role, name in GROUPS.items() if role in held and person.is_active}
    groups = [Group.objects.get_or_create(name=name)[0] for name in sorted(wanted)]
    if {group.name for group in person.groups.all()} != wanted:
        person.groups.set(groups)
