"""What a viewer may find: asked at each query, so that a right withdrawn acts on the next one without reindexing."""

from __future__ import annotations

from changes.models import Embargo
from cms.reading.privacy import closed_roots
from forum.models import Space
from members.viewer import Viewer
from search.engines.base import Scope
from search.sources.forum import token_of_space


def scope_of(viewer: Viewer) -> Scope:
    """The viewer's tokens and the spaces that they read; closed: pages reserved to others, what narrowed since indexed.

    All that is under embargo is named, however much it is: an engine that cannot take so long a list is away, and shows
    nothing. Three SQL queries.
    """
    spaces = Space.objects.visible_to(viewer).values_list("pk", flat=True)
    closed = {f"page:{pk}" for pk in closed_roots(viewer)}
    closed.update(Embargo.objects.values_list("key", flat=True).distinct())
    return Scope(viewer.tokens | {token_of_space(pk) for pk in spaces}, frozenset(closed))
