"""Who may do what in the forum: pure predicates over a viewer and rows already loaded (post → topic → space)."""

from __future__ import annotations

from datetime import datetime, timedelta

from forum.models import Post, Space, State, Topic
from members.models import Role, Scope
from members.viewer import Viewer

UNDO = timedelta(hours=24)
"""How long an author may take back the withdrawal of a message; then its text is erased."""


def may_read(viewer: Viewer, space: Space) -> bool:
    return space.audience in viewer.tokens


def may_write(viewer: Viewer, space: Space) -> bool:
    """Members write wherever they read."""
    return viewer.is_member and may_read(viewer, space)


def may_moderate(viewer: Viewer, space: Space) -> bool:
    """The bureau everywhere, moderators in their scope, correspondents and facilitators in their region's spaces.

    The right to moderate opens nothing that one may not read.
    """
    if not may_read(viewer, space):
        return False
    if viewer.is_national_office or viewer.holds(Role.MODERATOR):
        return True
    if viewer.holds(Role.MODERATOR, Scope.SPACE, str(space.pk)):
        return True
    region = space.region_id
    regional = (Role.CORRESPONDENT, Role.FACILITATOR, Role.MODERATOR)
    return region is not None and any(viewer.holds(role, Scope.REGION, region) for role in regional)


def may_see_topic(viewer: Viewer, topic: Topic) -> bool:
    """Whoever reads the space; a hidden or withdrawn topic only its moderators."""
    if topic.state == State.VISIBLE:
        return may_read(viewer, topic.space)
    return may_moderate(viewer, topic.space)


def may_reply(viewer: Viewer, topic: Topic) -> bool:
    return topic.state == State.VISIBLE and may_write(viewer, topic.space)


def _own(viewer: Viewer, post: Post) -> bool:
    return viewer.person is not None and post.author_id == viewer.person.pk


def may_edit(viewer: Viewer, post: Post) -> bool:
    """The author, as long as the message is visible and they still write there."""
    return _own(viewer, post) and post.state == State.VISIBLE and may_reply(viewer, post.topic)


def may_delete(viewer: Viewer, post: Post) -> bool:
    """The author, a reply: the matter itself carries the others' answers and is hidden by moderators only."""
    return may_edit(viewer, post) and post.number > 1


def may_restore(viewer: Viewer, post: Post, now: datetime) -> bool:
    """The author, within 24 hours of the withdrawal."""
    recent = post.deleted_at is not None and now - post.deleted_at < UNDO
    return _own(viewer, post) and post.state == State.DELETED and recent and may_reply(viewer, post.topic)


def may_hide(viewer: Viewer, post: Post) -> bool:
    return post.state == State.VISIBLE and may_moderate(viewer, post.topic.space)


def may_show(viewer: Viewer, post: Post) -> bool:
    return post.state == State.HIDDEN and may_moderate(viewer, post.topic.space)


def may_move(viewer: Viewer, topic: Topic, target: Space) -> bool:
    """Who moderates both the space it leaves and the one it goes to."""
    return may_moderate(viewer, topic.space) and may_moderate(viewer, target) and topic.space_id != target.pk
