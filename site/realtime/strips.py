"""What depends on the person stands beside the neutral fragment, in a strip: acts, unread, « votre message ».

Each app registers how the strips of its objects are rendered; a page asks for all of its own at once, the client asks
`/me/` for those of fragments that came by socket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.http import HttpRequest

Provider = Callable[[HttpRequest, Sequence[str]], Mapping[str, str]]
_providers: dict[str, Provider] = {}


def strips_of(kind: str) -> Callable[[Provider], Provider]:
    """Register the function that renders the strips of objects of a kind: (request, ids) → id → HTML.

    It answers for those that the request's viewer may read, and leaves out the others.
    """

    def register(provider: Provider) -> Provider:
        _providers[kind] = provider
        return provider

    return register


def strips(request: HttpRequest, wanted: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The strips of objects (kind, id) by the id of their fragment; each kind is asked once."""
    by_kind: dict[str, list[str]] = {}
    for kind, object_id in wanted:
        by_kind.setdefault(kind, []).append(object_id)
    found: dict[str, str] = {}
    for kind, ids in by_kind.items():
        if kind in _providers:
            found |= {f"{kind}-{object_id}": html for object_id, html in _providers[kind](request, ids).items()}
    return found
