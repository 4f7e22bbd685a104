"""Where somebody who found nothing may ask."""

from __future__ import annotations

from collections.abc import Sequence

from forum import rules
from forum.models import Space
from members.viewer import Viewer


def space_to_ask_in(viewer: Viewer, chosen: Sequence[str] = ()) -> Space | None:
    """The space that they searched in, else the first that they may write in; None for who writes nowhere.

    One SQL query for members, none for others.
    """
    if not viewer.is_member:
        return None
    spaces = [space for space in Space.objects.visible_to(viewer) if rules.may_write(viewer, space)]
    return next((space for space in spaces if str(space.pk) in chosen), spaces[0] if spaces else None)
