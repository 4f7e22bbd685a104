"""Which providers fill which place, in which order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.utils.safestring import SafeString, mark_safe

log = structlog.get_logger(__name__)
Provider = Callable[..., str]
_providers: dict[str, list[tuple[int, str, Provider]]] = {}


def fills(place: str, *, order: int = 100) -> Callable[[Provider], Provider]:
    """Register the function that fills a place; lower orders come first. Registering it again replaces it."""

    def register(provider: Provider) -> Provider:
        name = f"{provider.__module__}.{provider.__qualname__}"
        kept = [row for row in _providers.get(place, []) if row[1] != name]
        _providers[place] = sorted([*kept, (order, name, provider)], key=lambda row: row[:2])
        return provider

    return register


def rendered(place: str, *things: Any, viewer: Any) -> SafeString:
    """What the providers of a place have to show to this viewer about these things, one after the other."""
    parts: list[str] = []
    for _, name, provider in _providers.get(place, []):
        try:
            parts.append(provider(*things, viewer=viewer) or "")
        except Exception:
            log.exception("slot failed", place=place, provider=name)
    return mark_safe("".join(parts))  # noqa: S308 - providers return rendered templates, the contract of this app
