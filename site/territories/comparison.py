"""What a millésime would change in the database, worked out before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from territories.datafile import CommuneRow, Referential
from territories.models import Commune, Department, Epci, Ept, Region, Unit
from territories.names import normalise

Row = dict[str, Any]
Key = str | tuple[str, str]

# What a file says of a unit. `head` of a commune is a code here: ids are known only after the whole communes are in.
FIELDS: dict[type[Unit], tuple[str, ...]] = {
    Region: ("name", "search_name", "population"),
    Department: ("name", "search_name", "population", "region_id"),
    Epci: ("name", "search_name", "population", "type", "region_id", "department_id"),
    Ept: ("name", "search_name", "population", "department_id"),
    Commune: (
        "name", "search_name", "population", "department_id", "region_id", "epci_id", "ept_id", "siren",
        "postal_codes", "head__code",
    ),
}  # fmt: skip


@dataclass
class TableComparison:
    """One table: rows to write by key (`last_seen` moves on even where nothing else does), and how many of which."""

    to_write: dict[Key, Row] = field(default_factory=dict)
    added: int = 0
    changed: int = 0
    gone: int = 0


@dataclass
class Comparison:
    tables: dict[type[Unit], TableComparison]
    vanished: list[CommuneRow]


def compare(referential: Referential) -> Comparison:
    """Return what loading `referential` would write. SQL queries: one per table of units (5), whole."""
    before = {model: _stored(model) for model in FIELDS}
    tables = {
        model: _table(wanted, before[model], referential.millesime) for model, wanted in _wanted(referential).items()
    }
    return Comparison(tables, _vanished(referential, before[Commune]))


def _stored(model: type[Unit]) -> dict[Key, Row]:
    names = (*FIELDS[model], "last_seen")
    keys = ("type", "code") if model is Commune else ("code",)
    rows = model._default_manager.values_list(*keys, *names)
    if model is Commune:
        return {(row[0], row[1]): dict(zip(names, row[2:], strict=True)) for row in rows}
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}


def _table(wanted: dict[Key, Row], before: dict[Key, Row], millesime: int) -> TableComparison:
    table = TableComparison()
    for key, row in wanted.items():
        row["last_seen"] = millesime
        old = before.get(key)
        if old == row:
            continue
        table.to_write[key] = row
        if old is None:
            table.added += 1
        elif {**old, "last_seen": millesime} != row:
            table.changed += 1
    latest = max((row["last_seen"] for row in before.values()), default=None)
    table.gone = sum(row["last_seen"] == latest for key, row in before.items() if key not in wanted)
    return table


def _wanted(referential: Referential) -> dict[type[Unit], dict[Key, Row]]:
    region_of = {row.code: row.region for row in referential.departments}
    return {
        Region: {row.code: _unit(row.name, row.population) for row in referential.regions},
        Department: {
            row.code: _unit(row.name, row.population) | {"region_id": row.region} for row in referential.departments
        },
        Epci: {
            row.code: _unit(row.name, row.population)
            | {"type": row.type, "region_id": row.region, "department_id": row.department}
            for row in referential.epcis
        },
        Ept: {
            row.code: _unit(row.name, row.population) | {"department_id": row.department} for row in referential.epts
        },
        Commune: {(row.type, row.code): _commune(row, region_of) for row in referential.communes},
    }


def _unit(name: str, population: int | None) -> Row:
    return {"name": name, "search_name": normalise(name), "population": population}


def _commune(row: CommuneRow, region_of: dict[str, str]) -> Row:
    return _unit(row.name, row.population) | {
        "department_id": row.department,
        "region_id": region_of[row.department],
        "epci_id": row.epci,
        "ept_id": row.ept,
        "siren": row.siren,
        "postal_codes": row.postal_codes,
        "head__code": row.head,
    }


def _vanished(referential: Referential, before: dict[Key, Row]) -> list[CommuneRow]:
    """Communes that we know and the file lacks, each with the code of the commune of today that followed it, if any."""
    leads_to = _successors(referential.communes)
    present = {(row.type, row.code) for row in referential.communes}
    gone = [_as_row(key, row) for key, row in before.items() if isinstance(key, tuple) and key not in present]
    # Its own code first; else the commune that it belonged to, which may have been merged in its turn.
    return [replace(row, head=leads_to.get(row.code) or leads_to.get(row.head or "")) for row in gone]


def _successors(communes: Iterable[CommuneRow]) -> dict[str, str]:
    """Any code of the file → the code of the commune of today that bears it now or has taken it over."""
    former = {code: row.code for row in communes if not row.head for code in row.former_codes.split()}
    parts = {row.code: row.head for row in communes if row.head}
    return former | parts | {row.code: row.code for row in communes if not row.head}


def _as_row(key: tuple[str, str], row: Row) -> CommuneRow:
    return CommuneRow(
        type=key[0], code=key[1], name=row["name"], population=row["population"], department=row["department_id"],
        epci=row["epci_id"], ept=row["ept_id"], head=row["head__code"], siren=row["siren"],
        postal_codes=row["postal_codes"], former_codes="",
    )  # fmt: skip
