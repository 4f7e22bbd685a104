import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from territories.datafile import DATA_FILE, from_bytes, to_bytes
from territories.package import BadPackage, read_package

Make = Callable[..., dict[str, Any]]


def _rebuilt(package: Path, to: Path) -> bytes:
    call_command("build_referential", package=package, output=to, verbosity=0)
    return to.read_bytes()


def test_the_same_archive_gives_the_same_bytes(
    make_package: Callable[..., Path], commune: Make, tmp_path: Path
) -> None:
    package = make_package([commune("01001", "Une"), commune("01002", "Deux")])

    data = _rebuilt(package, tmp_path / "a.xz")
    assert data == _rebuilt(package, tmp_path / "b.xz")
    assert to_bytes(from_bytes(data)) == data


def test_the_order_of_the_source_does_not_count(make_package: Callable[..., Path], commune: Make) -> None:
    rows = [commune("01001", "Une", codesPostaux=["01200", "01100"]), commune("01002", "Deux")]
    one = read_package(make_package(rows))
    other = read_package(make_package([{**row, "codesPostaux": row["codesPostaux"][::-1]} for row in rows[::-1]]))

    assert one.communes == other.communes
    assert [row.code for row in one.communes] == ["01001", "01002"]


def test_the_shipped_file_is_small_and_says_where_it_comes_from() -> None:
    data = DATA_FILE.read_bytes()
    referential = from_bytes(data)

    assert len(data) < 500_000
    assert (referential.millesime, referential.source) == (2026, "@etalab/decoupage-administratif 6.0.0")
    assert referential.source_sha256 in (DATA_FILE.parent / "SOURCE.md").read_text()
    assert to_bytes(referential) == data


def test_an_epci_lives_where_most_of_its_people_do(make_package: Callable[..., Path], commune: Make) -> None:
    communes = [commune("01001", "Une"), commune("69001", "Deux"), commune("75001", "Trois")]
    people = {"01001": 30, "69001": 35, "75001": 40}
    members = [{"code": code, "populationMunicipale": number} for code, number in people.items()]
    epci = {"code": "200000001", "nom": "CC", "type": "CC", "populationMunicipale": 105, "membres": members}

    row = read_package(make_package(communes, epci=[epci])).epcis[0]
    assert (row.region, row.department) == ("84", "69")  # Paris is the largest département, not in the largest région


def test_an_archive_that_contradicts_itself_is_refused(make_package: Callable[..., Path], commune: Make) -> None:
    with pytest.raises(BadPackage, match="région"):
        read_package(make_package([commune("01001", "Une", region="11")]))


def test_a_file_that_is_no_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tgz").write_bytes(b"no archive")
    with tarfile.open(tmp_path / "b.tgz", "w:gz"):
        pass
    for name in ("a.tgz", "b.tgz", "absent.tgz"):
        with pytest.raises(CommandError, match=name):
            _rebuilt(tmp_path / name, tmp_path / "out.xz")
    assert not (tmp_path / "out.xz").exists()
