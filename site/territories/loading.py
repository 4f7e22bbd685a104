"""Loading the shipped referential into the database: whole, repeatable, and nothing to do when it is there already."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.db import connection
from django.db.models import Model

from changes import change
from territories import bulk, datafile
from territories.comparison import Comparison, Key, Row, compare
from territories.datafile import Referential
from territories.models import Commune, FormerCode, ReferentialVersion, SearchKey, Unit
from territories.search_keys import Key as SearchRow
from territories.search_keys import search_keys

Report = Callable[[int, int, str], None]

# Raise it when the same file must be loaded again because what we make of it changed (search keys, normalised names).
LOADER_REVISION = 1
_ROWS_PER_REPORT = 5_000


class OlderReferential(Exception):
    """The file is of an earlier millésime than what is loaded: going back would undo mergers."""


@dataclass(frozen=True)
class Counts:
    added: int
    changed: int
    gone: int


@dataclass
class LoadReport:
    """What a load did: counts by table (model name), or that there was nothing to do; `seconds` is how long it took."""

    millesime: int
    already_there: bool = False
    counts: dict[str, Counts] = field(default_factory=dict)
    search_keys: int = 0
    seconds: float = 0.0


def load_referential(report: Report | None = None, path: Path = datafile.DATA_FILE) -> LoadReport:
    """Load the referential at `path` and say what changed. Whole or not at all; a second call does nothing.

    Units of a later millésime are added or updated; units that it lacks stay, with their old `last_seen`, and lead to
    the commune that followed them where the file knows it. All reading comes before the transaction, because on SQLite
    that transaction holds up every other writer. `report(done, total, message)` is called with the rows written, of
    all rows, and a sentence in French; it runs inside the transaction and must not write.

    Raises `OlderReferential` and `datafile.BadDataFile`, in both cases with nothing written.
    """
    begun = time.monotonic()
    data = path.read_bytes()
    checksum = datafile.checksum(data + f" loader {LOADER_REVISION}".encode())
    version = ReferentialVersion.objects.first()
    if version and version.checksum == checksum:
        return LoadReport(version.millesime, already_there=True, seconds=time.monotonic() - begun)
    referential = datafile.from_bytes(data)
    _refuse_older(referential, version)
    comparison = compare(referential)
    keys = search_keys(referential, comparison.vanished)
    result = LoadReport(referential.millesime, counts=_counts(comparison), search_keys=len(keys))
    with change(by="system") as c:
        version, _ = ReferentialVersion.objects.select_for_update().get_or_create(
            id=1, defaults={"millesime": referential.millesime, "checksum": "", "source": referential.source}
        )
        # Whoever waited for that lock may find the work done.
        if version.checksum == checksum:
            return LoadReport(version.millesime, already_there=True, seconds=time.monotonic() - begun)
        _refuse_older(referential, version)
        _write(referential, comparison, keys, report or _silent)
        before = {"millesime": version.millesime, "source": version.source} if version.checksum else None
        version.millesime, version.checksum, version.source = referential.millesime, checksum, referential.source
        version.save()
        after = {"millesime": version.millesime, "source": version.source}
        c.log("load", "referential", version.millesime, before=before, after=after)
    result.seconds = time.monotonic() - begun
    return result


def _refuse_older(referential: Referential, version: ReferentialVersion | None) -> None:
    if version and referential.millesime < version.millesime:
        raise OlderReferential(f"{version.millesime} is loaded, the file is of {referential.millesime}.")


def _silent(done: int, total: int, message: str) -> None:
    """Report to nobody."""


def _counts(comparison: Comparison) -> dict[str, Counts]:
    return {
        model.__name__: Counts(table.added, table.changed, table.gone) for model, table in comparison.tables.items()
    }


def _write(referential: Referential, comparison: Comparison, keys: list[SearchRow], report: Report) -> None:
    former = sum(len(row.former_codes.split()) for row in referential.communes)
    total = sum(len(table.to_write) for table in comparison.tables.values()) + former + len(keys)
    done = 0
    for message, written in _steps(referential, comparison, keys):
        done += written
        report(done, total, message)
    if connection.vendor == "postgresql":
        # Else the planner knows nothing of 150,000 new rows until autovacuum comes by, and reads them all.
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {SearchKey._meta.db_table}, {Commune._meta.db_table}")


def _steps(referential: Referential, comparison: Comparison, keys: list[SearchRow]) -> Iterator[tuple[str, int]]:
    """Write everything in the order that foreign keys ask for; yield what was written and how many rows."""
    for model, table in comparison.tables.items():
        if model is not Commune:
            yield _plural(model), _upsert(model, [{"code": code, **row} for code, row in table.to_write.items()])
    communes = comparison.tables[Commune].to_write
    whole = [_commune(key, row, {}) for key, row in communes.items() if key[0] == Commune.Type.CURRENT]
    for part in _sliced(whole):
        yield _plural(Commune), _upsert(Commune, part)
    ids = dict(Commune.objects.filter(type=Commune.Type.CURRENT).values_list("code", "id"))
    parts = [_commune(key, row, ids) for key, row in communes.items() if key[0] != Commune.Type.CURRENT]
    yield "Communes déléguées, associées, arrondissements", _upsert(Commune, parts)
    for vanished in comparison.vanished:  # some dozens a year
        head = ids[vanished.head] if vanished.head else None
        Commune.objects.filter(type=vanished.type, code=vanished.code).update(head_id=head)
    yield _plural(FormerCode), _write_former_codes(referential, ids)
    SearchKey.objects.all().delete()
    for slice_ in _sliced(keys):
        yield "Recherche", _insert_keys(slice_)


def _plural(model: type[Model]) -> str:
    name = str(model._meta.verbose_name_plural)
    return name[0].upper() + name[1:]


T = TypeVar("T")


def _sliced(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), _ROWS_PER_REPORT):
        yield rows[start : start + _ROWS_PER_REPORT]


def _commune(key: Key, row: Row, ids: dict[str, int]) -> Row:
    values = {name: value for name, value in row.items() if name != "head__code"}
    head = row["head__code"]
    return {"type": key[0], "code": key[1], "head_id": ids[head] if head else None, **values}


def _upsert(model: type[Unit], rows: Sequence[Row]) -> int:
    """Insert units or bring those that are there up to date, by their key; `first_seen` is only ever inserted."""
    if rows:
        unique = ["type", "code"] if model is Commune else ["code"]
        values = [(*row.values(), row["last_seen"]) for row in rows]
        bulk.insert(model, [*rows[0], "first_seen"], values, unique)
    return len(rows)


def _write_former_codes(referential: Referential, ids: dict[str, int]) -> int:
    """Former codes that the file has no more stay: somebody's old list still holds them."""
    rows = [(code, ids[row.code]) for row in referential.communes if not row.head for code in row.former_codes.split()]
    bulk.insert(FormerCode, ["code", "commune_id"], rows, ["code"])
    return len(rows)


def _insert_keys(keys: Sequence[SearchRow]) -> int:
    bulk.insert(SearchKey, ["text", "rank", "population", "kind", "code"], keys)
    return len(keys)
