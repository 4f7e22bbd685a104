import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from territories.queries import Kind, suggest

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("referential")]


def codes(text: str, **more: object) -> list[str]:
    return [found.code for found in suggest(text, **more)]  # type: ignore[arg-type]  # keyword arguments as given


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("nantes", "44109"), ("NANTE", "244400404"), ("saint etienne", "42218"), ("St-Étienne", "42218"),
        ("st-etienne", "42218"), ("lhay", "94038"), ("L’Haÿ", "94038"), ("l'hay", "94038"), ("l hay", "94038"),
        ("rochelle", "17300"), ("La Rochelle", "17300"), ("mans", "72181"), ("le mans", "72181"),
        ("strasb", "67482"), ("ste-marie", "97418"), ("oeuf en", "62633"), ("Œuf", "62633"),
        ("44000", "44109"), ("44 000", "44109"), ("44109", "44109"), ("2A004", "2A004"), ("2a00", "2A004"),
        ("20033", "2B033"), ("44", "44"), ("val d'oi", "95"), ("bretagn", "53"), ("244400404", "244400404"),
        ("caen", "14118"), ("nantes métropole", "244400404"), ("pays de landivis", "242900751"),
        ("Y", "80829"), ("paris", "75056"),
    ],
)  # fmt: skip
def test_what_one_means_comes_first(typed: str, first: str) -> None:
    assert codes(typed)[0] == first


def test_exact_then_beginning_then_a_word_then_population() -> None:
    found = [one.name for one in suggest("mans", kinds=[Kind.COMMUNE, Kind.EPCI], limit=40)]
    exact, beginning, a_word = found.index("Le Mans"), found.index("Mansac"), found.index("CU Le Mans Métropole")

    assert exact == 0
    assert exact < beginning < a_word
    namesakes = suggest("saint-denis", kinds=[Kind.COMMUNE], limit=4)
    assert [one.code for one in namesakes] == ["97411", "93066", "11339", "30247"]  # 153,000 down to 300 people


def test_st_is_saint_and_may_become_strasbourg() -> None:
    assert {"42218", "67482"} <= set(codes("st"))


def test_a_former_commune_leads_to_the_one_of_today_and_says_so() -> None:
    (found, *_) = suggest("Arbignieu")

    assert found == ("commune", "01015", "Arboys en Bugey", "Ain (01), commune déléguée : Arbignieu")


def test_arrondissements_lead_to_their_commune_once() -> None:
    assert codes("paris", kinds=[Kind.COMMUNE]).count("75056") == 1
    assert codes("75014")[0] == "75056"


def test_only_the_kinds_asked_for() -> None:
    for kind in Kind:
        assert {found.kind for found in suggest("loire", kinds=[kind])} <= {str(kind)}
    assert codes("la réunion", kinds=[Kind.REGION]) == ["04"]
    assert suggest("loire", kinds=[]) == []


def test_namesakes_are_told_apart() -> None:
    assert {found.detail for found in suggest("saint-denis")[:4]} >= {"La Réunion (974)", "Seine-Saint-Denis (93)"}


@pytest.mark.parametrize("typed", ["nantes", "s", "saint", "44", "loire", "zzz", "20033"])
def test_at_most_five_queries(typed: str, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(5):  # type: ignore[operator]  # pytest-django does not export its type
        suggest(typed)


def test_one_query_for_the_keys_and_one_for_each_kind(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2):
        assert {found.kind for found in suggest("44000")} == {"commune"}
    with django_assert_num_queries(1):
        assert suggest("nulle part au monde") == []
    with django_assert_num_queries(0):
        assert suggest("  '’ -") == []


@pytest.mark.parametrize("typed", ["saint", "st", "44", "nantes"])
def test_keys_are_found_by_their_index_at_volume(typed: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        suggest(typed)
    asked = captured.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{explain} {asked}")
        plan = "\n".join(str(row) for row in cursor.fetchall())

    assert "territories_searchkey_text" in plan
    assert "Seq Scan" not in plan
    assert "SCAN territories_searchkey" not in plan


HOSTILE = ["\x00", "nan\x00tes", "a" * 10_000, "'" * 10_000, "\"'; DROP TABLE x; --", "%", "_", "n%", "n_ntes", "🏙️",
           "\ud800", "(" * 5_000, "٤٤", "²", "\u202e", "[a-z]*", "\\", "nantes\\%", "9" * 100]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_text_is_only_text(typed: str) -> None:
    assert len(suggest(typed)) <= 10


def test_one_character_finds_only_what_is_called_so() -> None:
    assert codes("n") == []
    assert codes("y") == ["80829"]


def test_only_the_first_hundred_characters_count() -> None:
    assert codes("nantes" + " " * 200 + "nulle part")[0] == "44109"


def test_wildcards_are_not_wild() -> None:
    assert suggest("n_ntes") == suggest("n ntes")
    assert suggest("%") == []
    assert suggest("n%es") == suggest("n es")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_no_text_raises(text: str) -> None:
    found = suggest(text)
    assert len({(one.kind, one.code) for one in found}) == len(found)


def test_the_address_answers_json_that_browsers_may_keep(client: Client) -> None:
    answer = client.get("/territoires/suggestions", {"q": "nantes"})

    assert answer.status_code == 200
    assert "public" in answer["Cache-Control"]
    assert "max-age=" in answer["Cache-Control"]
    assert answer.json()["suggestions"][0] == {
        "kind": "commune",
        "code": "44109",
        "name": "Nantes",
        "detail": "Loire-Atlantique (44)",
    }
    assert len(answer.content) < 2_000
    assert not answer.cookies


def test_the_address_refuses_what_it_cannot_answer(client: Client) -> None:
    too_long = client.get("/territoires/suggestions", {"q": "a" * 101})

    assert too_long.status_code == 400
    assert "100 caractères" in too_long.json()["error"]
    assert client.get("/territoires/suggestions", {"q": "a", "kind": "person"}).status_code == 400
    assert client.post("/territoires/suggestions", {"q": "a"}).status_code == 405
    assert client.get("/territoires/suggestions").json() == {"suggestions": []}
    narrowed = client.get("/territoires/suggestions", {"q": "loire", "kind": ["epci", "region"]}).json()
    assert {one["kind"] for one in narrowed["suggestions"]} == {"epci", "region"}


@pytest.mark.parametrize("typed", HOSTILE[:2] + HOSTILE[4:10])
def test_the_address_survives_hostile_text(client: Client, typed: str) -> None:
    assert client.get("/territoires/suggestions", {"q": typed}).status_code == 200
