"""A club of two régions: spaces, people with a collectivité, viewers, and the home page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache

from changes import change
from cms.tree import plant_tree
from forum.actions import open_space
from members.actions import end_membership, end_role, give_membership, give_role
from members.models import Membership, Organisation, Person, Role, RoleAssignment, Scope
from members.viewer import Viewer
from territories.models import Region

CITIES = {"53": "Rennes", "84": "Lyon"}


@pytest.fixture
def home(referential):
    return plant_tree()


@pytest.fixture
def cities(referential) -> dict[str, Organisation]:
    """An organisation in each of the two régions."""
    with change(by="test"):
        return {
            code: Organisation.objects.create(kind="partner", name=name, region=Region.objects.get(pk=code))
            for code, name in CITIES.items()
        }


@pytest.fixture
def make_viewer(cities) -> Callable[..., Viewer]:
    """`make_viewer("anne", "53", role=…, scope=…)`: a person of that région (none: of none), as a viewer."""

    def make(name: str, region: str = "", *, role=None, scope=(Scope.NATION, "")) -> Viewer:
        with change(by="test"):
            fields = {"given_name": name.capitalize(), "family_name": "Morel"}
            person = Person.objects.create_user(f"{name}@club.example", None, **fields)
            if region:
                give_membership(person, cities[region], "chargée de mission", by="test")
            if role:
                give_role(person, role, *scope, by="test")
        cache.clear()
        return Viewer.of(Person.objects.get(pk=person.pk))

    return make


@pytest.fixture
def end(make_viewer) -> Callable[[Membership | RoleAssignment], None]:
    """End a mandate or a role now, by the bureau."""
    office = make_viewer("odile", role=Role.NATIONAL_OFFICE)

    def now(row: Membership | RoleAssignment) -> None:
        with change(by=office):
            (end_membership if isinstance(row, Membership) else end_role)(row, by=office)

    return now


@pytest.fixture
def national(db):
    return open_space(slug="national", title="Espace national", audience="public", by="test")


@pytest.fixture
def brittany(cities):
    return open_space(
        slug="bretagne", title="Espace breton", audience="region:53", region_id="53", kind="regional", by="test"
    )


@pytest.fixture
def anne(make_viewer) -> Viewer:
    """A member in Bretagne."""
    return make_viewer("anne", "53")


@pytest.fixture
def bruno(make_viewer) -> Viewer:
    """Another one there."""
    return make_viewer("bruno", "53")


@pytest.fixture
def lea(make_viewer) -> Viewer:
    """A member in Auvergne-Rhône-Alpes."""
    return make_viewer("lea", "84")


@pytest.fixture
def look(client, home) -> Callable[[Viewer], str]:
    """The home page as somebody sees it."""

    def page(viewer: Viewer) -> str:
        cache.clear()
        client.force_login(viewer.person)
        answer = client.get("/")
        assert answer.status_code == 200
        text = answer.content.decode()
        assert 'id="accueil-vous"' in text, "the place was left empty: see the log"
        return text

    return page


@pytest.fixture
def section(look) -> Callable[[Viewer, str], str]:
    """One section of it: `vous`, `region-53`, `ailleurs`, `bureau`; empty where it is not there."""

    def part(viewer: Viewer, name: str) -> str:
        _, found, rest = look(viewer).partition(f'aria-labelledby="accueil-{name}"')
        return rest.partition("</section>")[0] if found else ""

    return part
