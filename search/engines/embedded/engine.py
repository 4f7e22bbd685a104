"""The engine that needs nothing installed: the site's own database, SQLite (FTS5) or PostgreSQL (`tsvector`).

Terms are made in Python and ranking is done in Python, so that both databases answer the same; the database finds
which documents match, and under whose scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError, OperationalError

from search.core.asking import Request
from search.core.matter import Matter
from search.engines.base import EngineAway, Found, Health, Hit, Scope, Suggestion, Written
from search.engines.embedded import rebuilding, searching, similar, suggesting, writing
from search.engines.embedded.analysis import analysis
from search.engines.embedded.models import Generation
from search.engines.embedded.retrieving import FIRST

P = ParamSpec("P")
R = TypeVar("R")


def _answering(function: Callable[P, R]) -> Callable[P, R]:
    """A database that is away is an engine that is away."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            raise EngineAway(f"{type(error).__name__}: {error}") from error

    return run


class EmbeddedEngine:
    """See `search.engines.base.Engine`, whose promises these methods keep. Found as soon as a write returns."""

    name = "embedded"

    @_answering
    def search(self, request: Request, scope: Scope, *, facets: bool = True) -> Found:
        return searching.search(request, scope, facets=facets)

    @_answering
    def suggest(self, typed: str, scope: Scope, limit: int = 8) -> list[Suggestion]:
        return suggesting.suggest(typed, scope, limit)

    @_answering
    def similar(self, title: str, text: str, scope: Scope, *, without: str = "", limit: int = 5) -> list[Hit]:
        return similar.similar(title, text, scope, without=without, limit=limit)

    @_answering
    def bulk(self, matters: Sequence[Matter], version: int, *, refresh: bool = False) -> Written:
        return writing.write(matters, version)

    @_answering
    def delete(self, keys: Sequence[str], version: int, *, refresh: bool = False) -> Written:
        return writing.remove(keys, version)

    def rebuild(self, batches: Iterable[tuple[Sequence[Matter], int]], *, resume: bool = False) -> Iterator[int]:
        try:
            yield from rebuilding.rebuild(batches)
        except (OperationalError, InterfaceError) as error:
            raise EngineAway(f"{type(error).__name__}: {error}") from error

    def resume_after(self) -> str:
        """A rebuild here always begins anew."""
        return ""

    @_answering
    def swap(self) -> None:
        rebuilding.swap()

    @_answering
    def listing(self, after: str = "", limit: int = 1000, *, beside: bool = False) -> list[tuple[str, str]]:
        return rebuilding.listing(after, limit, beside=beside)

    def health(self) -> Health:
        try:
            stand = Generation.objects.filter(pk=FIRST).first()
        except DatabaseError as error:
            return Health(False, detail=type(error).__name__)
        if stand is None:
            return Health(True)
        return Health(True, stand.documents, stand.analysis == analysis())

    @_answering
    def clear(self) -> None:
        rebuilding.clear()
