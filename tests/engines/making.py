"""Documents and questions in a line each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from search.core.asking import Request, read
from search.core.matter import Matter
from search.engines.base import END, START, Engine, Found, Scope

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PUBLIC = Scope(frozenset({"public"}))
MEMBER = Scope(frozenset({"public", "members"}))


def matter(key: str, title: str = "", text: str = "", **others: Any) -> Matter:
    """A public document; a reply (`post:…`) takes `root="topic:…"` and `about=`. `days` is its age."""
    days = others.pop("days", 1)
    kind = others.pop("kind", key.partition(":")[0])
    made = Matter(
        key=key, kind=kind, root=key, title=title, url=f"/{key.replace(':', '/')}/", audience=("public",),
        containers=(key,), at=NOW - timedelta(days=days), text=text,
    )  # fmt: skip
    return replace(made, **others)


def asked(text: str = "", page: int = 1, order: str = "relevance", **filters: tuple[str, ...]) -> Request:
    return Request(read(text), filters, order, page)


def found(engine: Engine, text: str = "", scope: Scope = PUBLIC, **others: Any) -> Found:
    return engine.search(asked(text, **others), scope)


def keys(engine: Engine, text: str = "", scope: Scope = PUBLIC, **others: Any) -> list[str]:
    return [hit.key for hit in found(engine, text, scope, **others).hits]


def plain(text: str) -> str:
    """Marks shown as brackets."""
    return text.replace(START, "[").replace(END, "]")
