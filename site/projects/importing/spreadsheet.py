"""The rows of an XLSX, read as a stream, after a look at the archive that holds it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from projects.importing.refusal import ImportRefused

MAX_UNPACKED = 150_000_000
MAX_STRINGS = 30_000_000  # openpyxl holds the table of texts in memory
MAX_RATIO = 200  # a sheet of text shrinks 10 to 40 times, a bomb a thousand
MAX_ENTRIES = 500
_NOT_A_WORKBOOK = "Ce fichier n’est pas un classeur XLSX lisible : enregistrez-le de nouveau, ou en CSV UTF-8."


def rows(path: Path, limit: int) -> Iterator[list[str]]:
    """Yield the rows of the first sheet as texts, at most `limit` and the headings.

    Raises `ImportRefused`: not a workbook, a bomb, merged cells, a formula.
    """
    _check_archive(path)
    try:
        with path.open("rb") as file:  # not the path: openpyxl refuses a name without .xlsx
            book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows()):
                if number > limit:
                    return
                yield _texts(number, cells)
    except ImportRefused:
        raise
    except Exception as error:
        # openpyxl lets dozens of kinds of errors through, defusedxml its own for entities: none of them is ours.
        raise ImportRefused(_NOT_A_WORKBOOK) from error


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            greedy = any(
                entry.file_size > 1_000_000 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
                for entry in entries
            )
            strings = sum(entry.file_size for entry in entries if entry.filename.endswith("sharedStrings.xml"))
            if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or strings > MAX_STRINGS or greedy:
                raise ImportRefused(
                    "Le classeur est anormalement grand une fois décompressé : enregistrez-le en CSV UTF-8."
                )
            if "xl/workbook.xml" not in archive.namelist():
                raise ImportRefused(_NOT_A_WORKBOOK)
            for entry in entries:
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", entry.filename) and _merges(archive, entry):
                    raise ImportRefused("Le classeur contient des cellules fusionnées : séparez-les avant l’import.")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ImportRefused(_NOT_A_WORKBOOK) from error


_merge = re.compile(rb"<(?:\w{1,20}:)?mergeCell[ />]")


def _merges(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether a sheet has merged cells, whatever prefix its program gives to the names."""
    tail = b""
    with archive.open(entry) as stream:
        while block := stream.read(1 << 16):
            if _merge.search(tail + block):
                return True
            tail = block[-40:]
    return False


def _texts(number: int, cells: tuple[Any, ...]) -> list[str]:
    texts = []
    for cell in cells:
        if cell.data_type == "f":
            raise ImportRefused(f"Ligne {number} : une cellule contient une formule. Remplacez-la par sa valeur.")
        texts.append(_text(cell.value))
    return texts


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    return str(value)
