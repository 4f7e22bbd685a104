"""A stand-in for an engine: it answers what a test put into it and forgets every right: pages are seen alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from search.core.asking import PAGE, Request
from search.engines import choosing
from search.engines.base import EngineAway, Found, Hit, Scope, Suggestion

WHEN = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


def hit(key: str, title: str = "Une discussion", **fields) -> Hit:
    defaults = {"root": key, "kind": key.partition(":")[0], "passage": "", "url": "/ici/", "detail": "", "at": WHEN}
    return Hit(key=key, title=title, score=1.0, **{**defaults, **fields})


@dataclass
class StandIn:
    """`found` for every search, `titles` for every suggestion; `asked` keeps what it was asked."""

    name: str = "stand-in"
    found: Found = field(default_factory=Found)
    titles: list[Suggestion] = field(default_factory=list)
    away: bool = False
    asked: list[Request] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    compared: list[str] = field(default_factory=list)

    def search(self, request: Request, scope: Scope, *, facets: bool = True) -> Found:
        self._note(scope)
        self.asked.append(request)
        start = (request.page - 1) * PAGE
        return replace(self.found, hits=self.found.hits[start : start + PAGE])

    def suggest(self, typed: str, scope: Scope, limit: int = 8) -> list[Suggestion]:
        self._note(scope)
        return self.titles

    def similar(self, title: str, text: str, scope: Scope, *, without: str = "", limit: int = 5) -> list[Hit]:
        self._note(scope)
        self.compared.append(title)
        return [one for one in self.found.hits if one.root != without][:limit]

    def _note(self, scope: Scope) -> None:
        if self.away:
            raise EngineAway("away")
        self.scopes.append(scope)

    def holds(self, *hits: Hit, **fields) -> None:
        """From now on it finds these."""
        self.found = Found(list(hits), **{"total": len(hits), **fields})


@pytest.fixture
def engine(monkeypatch) -> StandIn:
    made = StandIn()
    monkeypatch.setattr(choosing, "asked", lambda: [made])
    return made
