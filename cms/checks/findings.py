"""What a check says: how grave, in which words, where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether the page may leave with it."""

    BLOCKING = "blocking"
    ADVICE = "advice"


@dataclass(frozen=True)
class Place:
    """Where in a page: a field and, in a body, the block; `path` is what the editor takes to go there."""

    field: str
    label: str
    path: str
    block: int | None = None

    @property
    def anchor(self) -> str:
        """The id of its element in the editor."""
        return f"id_{self.field}" if self.block is None else f"block-{self.path.split('.')[1]}-section"


@dataclass(frozen=True)
class Finding:
    """One thing to mend, or to look at."""

    severity: Severity
    message: str
    place: Place

    @property
    def is_blocking(self) -> bool:
        return self.severity == Severity.BLOCKING

    def __str__(self) -> str:
        return f"{self.place.label} : {self.message}"


def blocking(message: str, place: Place) -> Finding:
    """What must be mended before the page is sent or published."""
    return Finding(Severity.BLOCKING, message, place)


def advice(message: str, place: Place) -> Finding:
    """What deserves a look."""
    return Finding(Severity.ADVICE, message, place)
