"""From a file that somebody sent to clean rows, or one clear sentence that says why not. Memory stays flat."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from projects.importing import spreadsheet
from projects.importing.columns import CODE, COLUMNS, NAME, TOWN, heading
from projects.importing.refusal import ImportRefused

MAX_BYTES = 20_000_000
MAX_LINES = 20_000
MAX_CELL = 5_000
_NUMBER = re.compile(r"[+]?[\d\s.,]+%?")


class Row(NamedTuple):
    """A record of the file: its number (the first under the headings is 1) and its cells by heading."""

    number: int
    cells: dict[str, str]


class Spool:
    """The rows of a file that was read to its end and found good, kept in a temporary file."""

    def __init__(self) -> None:
        self._file: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - lives as long as we do
        self.count = 0
        self.filler = 0
        self.sha256 = ""

    def add(self, row: Row) -> None:
        """Keep a row."""
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.count += 1

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        for line in self._file:
            number, cells = json.loads(line)
            yield Row(number, cells)

    def close(self) -> None:
        """Forget the rows."""
        self._file.close()


def read(path: Path) -> Spool:
    """Read a CSV or XLSX with exactly the columns of the list; filler rows (no place, no name) are counted and dropped.

    Raises `ImportRefused` with one French sentence: empty, too large, of another type, not UTF-8, other columns, too
    many lines, a giant cell, a formula (`=`, `@`, or `+` before anything but a number), merged cells, a bomb.
    """
    size = path.stat().st_size
    if size == 0:
        raise ImportRefused("Le fichier est vide.")
    if size > MAX_BYTES:
        raise ImportRefused(f"Le fichier pèse plus de {MAX_BYTES // 1_000_000} Mo : découpez-le.")
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK\x03\x04"):
        rows = spreadsheet.rows(path, MAX_LINES + 1)
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportRefused(
            "Ce classeur est d’un ancien format (.xls) ou protégé par un mot de passe : "
            "enregistrez-le en .xlsx ou en CSV UTF-8."
        )
    else:
        rows = _csv_rows(path)
    spool = Spool()
    try:
        _fill(spool, rows)
    except BaseException:
        spool.close()
        raise
    with path.open("rb") as file:
        spool.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return spool


def _fill(spool: Spool, rows: Iterable[list[str]]) -> None:
    iterator = iter(rows)
    columns = _columns(next(iterator, []))
    for number, values in enumerate(iterator, start=1):
        if number > MAX_LINES:
            raise ImportRefused(f"Le fichier compte plus de {MAX_LINES:,} lignes : découpez-le.".replace(",", "\u202f"))
        row = _row(number, columns, values)
        if row.cells[CODE] or row.cells[TOWN] or row.cells[NAME]:
            spool.add(row)
        else:
            spool.filler += 1
    if not spool.count:
        raise ImportRefused("Le fichier ne contient aucun projet sous ses titres de colonnes.")


def _columns(first: list[str]) -> list[str]:
    """The headings, which must be those of the list: all, no other, none twice. Their order is free."""
    found = [heading(text) for text in first]
    while found and not found[-1]:
        found.pop()
    if len(found) == 1 and found[0].count(";") > 5:
        raise ImportRefused(
            "Les colonnes sont séparées par des points-virgules : enregistrez en CSV avec des virgules."
        )
    missing = [name for name in COLUMNS if name not in found]
    extra = [name or "(sans titre)" for name in found if name not in COLUMNS]
    twice = sorted({name for name in found if found.count(name) > 1} - set(extra))
    wrong = [
        f"{what} : {', '.join(f'« {name[:40]} »' for name in names[:6])}{'…' if len(names) > 6 else ''}"
        for what, names in (("colonnes absentes", missing), ("colonnes en trop", extra), ("colonnes en double", twice))
        if names
    ]
    if wrong:
        raise ImportRefused(f"Les colonnes ne sont pas celles de la liste ({' ; '.join(wrong)}).")
    return found


def _row(number: int, columns: list[str], values: list[str]) -> Row:
    if len(values) > len(columns) and any(value.strip() for value in values[len(columns) :]):
        raise ImportRefused(f"Ligne {number} : {len(values)} cellules pour {len(columns)} colonnes.")
    values = values + [""] * (len(columns) - len(values))
    cells = {}
    for name, value in zip(columns, values, strict=False):
        if len(value) > MAX_CELL:
            raise ImportRefused(f"Ligne {number}, colonne « {name} » : une cellule dépasse {MAX_CELL} signes.")
        text = value.replace("\x00", "").strip()
        if text[:1] in ("=", "@") or (text[:1] == "+" and not _NUMBER.fullmatch(text)):
            raise ImportRefused(
                f"Ligne {number}, colonne « {name} » : la cellule contient une formule ({text[:20]}…). "
                "Remplacez les formules par leurs valeurs."
            )
        cells[name] = text
    return Row(number, cells)


def _csv_rows(path: Path) -> Iterator[list[str]]:
    """Records of a CSV, decoded while they are read; a mark at the start (BOM) is accepted."""
    with path.open("rb") as file:
        if b"\x00" in file.read(4096):
            raise ImportRefused("Ce fichier n’est ni un CSV en UTF-8 ni un classeur XLSX.")
    with path.open("rb") as binary:
        reader = csv.reader(io.TextIOWrapper(binary, encoding="utf-8-sig", newline=""), strict=True)
        while True:
            try:
                values = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError as error:
                raise ImportRefused(
                    f"Le fichier n’est pas en UTF-8 (vers la ligne {reader.line_num + 1}) : "
                    "enregistrez-le en « CSV UTF-8 »."
                ) from error
            except csv.Error as error:
                if "field larger" in str(error):
                    raise ImportRefused(
                        f"Ligne {reader.line_num} du fichier : une cellule dépasse {MAX_CELL} signes."
                    ) from error
                raise ImportRefused(
                    f"Ligne {reader.line_num} du fichier : les guillemets du CSV sont mal fermés."
                ) from error
            yield values
