"""Sets of synonyms that the national office adds: in force with the next search, tried before, in the journal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from changes import change
from changes.models import JournalLine
from cms.roles import make_sections
from forum import actions
from members.models import Person, Role, Scope
from members.rules import NotAllowed
from members.viewer import VISITOR_VIEWER
from search import answering, wording
from search.core import synonyms
from search.core.asking import Request, read
from search.engines.elastic.documents import mapping_hash
from search.models import SynonymSet

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
ADDRESS = "/redaction/synonymes/"


def found(text: str) -> list[str]:
    return [hit.root for hit in answering.search(Request(read(text)), VISITOR_VIEWER).found.hits]


@pytest.fixture
def topics(engine, work, spaces, person) -> list[str]:
    anne = person("anne", "53")
    made = [
        actions.start_topic(space=spaces["public"], title=title, source=source, by=anne)
        for title, source in (
            ("Toitures végétalisées", "Quel entretien pour du sédum ?"),
            ("Cheminements doux", "Du gravier le long de la toiture."),
            ("Une patinoire", "Elle est végétalisée."),
        )
    ]
    work()
    return [topic.stream for topic in made]


@pytest.fixture
def editor(office, home) -> Client:
    client = Client()
    caches["process"].clear()
    client.force_login(Person.objects.get(pk=office.person.pk))
    return client


def test_a_set_is_in_force_with_the_next_search_and_gone_with_it(topics, editor):
    before = mapping_hash()
    assert found("pterodactyle") == []
    assert editor.get(f"{ADDRESS}new/?terms=pterodactyle").status_code == 200
    answer = editor.post(f"{ADDRESS}new/", {"terms": "ptérodactyle,  toiture végétalisée", "remark": ""})
    assert answer.status_code == 302
    made = SynonymSet.objects.get()
    assert made.terms == "ptérodactyle, toiture végétalisée"
    assert found("pterodactyle") == [topics[0]], "an expression of several words is found as a phrase, plural or not"
    assert found("entretien de la ptérodactyle")[0] == topics[0], "among other words"
    assert mapping_hash() == before, "no document is indexed again"
    assert synonyms.holds("pterodactyle"), "and no spelling is offered for it"
    answer = editor.post(f"{ADDRESS}edit/{made.pk}/", {"terms": "ptérodactyle, patinoire", "remark": "essai"})
    assert answer.status_code == 302
    assert found("ptérodactyle") == [topics[2]]
    assert found("patinoire") == [topics[2]]
    assert editor.post(f"{ADDRESS}delete/{made.pk}/").status_code == 302
    assert found("ptérodactyle") == []
    lines = JournalLine.objects.filter(kind="synonyms").order_by("id").values_list("verb", "before", "after")
    assert [verb for verb, _, _ in lines] == ["add", "change", "delete"]
    assert lines[1][1]["terms"] == "ptérodactyle, toiture végétalisée"
    assert lines[1][2]["terms"] == "ptérodactyle, patinoire"


def test_another_process_knows_within_a_minute(topics, time_machine):
    assert found("pterodactyle") == []
    with change(by="test"):  # by another process: nothing here is told
        SynonymSet.objects.create(terms="ptérodactyle, patinoire")
    time_machine.move_to(timezone.now() + timedelta(seconds=59))
    assert found("pterodactyle") == [topics[2]]


def test_the_preview_shows_what_a_set_changes_and_keeps_nothing(topics, editor):
    page = editor.get(f"{ADDRESS}apercu/?jeu=ptérodactyle,toiture végétalisée&q=ptérodactyle").content.decode()
    assert "0 résultat" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert "1 résultat" in page.replace("\u202f", " ").replace("\xa0", " ")
    without, with_it = page.split("Avec ce jeu")
    assert "Toitures" in with_it
    assert "Toitures" not in without
    assert not SynonymSet.objects.exists()
    assert found("pterodactyle") == []
    with change(by="test"):
        made = SynonymSet.objects.create(terms="ptérodactyle, toiture végétalisée")
    wording.forget()
    page = editor.get(f"{ADDRESS}apercu/?jeu={made.terms}&q=ptérodactyle").content.decode()
    assert "Toitures" not in page.split("Avec ce jeu")[0], "without the one that is in force"
    assert "de deux à 12" in editor.get(f"{ADDRESS}apercu/?jeu=seule&q=x").content.decode()


def test_the_preview_says_where_it_looked_for_another_word(topics, editor):
    page = editor.get(f"{ADDRESS}apercu/?jeu=ptérodactyle,patinoire&q=ptainoire").content.decode()
    page = page.replace("\u202f", " ").replace("\xa0", " ")
    assert page.count("ce sont les résultats de « patinoire »") == 2
    page = editor.get(f"{ADDRESS}apercu/?jeu=ptérodactyle,patinoire&q=ptérodactyle").content.decode()
    assert "ce sont les résultats" not in page.split("Avec ce jeu")[1]
    assert f'href="{ADDRESS}apercu/"' in editor.get(f"{ADDRESS}new/").content.decode()


@pytest.mark.parametrize(
    "text",
    ["", "seule", "a,", "noue, le", "noue, x", "noues, noue", "énergie, energies", "a" * 61 + ", noue", 'noue, "rue"',
     "noue, !!!", "noue # fossé, mare", "un deux trois quatre cinq six sept, noue",
     ", ".join(f"mot{n}" for n in range(13))],
)  # fmt: skip
def test_what_is_no_set_is_refused(text):
    with pytest.raises(wording.NotASet):
        wording.check(text)


def test_the_form_says_why(editor):
    answer = editor.post(f"{ADDRESS}new/", {"terms": "noue, le", "remark": ""})
    assert answer.status_code == 200
    assert "ne dit rien à lui seul" in answer.content.decode()
    assert not SynonymSet.objects.exists()


def test_only_the_office_keeps_them(make_person, person, home, organisation):
    with change(by="test"):
        made = SynonymSet.objects.create(terms="ptérodactyle, patinoire")
    scopes = {
        None: (Scope.NATION, ""),
        Role.CORRESPONDENT: (Scope.REGION, "53"),
        Role.FACILITATOR: (Scope.REGION, "53"),
        Role.PARTNER_AUTHOR: (Scope.ORGANISATION, str(organisation.pk)),
    }
    people = [
        make_person(f"c{number}@club.example", role=role, scope=scopes[role]) for number, role in enumerate(scopes)
    ]
    make_sections()
    caches["process"].clear()
    for role, one in zip(scopes, people, strict=True):
        client = Client()
        client.force_login(Person.objects.get(pk=one.pk))
        for address in ("", "new/", f"edit/{made.pk}/", f"delete/{made.pk}/", "results/", "apercu/?jeu=a,b&q=x"):
            for ask in (client.get, client.post):
                answer = ask(f"{ADDRESS}{address}", {"terms": "un autre, jeu"} if ask == client.post else {})
                assert answer.status_code in (302, 403, 404, 405), (role, address)
                assert "ptérodactyle" not in answer.content.decode()
    made.refresh_from_db()
    assert made.terms == "ptérodactyle, patinoire"
    anne = person("anne", "53")
    with pytest.raises(NotAllowed):
        wording.keep_set(SynonymSet(terms="a1, b1"), by=anne)
    with pytest.raises(NotAllowed):
        wording.drop_set(made, by=anne)
