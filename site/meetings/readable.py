"""Who may read a document of a meeting: whoever reads its page now."""

from __future__ import annotations

from files.registry import readable
from meetings import queries
from meetings.keeping import HOLDER
from members.viewer import Viewer
from realtime.kinds import number_of


@readable(HOLDER)
def may_read(viewer: Viewer, holder_id: str) -> bool:
    """Asked at each download. One SQL query."""
    return queries.meeting_of(viewer, number_of(holder_id)) is not None
