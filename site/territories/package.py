"""From the npm package `@etalab/decoupage-administratif` to our referential; used to rebuild the data file only."""

import hashlib
import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from territories.datafile import CommuneRow, DepartmentRow, EpciRow, EptRow, Referential, RegionRow

Json = dict[str, Any]
Row = TypeVar("Row", RegionRow, DepartmentRow, EpciRow, EptRow)

_TYPES = {
    "commune-actuelle": "current",
    "commune-deleguee": "delegated",
    "commune-associee": "associated",
    "arrondissement-municipal": "district",
}


class BadPackage(Exception):
    """The archive is not a package that we understand; the message says what is missing or contradictory."""


def read_package(path: Path, millesime: int | None = None) -> Referential:
    """Return the referential of the npm archive at `path`; raise `BadPackage`.

    The millésime is read from the table in the package's README (« | 2026  | 6.0.0 »), its only place there, unless it
    is given. Rows are sorted by code: the order of the source does not count.
    """
    try:
        data = path.read_bytes()
        with tarfile.open(path, "r:gz") as archive:
            about = json.loads(_member(archive, "package.json"))
            readme = _member(archive, "README.md").decode() if millesime is None else ""
            tables = {
                name: json.loads(_member(archive, f"data/{name}.json"))
                for name in ("regions", "departements", "epci", "ept", "communes")
            }
        if millesime is None:
            millesime = _millesime(readme, about["version"])
        return Referential(
            millesime=millesime,
            source=f"{about['name']} {about['version']}",
            source_sha256=hashlib.sha256(data).hexdigest(),
            **_rows(tables),
        )
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise BadPackage(f"{path.name}: {error!r}") from error


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(f"package/{name}")
    if member is None:
        raise BadPackage(f"{name} is not a file")
    return member.read()


def _millesime(readme: str, version: str) -> int:
    found = re.search(rf"^\|\s*(\d{{4}})\s*\|\s*{re.escape(version)}\s*\|", readme, re.MULTILINE)
    if not found:
        raise BadPackage(f"The README does not tell the millésime of {version}: give --millesime.")
    return int(found[1])


def _rows(tables: dict[str, list[Json]]) -> dict[str, Any]:
    region_of = {row["code"]: row["region"] for row in tables["departements"]}
    people = Counter[tuple[str, str]]()
    for row in tables["communes"]:
        if region_of.get(row["departement"]) != row["region"]:
            raise BadPackage(f"{row['type']} {row['code']} is in a région that its département is not in.")
        if row["type"] == "commune-actuelle":
            people["departement", row["departement"]] += row.get("population", 0)
            people["region", row["region"]] += row.get("population", 0)
    department_of = {row["code"]: row["departement"] for row in tables["communes"] if row["type"] == "commune-actuelle"}
    return {
        "regions": _sorted(RegionRow(r["code"], r["nom"], people["region", r["code"]]) for r in tables["regions"]),
        "departments": _sorted(
            DepartmentRow(d["code"], d["nom"], people["departement", d["code"]], d["region"])
            for d in tables["departements"]
        ),
        "epcis": _sorted(_epci(row, department_of, region_of) for row in tables["epci"]),
        "epts": _sorted(
            EptRow(row["code"], row["nom"], row["populationMunicipale"], _seat(row["membres"], department_of))
            for row in tables["ept"]
        ),
        "communes": _communes(tables),
    }


def _communes(tables: dict[str, list[Json]]) -> list[CommuneRow]:
    epci_of = {member["code"]: row["code"] for row in tables["epci"] for member in row["membres"]}
    ept_of = {member["code"]: row["code"] for row in tables["ept"] for member in row["membres"]}
    rows = []
    for row in tables["communes"]:
        whole = row["type"] == "commune-actuelle"
        rows.append(
            CommuneRow(
                type=_TYPES[row["type"]],
                code=row["code"],
                name=row["nom"],
                population=row.get("population"),
                department=row["departement"],
                epci=epci_of.get(row["code"]) if whole else None,
                ept=ept_of.get(row["code"]) if whole else None,
                head=None if whole else row.get("chefLieu") or row["commune"],
                siren=row.get("siren", ""),
                postal_codes=" ".join(sorted(row.get("codesPostaux", []))),
                former_codes=" ".join(sorted(row.get("anciensCodes", []))),
            )
        )
    return sorted(rows, key=lambda row: (row.type, row.code))


def _epci(row: Json, department_of: dict[str, str], region_of: dict[str, str]) -> EpciRow:
    """The région first, then a département inside it: asked apart, the two could contradict each other."""
    members = row["membres"]
    region = _largest((region_of[department_of[one["code"]]], one["populationMunicipale"]) for one in members)
    inside = [one for one in members if region_of[department_of[one["code"]]] == region]
    return EpciRow(
        row["code"], row["nom"], row["populationMunicipale"], row["type"], region, _seat(inside, department_of)
    )


def _seat(members: list[Json], department_of: dict[str, str]) -> str:
    return _largest((department_of[one["code"]], one["populationMunicipale"]) for one in members)


def _largest(parts: Iterable[tuple[str, int]]) -> str:
    """The code with the largest sum; between equals, the smallest code."""
    sums = Counter[str]()
    for code, population in parts:
        sums[code] += population
    return min(sums, key=lambda code: (-sums[code], code))


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row.code)
