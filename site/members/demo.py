"""One invented person per role, on real organisations, with a password shown on screen. Refused in production."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from changes import SYSTEM, change
from members.actions import give_membership, give_role, sign_agreement
from members.models import Organisation, Person, Role, Scope
from members.organisations import organisation_of_key
from members.services import NATIONAL_OFFICE


class DemoPerson(NamedTuple):
    """An account of the demo: who, for which organisation, with which role in which scope."""

    email: str
    given_name: str
    family_name: str
    organisation: str  # a key of the referential, or a service's name
    function: str
    role: Role | None
    scope: tuple[Scope, str] | None
    label: str


ORG = (Scope.ORGANISATION, "")
PEOPLE = [
    DemoPerson("membre@demo.example", "Claire", "Aubry", "commune:67506", "chargée de mission aménagement durable",
               None, None, "Membre, chargée de mission"),
    DemoPerson("elu@demo.example", "Marc", "Tessier", "commune:38185", "adjoint à l’urbanisme",
               None, None, "Membre, élu"),
    DemoPerson("referent@demo.example", "Nadia", "Ferrand", "commune:35238", "cheffe de projet écoquartier",
               Role.REFERENT, ORG, "Référente de sa collectivité"),
    DemoPerson("partenaire@demo.example", "Hugo", "Lescure", "ADEME", "ingénieur urbanisme durable",
               Role.PARTNER_AUTHOR, ORG, "Auteur partenaire"),
    DemoPerson("correspondante@demo.example", "Maëlle", "Le Goff", "DREAL Bretagne", "correspondante ville durable",
               Role.CORRESPONDENT, (Scope.REGION, "53"), "Correspondante régionale"),
    DemoPerson("animateur@demo.example", "Samir", "Belkacem", "Cerema, Lyon", "animateur du club",
               Role.FACILITATOR, (Scope.REGION, "84"), "Animateur Cerema"),
    DemoPerson("bureau@demo.example", "Isabelle", "Fontaine", NATIONAL_OFFICE, "animatrice nationale du club",
               Role.NATIONAL_OFFICE, (Scope.NATION, ""), "Bureau national"),
]  # fmt: skip


class DemoRefused(Exception):
    """Demo content has no place in production."""


def make_demo_people() -> int:
    """Make the demo's accounts that are missing; returns how many. Raises `DemoRefused` in production."""
    if settings.PRODUCTION:
        raise DemoRefused("Le contenu de démonstration n’est pas admis en production.")
    known = set(Person.objects.filter(email__in=[p.email for p in PEOPLE]).values_list("email", flat=True))
    missing = [person for person in PEOPLE if person.email not in known]
    since = timezone.now() - timedelta(days=700)  # they took part in what the demo's discussions tell
    for wanted in missing:
        with change(by=SYSTEM):
            organisation = _organisation(wanted.organisation)
            person = Person.objects.create_user(
                wanted.email,
                settings.DEMO_PASSWORD,
                given_name=wanted.given_name,
                family_name=wanted.family_name,
                joined_at=timezone.now() - timedelta(days=30),
            )
            give_membership(person, organisation, wanted.function, by=SYSTEM, starts_at=since)
            if wanted.role and wanted.scope:
                kind, scope_id = wanted.scope
                scope_id = str(organisation.pk) if kind == Scope.ORGANISATION else scope_id
                give_role(person, wanted.role, kind, scope_id, by=SYSTEM, starts_at=since)
            if wanted.role == Role.PARTNER_AUTHOR and not organisation.agreements.exists():
                sign_agreement(organisation, themes="sobriété, climat, énergie", by=SYSTEM, starts_at=since)
    return len(missing)


def _organisation(key: str) -> Organisation:
    if ":" in key:
        return organisation_of_key(key, by=SYSTEM)
    return Organisation.objects.get(name=key)
