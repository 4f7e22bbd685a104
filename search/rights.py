"""What a viewer may find: asked at each query, so that a right withdrawn acts on the next one without reindexing."""

from __future__ import annotations

from changes.models import Embargo
from cms.reading.privacy import closed_roots
from forum.models import Space
from members.viewer import Viewer
from search.engines.base import Scope
from search.sources.forum import token_of_space

LISTED_EMBARGOES = 2000
"""Beyond, the index is so far behind that its answer is not trusted (see `search.asking_engines`)."""


def scope_of(viewer: Viewer) -> Scope:
    """The viewer's tokens and the spaces that they read; closed: pages reserved to others, what narrowed since indexed.

    Three SQL queries.
    """
    spaces = Space.objects.visible_to(viewer).values_list("pk", flat=True)
    closed = {f"page:{pk}" for pk in closed_roots(viewer)}
    closed.update(Embargo.objects.values_list("key", flat=True).distinct()[:LISTED_EMBARGOES])
    return Scope(viewer.tokens | {token_of_space(pk) for pk in spaces}, frozenset(closed))
