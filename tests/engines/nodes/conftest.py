"""Real nodes of Elasticsearch, started for these tests, and documents for them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from search.core import synonyms
from search.core.matter import Matter


@pytest.fixture(autouse=True)
def without_editors(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine is asked by itself here: no database holds synonyms beside those of the file."""
    monkeypatch.setattr(synonyms, "added", tuple)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the servers' own user may enter."""
    with tempfile.TemporaryDirectory(prefix="club-nodes-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture
def matter() -> Callable[..., Matter]:
    """Make a document of a number: everybody's, unless told."""

    def make(number: int, **fields: object) -> Matter:
        given = {
            "key": f"topic:{number}", "kind": "topic", "root": f"topic:{number}", "title": f"Noue numéro {number}",
            "url": f"/{number}/", "audience": ("public",), "containers": (f"topic:{number}",),
            "at": datetime(2026, 1, 1, tzinfo=UTC), "text": "Qui entretient la noue du quartier ?",
        }  # fmt: skip
        return Matter(**{**given, **fields})  # type: ignore[arg-type]

    return make
