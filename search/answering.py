"""An answer for somebody: asked of an engine under their rights, then of the database for what is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import structlog

from members.viewer import Viewer
from search import sources
from search.core.asking import Request
from search.engines import choosing
from search.engines.base import Engine, EngineAway, Found, Hit, Scope, Suggestion
from search.rights import scope_of

log = structlog.get_logger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """What was found. `away`: no engine answered; `partial`: the second one did, which may know less."""

    found: Found = field(default_factory=Found)
    away: bool = False
    partial: bool = False


def search(request: Request, viewer: Viewer, *, facets: bool = True) -> Answer:
    """Everybody may search, and finds what they may read now: in the query, and again on the page that is returned.

    Whatever is typed, it answers; an engine that is away or slow makes nobody wait beyond its two seconds.
    """
    if request.is_empty:
        return Answer()
    found, engine = _ask(viewer, lambda engine, scope: engine.search(request, scope, facets=facets))
    if found is None:
        return Answer(away=True)
    return Answer(replace(found, hits=_readable(viewer, found.hits)), partial=engine is not choosing.written()[0])


def suggest(typed: str, viewer: Viewer, limit: int = 8) -> list[Suggestion]:
    """Titles for what is being typed; none where no engine answers."""
    found, _ = _ask(viewer, lambda engine, scope: engine.suggest(typed, scope, limit))
    allowed = sources.readable(viewer, [one.key for one in found or []])
    return [one for one in found or [] if one.key in allowed]


def similar(title: str, text: str, viewer: Viewer, *, without: str = "", limit: int = 5) -> list[Hit]:
    """What is near a text; nothing where no engine answers."""
    found, _ = _ask(viewer, lambda engine, scope: engine.similar(title, text, scope, without=without, limit=limit))
    return _readable(viewer, found or [])


def _readable(viewer: Viewer, hits: list[Hit]) -> list[Hit]:
    allowed = sources.readable(viewer, [one.key for one in hits])
    return [one for one in hits if one.key in allowed]


def _ask(viewer: Viewer, ask: Callable[[Engine, Scope], Result]) -> tuple[Result | None, Engine | None]:
    scope = scope_of(viewer)
    for engine in choosing.asked():
        try:
            found = ask(engine, scope)
        except EngineAway as away:
            log.warning("search engine away", engine=engine.name, why=str(away)[:200])
            choosing.failed(engine)
            continue
        choosing.succeeded(engine)
        return found, engine
    return None, None
