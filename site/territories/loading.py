"""Loading the shipped referential into the database: whole, repeatable, and nothing to do when it is there already."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from changes import change
from django.db import connection
from django.db.models import Model

from territories import datafile
from territories.comparison import FIELDS, Comparison, TableComparison, compare
from territories.datafile import Referential
from territories.models import Commune, FormerCode, ReferentialVersion, SearchKey
from territories.search_keys import Key, search_keys

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


def _write(referential: Referential, comparison: Comparison, keys: list[Key], report: Report) -> None:
    former = sum(len(row.former_codes.split()) for row in referential.communes)
    total = sum(len(table.to_write) for table in comparison.tables.values()) + former + len(keys)
    done = 0
    for message, model, rows in _batches(referential, comparison, keys):
        if model is SearchKey:
            _insert_keys(rows)
        else:
            _upsert(model, rows)
        done += len(rows)
        report(done, total, message)
    _lead_vanished_on(comparison)
    if connection.vendor == "postgresql":
        # Else the planner knows nothing of 150,000 new rows until autovacuum comes by, and reads them all.
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {SearchKey._meta.db_table}, {Commune._meta.db_table}")


def _batches(
    referential: Referential, comparison: Comparison, keys: list[Key]
) -> Iterator[tuple[str, type[Model], Sequence[Any]]]:
    """What to write, in the order that foreign keys ask for; each part is made when the one before is in."""
    for model, table in comparison.tables.items():
        if model is not Commune:
            rows = [
                model(code=code, first_seen=referential.millesime, **row) for code, row in table.to_write.items()
            ]
            yield f"{model._meta.verbose_name_plural}".capitalize(), model, rows
    communes = comparison.tables[Commune]
    yield from _sliced("Communes", Commune, _communes(communes, referential.millesime, whole=True))
    yield from _sliced("Communes déléguées", Commune, _communes(communes, referential.millesime, whole=False))
    ids = _ids_of_whole_communes()
    former = [
        FormerCode(code=code, commune_id=ids[row.code])
        for row in referential.communes
        if not row.head
        for code in row.former_codes.split()
    ]
    yield "Anciens codes", FormerCode, former
    SearchKey.objects.all().delete()
    yield from _sliced("Recherche", SearchKey, keys)


def _sliced(
    message: str, model: type[Model], rows: Sequence[Any]
) -> Iterator[tuple[str, type[Model], Sequence[Any]]]:
    for start in range(0, len(rows), _ROWS_PER_REPORT):
        yield message, model, rows[start : start + _ROWS_PER_REPORT]


def _communes(table: TableComparison, millesime: int, *, whole: bool) -> list[Commune]:
    ids = {None: None} if whole else {None: None, **_ids_of_whole_communes()}
    made = []
    for key, row in table.to_write.items():
        values = dict(row)
        head = values.pop("head__code")
        if (key[0] == Commune.Type.CURRENT) is whole:
            made.append(Commune(type=key[0], code=key[1], head_id=ids[head], first_seen=millesime, **values))
    return made


def _ids_of_whole_communes() -> dict[str, int]:
    return dict(Commune.objects.filter(type=Commune.Type.CURRENT).values_list("code", "id"))


def _upsert(model: type[Model], rows: Sequence[Any]) -> None:
    if model is FormerCode:
        unique, names = ["code"], ["commune"]
    else:
        unique = ["type", "code"] if model is Commune else ["code"]
        names = [name.removesuffix("__code").removesuffix("_id") for name in FIELDS[model]]
        names.append("last_seen")
    model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=names)


def _insert_keys(keys: Sequence[Key]) -> None:
    """Write search keys without making 140,000 model objects of them: bulk_create alone took 6 s of a load of 14."""
    table = SearchKey._meta.db_table
    columns = "text, rank, population, kind, code"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for key in keys:
                    copy.write_row(key)
        else:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES (%s, %s, %s, %s, %s)", keys)


def _lead_vanished_on(comparison: Comparison) -> None:
    """Point communes that left the file to the one that followed them (at most some dozens a year)."""
    ids = _ids_of_whole_communes() if comparison.vanished else {}
    for row in comparison.vanished:
        Commune.objects.filter(type=row.type, code=row.code).update(head_id=ids.get(row.head or ""))
