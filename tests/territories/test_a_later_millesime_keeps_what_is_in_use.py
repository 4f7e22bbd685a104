from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from changes.models import JournalLine
from territories.datafile import BadDataFile
from territories.loading import Counts, OlderReferential, load_referential
from territories.models import Commune, Department, FormerCode, ReferentialVersion, SearchKey
from territories.queries import suggest
from territories.resolution import How, Resolver, resolve_code, resolve_name

pytestmark = [pytest.mark.storage, pytest.mark.usefixtures("no_referential")]

Load = Callable[..., Any]
Make = Callable[..., dict[str, Any]]


def test_a_second_load_does_nothing(
    load: Load, commune: Make, data_file: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    journal = JournalLine.objects.count()
    first = load([commune("01001", "Une"), commune("01002", "Deux")])
    rows = list(Commune.objects.values_list()) + list(SearchKey.objects.values_list())
    version = ReferentialVersion.objects.get()

    assert first.counts["Commune"] == Counts(added=2, changed=0, gone=0)
    with django_assert_num_queries(1):
        assert load_referential(path=data_file).already_there
    assert list(Commune.objects.values_list()) + list(SearchKey.objects.values_list()) == rows
    assert ReferentialVersion.objects.get().loaded_at == version.loaded_at
    assert JournalLine.objects.count() == journal + 1


def test_the_same_year_corrected_keeps_ids(load: Load, commune: Make) -> None:
    load([commune("01001", "Unne"), commune("01002", "Deux")])
    ids = dict(Commune.objects.values_list("code", "id"))
    report = load([commune("01001", "Une"), commune("01002", "Deux")])

    assert report.counts["Commune"] == Counts(added=0, changed=1, gone=0)
    assert dict(Commune.objects.values_list("code", "id")) == ids
    assert [found.name for found in suggest("un")] == ["Une"]


def test_a_merged_commune_keeps_its_row_and_leads_to_the_new_one(load: Load, commune: Make) -> None:
    load([commune("01001", "Une"), commune("01002", "Deux")])
    kept = Commune.objects.get(code="01002").pk
    report = load([commune("01001", "Une et Deux", anciensCodes=["01002"])], year=2027)

    assert report.counts["Commune"] == Counts(added=0, changed=1, gone=1)
    old, new = Commune.objects.get(pk=kept), Commune.objects.get(code="01001")
    assert (old.first_seen, old.last_seen, old.head) == (2026, 2026, new)
    assert (new.first_seen, new.last_seen, new.name) == (2026, 2027, "Une et Deux")
    assert list(Commune.objects.of_today()) == [new]
    assert resolve_code("01002") == new
    assert resolve_name("Deux", "01") == new
    match = Resolver().by_code("01002")
    assert match is not None
    assert match.how == How.FORMER_CODE
    assert [(found.code, found.detail) for found in suggest("deux")] == [
        ("01001", "Ain (01), ancienne commune : Deux"),
    ]


def test_two_mergers_in_a_row_lead_to_the_last(load: Load, commune: Make) -> None:
    load([
        commune("01001", "Une"), commune("01002", "Deux"), commune("01003", "Trois"),
        commune("01004", "Partie", type="commune-deleguee", chefLieu="01002"),
    ])  # fmt: skip
    load([commune("01001", "Une", anciensCodes=["01002"]), commune("01003", "Trois")], year=2027)
    load([commune("01003", "Trois", anciensCodes=["01001"])], year=2028)

    last = Commune.objects.get(code="01003")
    for code in ("01001", "01002", "01004"):
        assert resolve_code(code) == last, code
        assert Commune.objects.get(code=code).head == last
    match = Resolver().by_code("01004")
    assert match is not None
    assert match.commune.code == "01003"


def test_a_commune_that_nobody_followed_stays_but_is_not_of_today(load: Load, commune: Make) -> None:
    load([commune("01001", "Une"), commune("01002", "Deux")])
    load([commune("01001", "Une")], year=2027)

    assert Commune.objects.get(code="01002").head is None
    assert resolve_code("01002") is None
    assert resolve_name("Deux", "01") is None
    assert suggest("deux") == []
    assert suggest("01002") == []


def test_a_commune_that_comes_back_is_of_today_again(load: Load, commune: Make) -> None:
    load([commune("01001", "Une"), commune("01002", "Deux")])
    load([commune("01001", "Une", anciensCodes=["01002"])], year=2027)
    load([commune("01001", "Une"), commune("01002", "Deux")], year=2028)

    back = Commune.objects.get(code="01002")
    assert (back.first_seen, back.last_seen, back.head) == (2026, 2028, None)
    assert resolve_code("01002") == back
    assert FormerCode.objects.count() == 1


def test_an_earlier_millesime_is_refused(load: Load, commune: Make) -> None:
    load([commune("01001", "Une")], year=2027)
    with pytest.raises(OlderReferential):
        load([commune("01002", "Deux")], year=2026)
    assert Commune.objects.get().code == "01001"


def test_a_damaged_file_changes_nothing(load: Load, commune: Make, data_file: Path) -> None:
    load([commune("01001", "Une")])
    for bad in (b"", b"\x00" * 100, data_file.read_bytes()[:-40]):
        data_file.write_bytes(bad)
        with pytest.raises(BadDataFile):
            load_referential(path=data_file)
    assert Commune.objects.get().name == "Une"


def test_a_load_that_fails_leaves_nothing_behind(load: Load, commune: Make) -> None:
    def fails_late(done: int, total: int, message: str) -> None:
        if message == "Recherche":
            raise RuntimeError("cut")

    with pytest.raises(RuntimeError):
        load([commune("01001", "Une")], fails_late)
    assert not Commune.objects.exists()
    assert not Department.objects.exists()
    assert not ReferentialVersion.objects.exists()


def test_progress_goes_from_little_to_all(load: Load, commune: Make) -> None:
    seen: list[tuple[int, int, str]] = []
    load([commune("01001", "Une", anciensCodes=["01009"])], lambda *said: seen.append(said))

    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert seen[-1][0] == seen[-1][1]
    assert len({total for _, total, _ in seen}) == 1
