"""CGU and charte: asked at the first sign-in and at a new version; nothing typed is lost, nobody is locked in."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone

from changes import change
from cms.models import HomePage, LegalPage
from cms.tree import plant_tree
from members.models import Acceptance

pytestmark = [pytest.mark.django_db]
HTML = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}


def publish(kind, version, *, days=0, changes=""):
    with change(by="test"):
        home = HomePage.objects.first() or plant_tree()
        page = LegalPage(
            title=f"{kind.label} {version}",
            slug=f"{kind.value}-{version}",
            kind=kind,
            version=version,
            in_force_on=timezone.localdate() + timedelta(days=days),
            changes=changes,
        )
        home.add_child(instance=page)
    caches["process"].clear()
    return page


@pytest.fixture
def texts(db):
    plant_tree()
    return publish(LegalPage.Kind.TERMS, 1), publish(LegalPage.Kind.MODERATION, 1)


def accept(client, page, **more):
    import re

    sent = re.findall(r'name="text" value="([^"]+)"', page.content.decode())
    return client.post("/regles-du-club/", {"text": sent, "next": "/projets/?q=eau", **more})


def test_the_first_page_asks_once_and_leads_back(client, member, texts):
    client.force_login(member)
    answer = client.get("/projets/?q=eau", **HTML)
    assert answer.url == "/regles-du-club/?next=%2Fprojets%2F%3Fq%3Deau"
    page = client.get(answer.url, **HTML)
    assert all(text.title in page.content.decode() for text in texts)
    assert accept(client, page).url == "/projets/?q=eau"
    assert client.get("/projets/?q=eau", **HTML).status_code == 200
    assert Acceptance.objects.filter(person=member).count() == 2
    client.logout()
    client.force_login(member)
    assert client.get("/projets/", **HTML).status_code == 200, "another session knows it too"


def test_a_new_version_is_asked_for_from_its_day_on(client, member, texts):
    client.force_login(member)
    accept(client, client.get("/regles-du-club/", **HTML))
    publish(LegalPage.Kind.TERMS, 2, days=3, changes="Les fichiers joints sont cités.")
    assert client.get("/projets/", **HTML).status_code == 200, "not yet"
    publish(LegalPage.Kind.TERMS, 3, changes="On peut se retirer d’une liste.")
    assert client.get("/projets/", **HTML).status_code == 302
    page = client.get("/regles-du-club/", **HTML)
    assert "On peut se retirer d’une liste." in page.content.decode()
    assert "Charte de modération" not in page.content.decode(), "what did not change is not asked again"
    accept(client, page)
    assert client.get("/projets/", **HTML).status_code == 200


def test_who_has_not_accepted_reads_the_texts_writes_to_us_signs_out_and_loses_nothing(client, member, texts):
    client.force_login(member)
    for path in (texts[0].url, "/contact/", "/compte/", "/regles-du-club/"):
        assert client.get(path, **HTML).status_code == 200, path
    assert client.post("/contact/", {}, **HTML).status_code == 200, "what is sent goes through"
    assert client.get("/me/").status_code == 200, "what a script asks is answered"


@pytest.mark.parametrize(
    "name", [f"footer-{name}" for name in ("sitemap", "accessibility-status", "legal-notice", "personal-data")]
    + ["footer-cookie-management"]
)  # fmt: skip
def test_what_the_law_lets_everybody_read_asks_for_nothing(client, member, texts, name):
    client.force_login(member)
    assert client.get(reverse(name), **HTML).status_code == 200


def test_what_was_not_read_is_not_accepted(client, member, texts):
    client.force_login(member)
    page = client.get("/regles-du-club/", **HTML)
    publish(LegalPage.Kind.TERMS, 2)
    assert accept(client, page).status_code == 200
    assert not Acceptance.objects.exists()


@pytest.mark.parametrize("onward", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"])
def test_it_leads_nowhere_else(client, member, texts, onward):
    client.force_login(member)
    assert accept(client, client.get("/regles-du-club/", **HTML), next=onward).url == "/"


def test_visitors_and_a_club_without_texts_are_asked_nothing(client, member):
    assert client.get("/regles-du-club/", **HTML).url == "/"
    assert client.get("/projets/", **HTML).status_code == 200
    client.force_login(member)
    assert client.get("/projets/", **HTML).status_code == 200
