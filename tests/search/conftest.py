"""A site with something to find, and every engine that can be asked here."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache

from changes import change, facts
from changes.models import Fact
from cms.models import HomePage, StandardPage
from cms.tree import plant_tree
from forum.actions import open_space
from members.actions import give_membership, give_role
from members.models import Organisation, Person, Role, Scope
from members.viewer import Viewer
from search.engines import choosing
from search.engines.base import Engine

HERE = ["embedded", *(["elasticsearch"] if os.environ.get("ELASTICSEARCH_URL") else [])]


@pytest.fixture(params=HERE)
def engine(request, db, settings) -> Iterator[Engine]:
    """The site's engine, empty: the embedded one, or a real Elasticsearch under a name of this test."""
    if request.param == "elasticsearch":
        settings.ELASTICSEARCH_URL = os.environ["ELASTICSEARCH_URL"]
        settings.ELASTICSEARCH_INDEX = f"test-{uuid.uuid4().hex[:12]}"
    choosing.forget()
    (made,) = choosing.written()
    made.clear()
    yield made
    if request.param == "elasticsearch":
        made.remove()
    choosing.forget()


@pytest.fixture
def work() -> Callable[[], int]:
    """Take every fact of the search that is due; returns how many. None may fail."""

    def take() -> int:
        count = 0
        while taken := facts.claim("search"):
            count += len(taken)
            together = len(taken) > 1 and facts.work_together(taken)  # as the worker does
            for fact in taken:
                together or facts.work(fact)
                fact.refresh_from_db()
                assert fact.done_at is not None, fact.error
        for one in choosing.written():
            getattr(one, "refresh", int)()
        return count

    return take


@pytest.fixture
def waiting() -> Callable[[], int]:
    """How many facts of the search are not done."""
    return lambda: Fact.objects.filter(consumer="search", done_at=None).count()


@pytest.fixture
def person(referential) -> Callable[..., Viewer]:
    """`person("anne", "53", role=…, scope=…)`: somebody who acts for the région, as a viewer."""
    from territories.models import Region

    def make(name: str, region: str = "", *, role: Role | None = None, scope: tuple = (Scope.NATION, "")) -> Viewer:
        with change(by="test"):
            made = Person.objects.create_user(
                f"{name}@club.example", None, given_name=name.title(), family_name="Morel"
            )
            if region:
                unit = Region.objects.get(code=region)
                organisation, _ = Organisation.objects.get_or_create(
                    kind="region", region=unit, defaults={"name": unit.name}
                )
                give_membership(made, organisation, "chargée de mission", by="test")
            if role:
                give_role(made, role, *scope, by="test")
        cache.clear()
        return Viewer.of(Person.objects.get(pk=made.pk))

    return make


@pytest.fixture
def office(person) -> Viewer:
    return person("odile", role=Role.NATIONAL_OFFICE)


@pytest.fixture
def spaces(db) -> dict[str, object]:
    """One for everybody, one for members, one for a région."""
    return {
        "public": open_space(slug="national", title="Espace national", audience="public", by="test"),
        "members": open_space(slug="membres", title="Entre membres", audience="members", by="test"),
        "region": open_space(slug="bretagne", title="Bretagne", audience="region:53", region_id="53", by="test"),
    }


@pytest.fixture
def home(db, settings, tmp_path) -> HomePage:
    settings.MEDIA_ROOT = str(tmp_path)
    return plant_tree()


@pytest.fixture
def publish(home) -> Callable[..., StandardPage]:
    """`publish("Titre", body="…", under=page)`: a published page."""

    def make(title: str, body: str = "", under: object = None) -> StandardPage:
        page = StandardPage(title=title, body=[("paragraph", f"<p>{body}</p>")])
        with change(by="test"):
            (under or home).add_child(instance=page)
            page.save_revision().publish()
        return page

    return make
