"""The eight pitfalls of the official file, each on the file that ships with the site."""

import pytest
from django.db.models import Count

from territories.models import Commune, Department, Epci, FormerCode, Region
from territories.names import normalise
from territories.resolution import How, Resolver, resolve_code, resolve_name

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("referential")]


def test_1_a_code_may_name_a_commune_and_a_part_of_it_so_the_key_is_type_and_code() -> None:
    doubled = Commune.objects.values("code").annotate(times=Count("id")).filter(times=2)

    assert Commune.objects.count() == 37_590
    assert doubled.count() == 584
    assert Commune.objects.get(code="01015", type="current").name == "Arboys en Bugey"
    assert Commune.objects.get(code="01015", type="delegated").name == "Arbignieu"


def test_2_codes_are_text_and_regions_share_codes_with_departments() -> None:
    assert Commune.objects.of_today().get(code="01004").name == "Ambérieu-en-Bugey"
    assert Commune.objects.of_today().get(code="2A004").department_id == "2A"
    assert Commune.objects.of_today().get(code="97105").department_id == "971"
    shared = {"01", "02", "03", "04", "06"}
    assert {code: Region.objects.get(code=code).name for code in shared}["01"] == "Guadeloupe"
    assert Department.objects.filter(code__in=shared).count() == 5
    assert Department.objects.get(code="01").name == "Ain"


@pytest.mark.parametrize(
    ("code", "today"),
    [("20033", "2B033"), ("20B033", "2B033"), ("20004", "2A004"), ("75059", "93066"), ("91182", "91228")],
)
def test_3_codes_of_yesterday_lead_to_the_commune_of_today(code: str, today: str) -> None:
    found = resolve_code(code)

    assert found is not None
    assert found.code == today
    assert FormerCode.objects.count() == 4_240


def test_3_corsica_under_its_old_departments() -> None:
    for department in ("20B", "20", "2B"):
        found = resolve_name("Bastia", department)
        assert found is not None
        assert found.code == "2B033"


@pytest.mark.parametrize(
    ("code", "today", "how"),
    [
        ("59355", "Lille", How.ASSOCIATED),
        ("75114", "Paris", How.DISTRICT),
        ("69383", "Lyon", How.DISTRICT),
        ("13201", "Marseille", How.DISTRICT),
        ("44004", "Vair-sur-Loire", How.DELEGATED),
    ],
)
def test_4_parts_of_communes_lead_to_the_whole(code: str, today: str, how: How) -> None:
    match = Resolver().by_code(code)

    assert match is not None
    assert (match.commune.name, match.how) == (today, how)
    assert Commune.objects.exclude(type="current").filter(head=None).count() == 0


def test_5_some_communes_have_no_epci_no_siren_and_no_population() -> None:
    alone = Commune.objects.of_today().filter(epci=None)

    assert alone.count() == 98
    assert set(alone.exclude(siren="").values_list("name", flat=True)) == {
        "Île-de-Bréhat", "Île-de-Sein", "Ouessant", "L'Île-d'Yeu",
    }  # fmt: skip
    assert Commune.objects.get(code="55039").population == 0
    assert Commune.objects.get(code="98901").population is None


def test_6_every_epci_has_one_region_even_where_its_members_span_two() -> None:
    spanning = Epci.objects.annotate(regions=Count("communes__region", distinct=True)).filter(regions__gt=1)

    assert spanning.count() == 26
    for epci in spanning:
        people: dict[str, int] = {}
        for region, population in epci.communes.values_list("region_id", "population"):
            people[region] = people.get(region, 0) + (population or 0)
        assert epci.region_id == max(people, key=lambda region: people[region])
    assert all(epci.department.region_id == epci.region_id for epci in Epci.objects.select_related("department"))


def test_6_greater_paris_is_a_metropole_with_territories_inside_except_paris() -> None:
    saint_denis = Commune.objects.of_today().select_related("epci", "ept").get(code="93066")

    assert saint_denis.epci is not None
    assert saint_denis.epci.name == "Métropole du Grand Paris"
    assert saint_denis.ept is not None
    assert saint_denis.ept.name == "Plaine Commune"
    paris = Commune.objects.of_today().get(code="75056")
    assert (paris.epci_id, paris.ept_id) == (saint_denis.epci_id, None)


def test_7_names_repeat_but_never_inside_a_department_even_normalised() -> None:
    today = Commune.objects.of_today()
    repeated = today.values("name").annotate(times=Count("id")).filter(times__gt=1)
    inside = today.values("search_name", "department").annotate(times=Count("id")).filter(times__gt=1)

    assert repeated.count() == 1_441
    assert list(inside) == []
    bors = resolve_name("Bors (Canton de Charente-Sud)", "16")
    assert bors is not None
    assert bors.code == "16053"


def test_7_postal_codes_are_shared_and_several() -> None:
    assert Commune.objects.of_today().get(code="44109").postal_codes == "44000 44100 44200 44300"
    assert Commune.objects.of_today().filter(postal_codes__contains="01500").count() > 1


@pytest.mark.parametrize(
    ("written", "department", "code"),
    [
        ("Riche (La)", "37", "37195"),
        ("Isle d'Abeau (L')", "38", "38193"),
        ("Morne-à-l’Eau", "971", "97116"),
        ("Périgueux (CA Périgourdine)", "24", "24322"),
        ("Bordeaux\nCommunauté urbaine de Bordeaux", "33", "33063"),
        ("SAINT DENIS LES BOURGS", "01", None),
        ("St Denis lès Bourg", "1", "01344"),
        ("Ste-Bazeille (Val Garonne Agglomération)", "47", "47233"),
        ("Sacy coeur", "60", None),
        ("Épinay sous Sénart", "91", "91215"),
    ],
)
def test_8_names_written_by_hand_are_normalised_before_they_are_compared(
    written: str, department: str, code: str | None
) -> None:
    found = resolve_name(written, department)

    assert (found and found.code) == code
    assert normalise("Œuilly") == "oeuilly"
