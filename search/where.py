"""Where somebody who found nothing may ask."""

from __future__ import annotations

from collections.abc import Sequence

from forum import rules
from forum.models import Space
from members.viewer import Viewer


def space_to_ask_in(viewer: Viewer, chosen: Sequence[str] = ()) -> Space | None:
    """The space that they searched in, else their région's, else a national one; None for who writes nowhere.

    One SQL query for members, none for others.
    """
    if not viewer.is_member:
        return None
    spaces = [space for space in Space.objects.visible_to(viewer) if rules.may_write(viewer, space)]
    return min(spaces, key=lambda space: _rank(space, viewer, chosen), default=None)


def _rank(space: Space, viewer: Viewer, chosen: Sequence[str]) -> int:
    if str(space.pk) in chosen:
        return 0
    if space.region_id:
        return 1 if f"region:{space.region_id}" in viewer.tokens else 3
    return 2
