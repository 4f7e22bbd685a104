"""Who may read a file of a message: whoever sees the message now; of a withdrawn one nobody."""

from __future__ import annotations

from files.registry import readable
from forum.models import Post, State
from forum.queries import post_of
from members.viewer import Viewer
from realtime.kinds import number_of


@readable("post")
def may_read(viewer: Viewer, holder_id: str) -> bool:
    """Asked at each download. One SQL query."""
    post: Post | None = post_of(viewer, number_of(holder_id))
    return post is not None and post.state != State.DELETED
