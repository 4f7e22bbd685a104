"""A person's own stream: it says that something of theirs changed, never what; `/me/` tells them."""

from __future__ import annotations

from members.viewer import Viewer
from realtime.kinds import StreamKind, register

OWN = "own"


@register
class PersonStream(StreamKind):
    """`person:42`, followed by that person alone."""

    prefix = "person"
    own = True

    def view_of(self, viewer: Viewer, object_id: str) -> str | None:
        """The person's one view of their own stream."""
        return OWN if viewer.person is not None and viewer.key == f"person:{object_id}" else None
