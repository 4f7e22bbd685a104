"""What people search and do not find is counted for those who animate the club: never who, never a name."""

# ruff: noqa: F811 - the stand-in takes the place of the folder’s own engine
from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from changes import change
from cms.roles import make_sections
from cms.tree import plant_tree
from members.models import Person, Role, Scope
from search import missing
from search.core.asking import asked
from search.engines import choosing
from search.models import Missed
from tests.search.stand_in import engine, hit  # noqa: F401 - a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
REPORT = "/redaction/rapports/sans-resultat/"


@pytest.fixture(autouse=True)
def _no_other(engine, monkeypatch):
    """The stand-in is the engine that is asked first."""
    monkeypatch.setattr(choosing, "written", lambda: [engine])


@pytest.fixture
def opened(referential, settings, tmp_path):
    """`opened()`: the administration, to those who have a role by now."""
    settings.MEDIA_ROOT = str(tmp_path)

    def open_it():
        plant_tree()
        make_sections()
        cache.clear()

    return open_it


def ask(client, words: str, address: str = "192.0.2.1", browser: str = BROWSER, more: str = "") -> None:
    answer = client.get(f"/recherche/?q={words}{more}", REMOTE_ADDR=address, headers={"user-agent": browser})
    assert answer.status_code == 200


def counted() -> dict[str, int]:
    return dict(Missed.objects.values_list("text", "count"))


def on_days(text: str, *ago: int, count: int = 1) -> None:
    today = timezone.localdate()
    with change(by="test"):
        Missed.objects.bulk_create(Missed(text=text, day=today - timedelta(days=days), count=count) for days in ago)


def test_a_text_is_counted_once_a_day_of_the_same_person(client, engine, make_person):
    ask(client, "Éco-pâturage en ville")
    ask(client, "eco-paturage  en ville")
    assert counted() == {"eco paturage en ville": 1}
    ask(client, "Éco-pâturage en ville", "192.0.2.2")
    client.force_login(make_person())
    ask(client, "Éco-pâturage en ville")
    ask(client, "Éco-pâturage en ville", "192.0.2.3")
    assert counted() == {"eco paturage en ville": 3}
    columns = {field.name for field in Missed._meta.get_fields()}
    assert columns == {"id", "text", "day", "count"}, "nothing says who"


def test_only_what_was_not_found_at_all(client, engine):
    ask(client, "zorglub", more="&page=2")
    ask(client, "zorglub", more="&region=53")
    ask(client, "zorglub", browser="Mozilla/5.0 (compatible; Googlebot/2.1)")
    ask(client, "zorglub", browser="")
    engine.away = True
    ask(client, "zorglub")
    engine.away = False
    engine.holds(hit("topic:1"))
    ask(client, "zorglub")
    assert counted() == {}


def test_what_was_replaced_by_another_word_is_counted_as_it_was_typed(client, engine):
    engine.holds(hit("topic:1"), spelling="zorglube")
    ask(client, "zorglub")
    assert counted() == {"zorglub": 1}


@pytest.mark.parametrize(
    "words",
    [
        "Morel", "qui connaît anne morel à Rennes", "jean dupont", "Jean-Marc", "Zoltan Kovacevic", "mme kovacevic",
        "auteur:kovacevic", "k.ovacevic@example.org", "www.kovacevic.example", "06 12 34 56 78", "0612345678",
        "190017512345678", "le", "mon voisin refuse la noue que la mairie impose devant chez lui", "x" * 90, "!!",
    ],
)  # fmt: skip
def test_what_may_name_somebody_is_not_kept(words, make_person):
    make_person()
    assert missing.kept_of(asked(QueryDict(urlencode({"q": words})))) == ""


def test_words_of_the_trade_are_kept():
    for words in ("noue", "ZAC", "Îlot de chaleur", "RE2020", '"gestion des eaux"', "saint-denis"):
        assert missing.kept_of(asked(QueryDict(urlencode({"q": words})))), words


def test_nobody_fills_the_table(client, engine):
    for number in range(missing.MOST_A_DAY + 5):
        ask(client, f"zorglub{number:02}")
    assert Missed.objects.count() == missing.MOST_A_DAY


def test_counting_costs_the_page_a_few_statements(client, engine):
    ask(client, "autre chose")
    with CaptureQueriesContext(connection) as told:
        ask(client, "zorglub", more="&page=2")
    with CaptureQueriesContext(connection) as counting:
        ask(client, "zorglub")
    written = [one["sql"] for one in counting if "search_missed" in one["sql"]]
    assert len(written) == 2
    assert len(counting) <= len(told) + 6


def test_the_report_shows_what_was_asked_on_three_days_to_those_who_animate(client, make_person, opened):
    on_days("paturage", 1, 5, 9, count=2)
    on_days("une seule fois", 1, count=50)
    roles = {
        Role.NATIONAL_OFFICE: (Scope.NATION, ""),
        Role.CORRESPONDENT: (Scope.REGION, "53"),
        Role.FACILITATOR: (Scope.REGION, "53"),
    }
    people = [
        (role, make_person(f"a{number}@club.example", role=role, scope=scope))
        for number, (role, scope) in enumerate(roles.items())
    ]
    opened()
    for role, person in people:
        client.force_login(Person.objects.get(pk=person.pk))
        answer = client.get(REPORT)
        assert answer.status_code == 200, role
        page = answer.content.decode()
        assert "paturage" in page
        assert "une seule fois" not in page
        assert "/recherche/?q=paturage" in page
        assert ("?terms=paturage" in page) == (role == Role.NATIONAL_OFFICE), "who keeps synonyms is led to them"
    client.force_login(Person.objects.get(pk=people[0][1].pk))
    csv = client.get(f"{REPORT}?export=csv")
    assert b"paturage,6,3," in b"".join(csv)


def test_nobody_else_reads_the_report(client, make_person, organisation, opened):
    on_days("paturage", 1, 5, 9)
    author = Role.PARTNER_AUTHOR, (Scope.ORGANISATION, str(organisation.pk))
    people = [make_person("b1@club.example"), make_person("b2@club.example", role=author[0], scope=author[1])]
    opened()
    for person in people:
        client.force_login(Person.objects.get(pk=person.pk))
        for address in (REPORT, f"{REPORT}resultats/", f"{REPORT}?export=csv"):
            answer = client.get(address, follow=True)
            assert "paturage" not in answer.content.decode()
            assert answer.status_code in (200, 403, 404)
    client.logout()
    assert "paturage" not in client.get(REPORT, follow=True).content.decode()


def test_it_goes_after_thirteen_months():
    on_days("vieux", 400, 397)
    on_days("jeune", 390)
    missing.purge()
    assert [*counted()] == ["jeune"]
