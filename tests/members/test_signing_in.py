"""Sign-in, sign-out, forgotten password: the same answer whether an address is known or not; links single use."""

import re

import pytest
from django.urls import reverse

from notifications.models import QueuedMail

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
PASSWORD = "trois noues et un platane"


class Recorder:
    """Stands where the mail server would: keeps what was handed over."""

    def __init__(self, sent: list) -> None:
        self.sent = sent

    def send_messages(self, messages: list) -> int:
        self.sent += messages
        return len(messages)


@pytest.fixture
def known(make_person):
    return make_person("claire@ville.example", password=PASSWORD)


def sign_in(client, email: str, password: str):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_signing_in_and_out(client, known):
    assert sign_in(client, "Claire@Ville.example", PASSWORD).status_code == 302, "case does not count"
    assert known.get_full_name() in client.get(reverse("account")).content.decode()
    assert client.get(reverse("account_logout")).status_code == 200, "a link does not sign out"
    assert client.get(reverse("account")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get(reverse("account")).status_code == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, known):
    def text(email: str, password: str) -> str:
        page = sign_in(client, email, password).content.decode().replace(email, "ADRESSE")
        return re.sub(r'value="[A-Za-z0-9]{64}"', "", page)

    assert text("claire@ville.example", "faux") == text("inconnu@ville.example", "faux")


def test_the_session_changes_at_sign_in(client, known):
    client.get(reverse("account_login"))
    before = client.cookies.get("club_session")
    sign_in(client, known.email, PASSWORD)
    assert client.cookies["club_session"].value != (before.value if before else None)


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(client, known, work, monkeypatch):
    client.post(reverse("account_reset_password"), {"email": known.email})
    sent = []
    monkeypatch.setattr("notifications.consumers.delivery", lambda: Recorder(sent))
    work()
    (mail,) = sent
    assert mail.subject == "Choisir un nouveau mot de passe"
    link = re.search(r"http://[^\s]+", mail.body)[0]
    path = "/" + link.split("/", 3)[3]
    shown = client.get(path, follow=True)
    address = shown.redirect_chain[-1][0]
    new = "un grand tilleul au milieu"
    assert client.post(address, {"password1": new, "password2": new}).status_code == 302
    assert sign_in(client, known.email, new).status_code == 302
    client.post(reverse("account_logout"))
    assert "déjà servi" in client.get(path, follow=True).content.decode()


def test_an_unknown_address_gets_no_mail_and_the_same_page(client, known, work):
    unknown = client.post(reverse("account_reset_password"), {"email": "inconnu@ville.example"}, follow=True)
    work()
    assert not QueuedMail.objects.exists()
    page = client.post(reverse("account_reset_password"), {"email": known.email}, follow=True)
    assert unknown.redirect_chain == page.redirect_chain


def test_many_tries_are_held_back(client, known, settings):
    for n in range(6):
        answer = sign_in(client, known.email, f"faux {n}")
    held = sign_in(client, known.email, PASSWORD)
    assert "trop de tentatives" in answer.content.decode().lower()
    assert held.status_code in (200, 429), "from there, not even the right one"


def test_tries_from_elsewhere_do_not_lock_the_owner_out(client, known):
    for n in range(8):
        client.post(reverse("account_login"), {"login": known.email, "password": f"faux {n}"}, REMOTE_ADDR="192.0.2.7")
    answer = client.post(
        reverse("account_login"), {"login": known.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.99"
    )
    assert answer.status_code == 302


def test_the_administration_has_no_sign_in_of_its_own(client, known):
    answer = client.post("/redaction/login/", {"username": known.email, "password": PASSWORD})
    assert answer.status_code in (302, 405)
    assert "_auth_user_id" not in client.session
    assert client.get("/redaction/").headers["Location"].startswith("/compte/connexion/")
    assert client.get("/redaction/password_reset/").headers["Location"] == reverse("account_reset_password")


def test_nobody_signs_up_alone(client):
    page = client.get(reverse("account_signup"))
    assert "invitation" in page.content.decode()
    client.post(reverse("account_signup"), {"email": "moi@ville.example", "password1": PASSWORD})
    from members.models import Person

    assert not Person.objects.exists()
