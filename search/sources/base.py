"""Where documents come from: for each kind of row, which exist, how they become documents, who may read them now."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet

from members.viewer import Viewer
from search.core.matter import Matter


class Source(ABC):
    """Rows of one kind. `name` begins the keys of its documents."""

    name: ClassVar[str]

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """Those that have a document: published, visible; asked by primary key."""

    @abstractmethod
    def build(self, ids: Sequence[int]) -> list[Matter]:
        """Documents of the rows; one that has none is missing. The number of SQL queries does not grow with the ids."""

    @abstractmethod
    def readable(self, viewer: Viewer, ids: Iterable[int]) -> set[int]:
        """Which of these the viewer may read now. One SQL query."""

    def ids(self, after: int, limit: int) -> list[int]:
        """The next primary keys that have a document. One SQL query."""
        return list(self.rows().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])

    def key(self, pk: object) -> str:
        return f"{self.name}:{pk}"


def joined(*parts: object) -> str:
    """The parts that say something, as one line."""
    return " · ".join(str(part) for part in parts if part)


def words(*parts: object) -> str:
    """The parts that say something, as one text to search."""
    return " ".join(str(part) for part in parts if part)


def place_words(unit: Any) -> str:
    """Names and codes of a commune, its département and its région (rows joined before)."""
    if unit is None:
        return ""
    return words(
        unit.name, unit.code, getattr(unit, "postal_codes", ""),
        unit.department.name, unit.department.code, unit.region.name,
    )  # fmt: skip
