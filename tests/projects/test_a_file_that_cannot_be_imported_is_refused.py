"""Each refusal is one French sentence that says what is wrong; nothing of the file is kept."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from projects.importing import reading
from projects.importing.columns import COLUMNS
from projects.importing.reading import read
from projects.importing.refusal import ImportRefused


@pytest.fixture
def refused(tmp_path):
    """The sentence with which these bytes are refused."""

    def ask(content: bytes) -> str:
        path = tmp_path / "fichier"
        path.write_bytes(content)
        with pytest.raises(ImportRefused) as caught:
            read(path)
        return str(caught.value)

    return ask


@pytest.fixture
def as_xlsx(tmp_path):
    def write(rows, change=None):
        book = Workbook()
        book.active.append(COLUMNS)
        for cells in rows:
            book.active.append([cells[name] for name in COLUMNS])
        if change:
            change(book.active)
        path = tmp_path / "liste.xlsx"
        book.save(path)
        return path

    return write


def test_utf8_is_read_with_and_without_mark(as_csv, row):
    rows = [row("67482", "Strasbourg", "Îlot d’Été")]
    for encoding in ("utf-8", "utf-8-sig"):
        spool = read(as_csv(rows, encoding=encoding))
        assert [one.cells["Nom EcoQuartier"] for one in spool] == ["Îlot d’Été"]


def test_filler_rows_are_counted_and_dropped(as_csv, row):
    totals = dict.fromkeys(COLUMNS, "") | {"AAP 2009": "162"}
    spool = read(as_csv([row("67482", "Strasbourg"), dict.fromkeys(COLUMNS, ""), totals]))
    assert (spool.count, spool.filler) == (1, 2)


def test_another_encoding(as_csv, row, refused):
    path = as_csv([row("67482", "Strasbourg", "Îlot d’Été")], encoding="cp1252")
    assert "UTF-8" in refused(path.read_bytes())


def test_utf16_binary_and_empty(as_csv, row, refused):
    assert "ni un CSV" in refused(as_csv([row("67482", "x")], encoding="utf-16").read_bytes())
    assert "ni un CSV" in refused(b"\x89PNG\r\n\x1a\n\x00\x00\x00")
    assert "vide" in refused(b"")
    assert ".xls" in refused(b"\xd0\xcf\x11\xe0 old workbook")
    assert "colonnes absentes" in refused(b"%PDF-1.7 text")


def test_missing_extra_and_doubled_columns_are_named(as_csv, row, refused):
    rows = [row("67482", "Strasbourg")]
    assert "« Ville »" in refused(as_csv(rows, columns=[one for one in COLUMNS if one != "Ville"]).read_bytes())
    assert "« Téléphone »" in refused(as_csv(rows, columns=[*COLUMNS, "Téléphone"]).read_bytes())
    assert "en double" in refused(as_csv(rows, columns=[*COLUMNS, "Ville"]).read_bytes())


def test_semicolons(refused):
    assert "points-virgules" in refused(";".join(COLUMNS).encode())


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", " =HYPERLINK(1)"])
def test_formulas_in_a_csv(as_csv, row, refused, cell):
    assert "formule" in refused(as_csv([row("67482", "Strasbourg", cell)]).read_bytes())


@pytest.mark.parametrize("cell", ["-", "+ 200", "- 3 maisons", "3 ha"])
def test_signs_that_are_no_formula_are_kept(as_csv, row, cell):
    (one,) = read(as_csv([row("67482", "Strasbourg", "x", {"ANRU": cell})]))
    assert one.cells["ANRU"] == cell


def test_a_giant_cell_and_an_open_quote(as_csv, row, refused):
    assert "5000 signes" in refused(as_csv([row("67482", "Strasbourg", "a" * 5001)]).read_bytes())
    text = as_csv([row("67482", "Strasbourg")]).read_bytes()
    assert "guillemets" in refused(text + b'"never closed')
    assert "signes" in refused(text + b'"' + b"a" * 200_000)


def test_too_many_lines_and_too_large(as_csv, row, refused, monkeypatch):
    monkeypatch.setattr(reading, "MAX_LINES", 3)
    assert "lignes" in refused(as_csv([row("67482", "Strasbourg")] * 4).read_bytes())
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    assert "pèse" in refused(b"0123456789a")


def test_more_cells_than_columns(as_csv, row, refused):
    text = as_csv([row("67482", "Strasbourg")]).read_bytes().rstrip(b"\n") + b",more\n"
    assert "Ligne 1 : 33 cellules" in refused(text)


def test_a_workbook_is_read_as_the_csv_is(as_xlsx, row):
    rows = [row("67482", "Strasbourg", "Îlot", {"Nombre de logements": 120.0, "Superficie du quartier (ha)": 1.5})]
    (one,) = read(as_xlsx(rows))
    assert one.cells["Nombre de logements"] == "120"
    assert one.cells["Superficie du quartier (ha)"] == "1,5"


def test_formulas_and_merged_cells_in_a_workbook(as_xlsx, row, refused):
    rows = [row("67482", "Strasbourg")]
    formula = as_xlsx(rows, lambda sheet: sheet.cell(2, 8, "=SUM(A1:A2)"))
    assert "formule" in refused(formula.read_bytes())
    merged = as_xlsx(rows, lambda sheet: sheet.merge_cells("A2:B2"))
    assert "fusionnées" in refused(merged.read_bytes())
    prefixed = io.BytesIO()
    with zipfile.ZipFile(merged) as old, zipfile.ZipFile(prefixed, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry).replace(b"<mergeCell ", b"<x:mergeCell "))
    assert "fusionnées" in refused(prefixed.getvalue())


def test_bombs_and_archives_that_are_no_workbook(tmp_path, refused):
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    assert "anormalement grand" in refused(bomb.read_bytes())
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("read.me", "hello")
    assert "pas un classeur" in refused(other.read_bytes())
    assert "pas un classeur" in refused(b"PK\x03\x04 truncated")


def test_an_entity_bomb_in_a_workbook(as_xlsx, row, tmp_path, refused):
    good = as_xlsx([row("67482", "Strasbourg")])
    evil = tmp_path / "evil.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(evil, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + data.replace(
                    b"<sheetData>", b"<sheetData>&b;"
                )
            target.writestr(entry, data)
    assert "pas un classeur" in refused(evil.read_bytes())
