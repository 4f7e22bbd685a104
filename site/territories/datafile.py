"""The shipped data file: every unit of one millésime, in columns, as compressed JSON."""

import hashlib
import json
import lzma
from dataclasses import dataclass, field, fields
from pathlib import Path

DATA_FILE = Path(__file__).parent / "data" / "referential.json.xz"
FORMAT = 1


class BadDataFile(Exception):
    """The data file cannot be read: damaged, or of another format."""


@dataclass(frozen=True, slots=True)
class RegionRow:
    code: str
    name: str
    population: int | None


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    code: str
    name: str
    population: int | None
    region: str


@dataclass(frozen=True, slots=True)
class EpciRow:
    code: str
    name: str
    population: int | None
    type: str
    region: str
    department: str


@dataclass(frozen=True, slots=True)
class EptRow:
    code: str
    name: str
    population: int | None
    department: str


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """`head` is the code of a whole commune; lists of codes are separated by spaces."""

    type: str
    code: str
    name: str
    population: int | None
    department: str
    epci: str | None
    ept: str | None
    head: str | None
    siren: str
    postal_codes: str
    former_codes: str


@dataclass(frozen=True)
class Referential:
    """One millésime of the official referential, as our file holds it."""

    millesime: int
    source: str
    source_sha256: str
    regions: list[RegionRow] = field(default_factory=list)
    departments: list[DepartmentRow] = field(default_factory=list)
    epcis: list[EpciRow] = field(default_factory=list)
    epts: list[EptRow] = field(default_factory=list)
    communes: list[CommuneRow] = field(default_factory=list)


_TABLES = {
    "regions": RegionRow,
    "departments": DepartmentRow,
    "epcis": EpciRow,
    "epts": EptRow,
    "communes": CommuneRow,
}


def to_bytes(referential: Referential) -> bytes:
    """Return the file's bytes: the same for the same referential (columns, because they compress twice as well)."""
    head = {"format": FORMAT, **{key: getattr(referential, key) for key in ("millesime", "source", "source_sha256")}}
    tables = {name: _columns(getattr(referential, name), row) for name, row in _TABLES.items()}
    text = json.dumps({**head, **tables}, ensure_ascii=False, separators=(",", ":"))
    return lzma.compress(text.encode(), format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC64, preset=9 | lzma.PRESET_EXTREME)


def from_bytes(data: bytes) -> Referential:
    """Return the referential held by a file's bytes; raise `BadDataFile` when they are damaged."""
    try:
        content = json.loads(lzma.decompress(data))
        if content.pop("format") != FORMAT:
            raise BadDataFile("The data file has another format: rebuild it with build_referential.")
        for name, row in _TABLES.items():
            columns = content[name]
            content[name] = [row(*values) for values in zip(*(columns[part.name] for part in fields(row)), strict=True)]
        return Referential(**content)
    except (lzma.LZMAError, ValueError, KeyError, TypeError) as error:
        raise BadDataFile(f"The data file is damaged ({error}).") from error


def checksum(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _columns(rows: list[object], row: type) -> dict[str, list[object]]:
    return {part.name: [getattr(one, part.name) for one in rows] for part in fields(row)}
