"""« Nous écrire »: who receives it, the receipt, what a machine or a hurried person does to the form."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from changes import change
from directory import complaints
from directory.models import AccessComplaint
from members.models import Role, Scope
from notifications.models import QueuedMail

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
TEXT = "Nous réaménageons la caserne et cherchons qui a déjà géré des noues."


@pytest.fixture
def people(referential, make_person):
    make_person("bureau@club.example", role=Role.NATIONAL_OFFICE)
    make_person("bretagne@dreal.example", role=Role.CORRESPONDENT, scope=(Scope.REGION, "53"))
    make_person("alsace@dreal.example", role=Role.CORRESPONDENT, scope=(Scope.REGION, "44"))


def send(client, **changed):
    data = {
        "sujet": "rejoindre",
        "nom": "Léa Prigent",
        "courriel": "lea.prigent@redon.example",
        "organisme": "Ville de Redon",
        "region": "53",
        "message": TEXT,
        "operation": str(uuid.uuid4()),
    }
    return client.post("/contact/", {**data, **changed})


def mails():
    return {mail.to[0]: mail for mail in QueuedMail.objects.order_by("id")}


@pytest.mark.parametrize(
    ("changed", "who"),
    [
        ({}, "bretagne@dreal.example"),
        ({"sujet": "accompagnement", "region": "44"}, "alsace@dreal.example"),
        ({"region": ""}, "bureau@club.example"),
        ({"region": "32"}, "bureau@club.example"),  # this région has no correspondent
        ({"sujet": "acces"}, "bureau@club.example"),
    ],
)
def test_it_goes_to_whoever_answers_and_its_sender_has_a_receipt(client, people, changed, who):
    answer = send(client, **changed)
    assert (answer.status_code, answer.url) == (302, "/contact/envoye/")
    found = mails()
    assert set(found) == {who, "lea.prigent@redon.example"}
    assert found[who].headers["Reply-To"] == "lea.prigent@redon.example"
    assert TEXT in found[who].text
    receipt = found["lea.prigent@redon.example"]
    assert "cinq jours ouvrés" in receipt.text
    assert TEXT not in receipt.text, "the form writes to nobody else under the club's name"
    assert "Prigent" not in receipt.text
    assert who not in receipt.text
    assert "La page" not in client.get("/contact/envoye/").content.decode()


def test_no_address_of_ours_is_shown(client, people, settings):
    settings.LEGAL = {**settings.LEGAL, "contact": "bureau@ministere.example"}
    page = client.get("/contact/").content.decode()
    assert "@ministere.example" not in page
    assert "@dreal.example" not in page
    send(client, region="")
    assert "bureau@ministere.example" in mails()


def test_pressed_twice_it_is_sent_once_and_another_text_is_kept(client, people):
    operation = str(uuid.uuid4())
    send(client, operation=operation)
    assert send(client, operation=operation).status_code == 302
    assert QueuedMail.objects.count() == 2
    again = send(client, operation=operation, message="Un second message, tout autre.")
    assert again.status_code == 409
    page = again.content.decode()
    assert "Un second message, tout autre." in page
    assert "relisez celui-ci" in page
    new = re.search(r'name="operation" value="([^"]+)"', page)[1]
    assert send(client, operation=new, message="Un second message, tout autre.").status_code == 302
    assert QueuedMail.objects.count() == 4


def test_a_machine_and_a_flood_send_nothing_more(client, people):
    assert send(client, site_web="https://example.org").status_code == 302
    assert not QueuedMail.objects.exists()
    for _ in range(6):
        assert send(client).status_code == 302
    refused = send(client, message="Le septième message de cette heure.")
    assert refused.status_code == 429
    assert "Le septième message de cette heure." in refused.content.decode(), "nothing typed is lost"
    assert QueuedMail.objects.count() == 12
    cache.clear()
    assert send(client).status_code == 302


@pytest.mark.parametrize(
    "bad",
    [
        {"courriel": "personne"},
        {"courriel": "a@b.fr\nBcc: c@d.fr"},
        {"sujet": "tout"},
        {"region": "zz"},
        {"message": "court"},
        {"message": "x" * 5001},
        {"nom": ""},
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, people, bad):
    answer = send(client, **bad)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not QueuedMail.objects.exists()


def test_a_line_break_in_a_name_makes_no_header(client, people):
    send(client, nom="Léa\r\nBcc: tous@exemple.fr")
    assert all("\n" not in mail.subject and "\r" not in mail.subject for mail in QueuedMail.objects.all())


def test_who_is_signed_in_finds_their_name(client, people, make_person):
    client.force_login(make_person("membre@ville.example"))
    page = client.get("/contact/?sujet=accompagnement&region=44").content.decode()
    assert 'value="membre@ville.example"' in page
    assert '<option value="accompagnement" selected>' in page
    assert '<option value="44" selected>' in page


def test_a_problem_of_access_has_a_day_by_which_it_is_answered(client, people, make_viewer):
    send(client, sujet="acces")
    row = AccessComplaint.objects.get()
    assert row.due_on == timezone.localdate() + timedelta(days=7)
    text = mails()["bureau@club.example"].text.replace("\u00a0", " ")
    assert f"Signalement n° {row.pk} : réponse due le" in text
    send(client, sujet="rejoindre")
    assert AccessComplaint.objects.count() == 1
    office, other = make_viewer("isabelle", role=Role.NATIONAL_OFFICE), make_viewer("anne")
    for viewer, status in ((other, 404), (office, 200)):
        client.force_login(viewer.person)
        answer = client.get("/problemes-d-acces/")
        assert answer.status_code == status
        assert ("Signalement n" in answer.content.decode()) == (status == 200)
    client.force_login(other.person)
    assert client.post("/problemes-d-acces/", {"numero": row.pk}).status_code == 404
    with pytest.raises(PermissionDenied):
        complaints.answered(complaint_id=row.pk, by=other)
    assert AccessComplaint.objects.get().answered_at is None
    client.force_login(office.person)
    for _ in range(2):
        assert client.post("/problemes-d-acces/", {"numero": row.pk}).status_code == 302
    assert AccessComplaint.objects.get().answered_at is not None
    assert "Aucun signalement" in client.get("/problemes-d-acces/").content.decode()
    for wrong in ("", "²", "99999", "-1", "9" * 40):
        assert client.post("/problemes-d-acces/", {"numero": wrong}).status_code == 404


def test_what_is_late_is_said(client, people, make_viewer):
    office = make_viewer("isabelle", role=Role.NATIONAL_OFFICE)
    with change(by="test"):
        AccessComplaint.objects.create(due_on=timezone.localdate() - timedelta(days=1))
        AccessComplaint.objects.create(due_on=timezone.localdate())
    client.force_login(office.person)
    assert client.get("/problemes-d-acces/").content.decode().count("en retard") == 1
