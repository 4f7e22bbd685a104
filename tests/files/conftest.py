"""A storage of each test's own, files that are what they say, and people who send them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from files import actions, registry
from files.models import Upload
from members.viewer import Viewer

PDF = b"""%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj
xref
0 3
trailer << /Root 1 0 R /Size 3 >>
startxref
115
%%EOF
"""


def pdf(inside: bytes = b"") -> bytes:
    """A PDF with one more object in it."""
    return PDF.replace(b"xref\n0 3", b"3 0 obj << " + inside + b" >> endobj\nxref\n0 3", 1)


def picture(form: str = "JPEG", size: tuple[int, int] = (640, 400), mode: str = "RGB", **options: Any) -> bytes:
    """A picture with something to see: a gradient."""
    image = Image.linear_gradient("L").resize(size)
    image = Image.merge("RGB", [image, image.rotate(180), image]).convert(mode)
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def sent(content: bytes, name: str = "plan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(autouse=True)
def stored(settings, tmp_path) -> Path:
    """The folder in which this test's files lie."""
    backend = {**settings.STORAGES["files"], "OPTIONS": {"location": str(tmp_path / "fichiers")}}
    settings.STORAGES = {**settings.STORAGES, "files": backend}
    return tmp_path / "fichiers"


@pytest.fixture
def left(stored) -> Callable[[], list[str]]:
    """The names of all that is stored now."""
    return lambda: sorted(str(path.relative_to(stored)) for path in stored.rglob("*") if path.is_file())


@pytest.fixture
def claire(make_person) -> Viewer:
    return Viewer.of(make_person("claire@collectivite.example"))


@pytest.fixture
def marc(make_person) -> Viewer:
    return Viewer.of(make_person("marc@collectivite.example"))


@pytest.fixture
def readers() -> Iterator[dict[str, set[int]]]:
    """Notes, a kind of things that hold files: their ids with the people who may read each."""
    allowed: dict[str, set[int]] = {}

    @registry.readable("note")
    def may_read(viewer: Any, holder_id: str) -> bool:
        return viewer.person is not None and viewer.person.pk in allowed.get(holder_id, ())

    yield allowed
    registry._readers.pop("note")


@pytest.fixture
def receive(db) -> Callable[..., Upload]:
    """`receive(content, name, by=…)`: a file that waits."""
    return lambda content=PDF, name="plan.pdf", *, by: actions.receive(file=sent(content, name), by=by)


@pytest.fixture
def attach(db) -> Callable[..., None]:
    """`attach(upload, …, to="1", by=…)`: pictures are described with a word."""

    def run(*uploads: Upload, to: str = "1", by: Viewer) -> None:
        chosen = [actions.Chosen(one.pk, "Une noue" if one.is_picture else "") for one in uploads]
        actions.attach(chosen, holder_kind="note", holder_id=to, by=by)

    return run
