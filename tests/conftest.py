"""What many tests arrange: persons of each role, organisations, the referential loaded once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import caches
from django.core.handlers.base import BaseHandler
from django.core.management.base import BaseCommand
from django.db import connection
from pytest_django import DjangoDbBlocker

from changes import facts
from club import context
from search.engines import choosing
from tests import writing_guard


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test with real transactions empties the whole database after it: `make test-fast` leaves it out."""
    for item in items:
        database = item.get_closest_marker("django_db")
        if database is not None and database.kwargs.get("transaction"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def _as_it_runs(settings, monkeypatch) -> None:
    """No test reads what another one cached, none counts on seconds; mails take our queue, which Django's test runner
    would by-pass."""
    monkeypatch.setattr(context, "SECTIONS_KEPT", None)
    for name in caches:
        caches[name].clear()
    settings.ELASTICSEARCH_URL = ""  # tests of the search say which engine they ask
    choosing.forget()
    settings.EMAIL_BACKEND = "notifications.backend.QueueBackend"


@pytest.fixture(autouse=True)
def _writes_only_in_changes(monkeypatch) -> Iterator[None]:
    """Whatever a request, a command or a consumer writes to a table of ours, it writes inside `change()`."""
    monkeypatch.setattr(BaseHandler, "get_response", writing_guard.watched(BaseHandler.get_response, "request"))
    monkeypatch.setattr(BaseCommand, "execute", writing_guard.watched(BaseCommand.execute, "command"))
    monkeypatch.setattr(facts, "work", writing_guard.watched(facts.work, "consumer"))
    connection.execute_wrappers.append(writing_guard.guard)
    yield
    connection.execute_wrappers.remove(writing_guard.guard)


@pytest.fixture(scope="session")
def _referential_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    from territories.loading import load_referential

    with django_db_blocker.unblock():
        load_referential()


@pytest.fixture
def referential(_referential_once: None, db: None) -> None:
    """The database holds the official referential; what a test changes is rolled back."""
    from territories.loading import load_referential

    load_referential()  # nothing to do, unless a test with real transactions has emptied the tables


@pytest.fixture
def organisation(db: None):
    """An organisation that needs no referential."""
    from changes import change
    from members.models import Organisation

    with change(by="test"):
        return Organisation.objects.create(kind=Organisation.Kind.PARTNER, name="Atelier des Rives")


@pytest.fixture
def make_person(organisation) -> Callable:
    """`make_person("a@b.example", role=…, scope=…)`: a person with a mandate, and a role if one is named."""
    from changes import change
    from members.actions import give_membership, give_role
    from members.models import Person, Scope

    def make(
        email: str = "membre@collectivite.example", role=None, scope=(Scope.NATION, ""), password: str | None = None
    ):
        with change(by="test"):
            person = Person.objects.create_user(email, password, given_name="Anne", family_name="Morel")
            give_membership(person, organisation, "chargée de mission", by="test")
            if role:
                give_role(person, role, *scope, by="test")
        return person

    return make


@pytest.fixture
def member(make_person):
    return make_person()


@pytest.fixture
def office(make_person):
    from members.models import Role

    return make_person("bureau@club.example", role=Role.NATIONAL_OFFICE)


@pytest.fixture
def as_office(client, office):
    """A client signed in as somebody of the national office."""
    client.force_login(office)
    return client


@pytest.fixture
def work():
    """Do what waits for the worker, all of it, now."""
    from changes.worker import Worker

    def run() -> None:
        worker = Worker()
        while worker.once():
            pass

    return run


@pytest.fixture
def house(referential, make_person, work):
    """A site in which partners and régions write: see `tests.editing`."""
    from tests.editing import make_house

    return make_house(make_person, work)
