"""Error pages through the whole request path: what a person sees when each thing goes wrong, signed in or not."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict() -> Client:
    """A client that gets the answer a browser would, whatever is raised."""
    return Client(raise_request_exception=False)


def away(*args, **kwargs):
    raise OperationalError("connection refused")


@pytest.mark.parametrize("path", ["/contact/", "/compte/", "/nulle-part/"])
def test_without_the_database_a_signed_in_person_gets_the_503_too(strict, member, monkeypatch, path):
    """The session itself cannot be read: this happens before any view."""
    strict.force_login(member)
    monkeypatch.setattr(SessionStore, "load", away)
    answer = strict.get(path)
    assert answer.status_code == 503
    assert "momentanément indisponible" in answer.content.decode()
    assert answer.headers["Retry-After"] == "30"


def test_a_session_that_cannot_be_written_is_a_503(strict, member, monkeypatch):
    monkeypatch.setattr(SessionStore, "save", away)
    monkeypatch.setattr(SessionStore, "create", away)
    member.set_password("trois noues et un platane")
    from changes import change

    with change(by="test"):
        member.save()
    answer = strict.post("/compte/connexion/", {"login": member.email, "password": "trois noues et un platane"})
    assert answer.status_code == 503
    assert "momentanément indisponible" in answer.content.decode()


def test_too_many_requests_from_one_place_get_our_page(strict):
    for n in range(40):
        answer = strict.post("/compte/mot-de-passe/", {"email": f"p{n}@ville.example"})
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "Trop d’essais" in page
    assert "Too Many" not in page
    assert answer.headers["Retry-After"] == "300"


def test_a_host_that_is_not_ours_gets_the_400_page(strict, settings):
    settings.ALLOWED_HOSTS = ["club.example"]
    answer = strict.get("/contact/", headers={"host": "autre.example"})
    assert answer.status_code == 400
    assert "Demande incomprise" in answer.content.decode()


def test_a_fault_of_ours_gets_the_500_page(strict, monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("search.answering.search", broken)
    answer = strict.get("/recherche/?q=eau")
    assert answer.status_code == 500
    assert "Erreur inattendue" in answer.content.decode()
