"""A database without the referential, and small made packages; the real file comes from `tests/conftest.py`."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent


def _unload() -> None:
    from django.db import connection, transaction

    from territories import models

    order = ("SearchKey", "FormerCode", "Commune", "Ept", "Epci", "Department", "Region", "ReferentialVersion")
    with transaction.atomic(), connection.cursor() as cursor:
        for name in order:
            # Not the ORM: it would read 37,590 communes first, to see what points to them.
            cursor.execute(f"DELETE FROM {getattr(models, name)._meta.db_table}")


@pytest.fixture
def no_referential(db: None) -> None:
    """The database holds no unit at all, until the end of the test."""
    _unload()


Package = Callable[..., Path]


@pytest.fixture
def make_package(tmp_path: Path) -> Package:
    """A function that writes an npm archive with the given communes (as in communes.json) and returns its path."""

    def make(communes: list[dict[str, Any]], *, year: int = 2026, epci: list[dict[str, Any]] | None = None) -> Path:
        version = f"{year - 2020}.0.0"
        files = {
            "package.json": {"name": "@etalab/decoupage-administratif", "version": version},
            "data/regions.json": [
                {"code": "11", "nom": "Île-de-France"},
                {"code": "84", "nom": "Auvergne-Rhône-Alpes"},
            ],
            "data/departements.json": [
                {"code": "01", "nom": "Ain", "region": "84"},
                {"code": "69", "nom": "Rhône", "region": "84"},
                {"code": "75", "nom": "Paris", "region": "11"},
            ],
            "data/communes.json": communes,
            "data/epci.json": epci or [],
            "data/ept.json": [],
        }
        path = tmp_path / f"made-{year}.tgz"
        with tarfile.open(path, "w:gz") as archive:
            for name, content in files.items():
                _put(archive, name, json.dumps(content).encode())
            _put(archive, "README.md", f"| Année | Version |\n|---|---|\n| {year}  | {version} | `npm` |\n".encode())
        return path

    return make


def _put(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(f"package/{name}")
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


@pytest.fixture
def commune() -> Callable[..., dict[str, Any]]:
    """A function that makes one entry of communes.json, in the Ain unless its code says otherwise."""

    def make(code: str, name: str, **more: Any) -> dict[str, Any]:
        department = code[:2]
        row = {
            "code": code, "nom": name, "type": "commune-actuelle", "departement": department,
            "region": "11" if department == "75" else "84", "siren": f"21{code}000"[:9],
            "codesPostaux": [f"{department}100"], "population": 1000,
        }  # fmt: skip
        return row | more

    return make


@pytest.fixture
def data_file(tmp_path: Path) -> Path:
    """Where `load` writes the file that it loads."""
    return tmp_path / "referential.json.xz"


@pytest.fixture
def load(make_package: Package, data_file: Path) -> Callable[..., Any]:
    """A function that loads communes (or a whole made package) as if they were the shipped file."""
    from territories.datafile import to_bytes
    from territories.loading import load_referential
    from territories.package import read_package

    def load_them(communes: list[dict[str, Any]], report: Any = None, **more: Any) -> Any:
        data_file.write_bytes(to_bytes(read_package(make_package(communes, **more))))
        return load_referential(report, data_file)

    return load_them
