"""Invented members: most speak for a commune of the referential, the larger the likelier; some for a service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from changes import Actor, change
from members.models import Membership, Organisation, Person, Role, RoleAssignment, Scope
from members.organisations import organisation_for_unit
from members.projection import project_groups
from territories.models import Commune


def _listed(text: str) -> list[str]:
    return text.split()


GIVEN = _listed("""
Camille Anne Hugo Léa Paul Inès Marc Nadia Samir Claire Maëlle Isabelle Jean Lucie Thomas Sarah Yann Amina Pierre Julie
Karim Élodie Louis Fatou Denis Rose Gaël Nora Émile Agnès Bruno Chloé Farid Manon Rémi Solène Victor Zoé Lina Arthur
""")
FAMILY = _listed("""
Martin Roche Vidal Masson Leroy Picard Garnier Chevalier Perrin Morel Girard Andre Mercier Dupuis Lambert Bonnet
Fontaine Rousseau Vincent Muller Lefevre Faure Mercader Blanc Guerin Boyer Garcia Henry Roussel Nicolas Perrot Morin
Mathieu Clement Gauthier Dumont Lopez Robin Barbier Brun Benali Diallo Le_Goff Kervella Schmitt Haas Etcheverry Casanova
""")
FUNCTIONS = [
    "chargée de mission aménagement", "chef de projet écoquartier", "adjointe à l’urbanisme", "directeur des services",
    "responsable espaces verts", "ingénieure voirie et réseaux", "maire", "conseillère déléguée", "chargé d’opérations",
]  # fmt: skip
LARGE = 4000  # communes by population among which members' are drawn
BATCH = 1000


class AlreadyThere(Exception):
    """The people of this seed are there already; the message says so (French)."""


@dataclass(frozen=True)
class Member:
    """Who writes: a person with the mandate they write in."""

    pk: int
    organisation: int
    region: str | None
    function: str
    role: str
    joined_at: datetime


def make_members(count: int, random: Random, *, seed: int, now: datetime, by: Actor | str) -> list[Member]:
    """Make so many members with their mandates and roles. Raises `AlreadyThere`."""
    if Person.objects.filter(email=_email(seed, 0)).exists():
        raise AlreadyThere(f"Le contenu de la graine {seed} est déjà là : prenez-en une autre.")
    organisations = _organisations(max(1, count * 2 // 3), random, by=by)
    services = list(Organisation.objects.filter(kind=Organisation.Kind.REGIONAL_SERVICE).order_by("region", "id"))
    members: list[Member] = []
    for begun in range(0, count, BATCH):
        with change(by=by):
            numbers = range(begun, min(begun + BATCH, count))
            people = Person.objects.bulk_create(_person(seed, number, random, now) for number in numbers)
            mandates, roles = [], []
            for number, person in zip(numbers, people, strict=True):
                service = services[number] if number < len(services) else None
                organisation = service or random.choice(organisations)
                function = "correspondante ville durable" if service else random.choice(FUNCTIONS)
                mandates.append(_mandate(person, organisation, function))
                if random.random() < 0.08:
                    other = random.choice(organisations)
                    mandates += [_mandate(person, other, random.choice(FUNCTIONS))] if other != organisation else []
                if service and service.region_id:
                    roles.append(_role(person, Role.CORRESPONDENT, service.region_id))
                role = str(Role.CORRESPONDENT.value) if service else ""
                members.append(
                    Member(person.pk, organisation.pk, organisation.region_id, function, role, person.joined_at)
                )
            Membership.objects.bulk_create(mandates)
            RoleAssignment.objects.bulk_create(roles)
            for assignment in roles:
                project_groups(assignment.person)
    return members


def _organisations(count: int, random: Random, *, by: Actor | str) -> list[Organisation]:
    large = Commune.objects.of_today().filter(population__isnull=False).order_by("-population", "code")
    communes = list(large.select_related("department", "region")[:LARGE])
    chosen = random.sample(communes, min(count, len(communes)))
    with change(by=by):
        return [organisation_for_unit(commune, by=by) for commune in chosen]


def _email(seed: int, number: int) -> str:
    return f"membre{number}.graine{seed}@mesure.example"


def _person(seed: int, number: int, random: Random, now: datetime) -> Person:
    """Most have been there for years, one in twenty for less than a month."""
    days = random.random() * 30 if random.random() < 0.05 else 1200 + random.random() * 1500
    return Person(
        email=_email(seed, number),
        password=make_password(None),
        given_name=random.choice(GIVEN),
        family_name=random.choice(FAMILY).replace("_", " "),
        joined_at=now - timedelta(days=days),
    )


def _mandate(person: Person, organisation: Organisation, function: str) -> Membership:
    return Membership(person=person, organisation=organisation, function=function, starts_at=person.joined_at)


def _role(person: Person, role: Role, region: str) -> RoleAssignment:
    return RoleAssignment(
        person=person,
        role=role,
        scope_kind=Scope.REGION,
        scope_id=region,
        given_by="system",
        starts_at=person.joined_at,
    )
