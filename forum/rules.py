"""Who may do what in the forum: pure predicates over a viewer and rows already loaded (post → topic → space)."""

from __future__ import annotations

from datetime import datetime, timedelta

from forum.models import Kind, Post, Space, State, Status, Topic
from members.models import Organisation, Role, Scope
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
    """Members who read the space, while the topic is there for all and nobody has closed it."""
    return topic.status != Status.CLOSED and _may_take_part(viewer, topic)


def _may_take_part(viewer: Viewer, topic: Topic) -> bool:
    return topic.state == State.VISIBLE and may_write(viewer, topic.space)


def _animates(viewer: Viewer, topic: Topic) -> bool:
    """The bureau; correspondents and facilitators of the region of the topic's author or space."""
    regions = {topic.region_id, topic.space.region_id} - {None}
    roles = (Role.CORRESPONDENT, Role.FACILITATOR)
    return viewer.is_national_office or any(
        viewer.holds(role, Scope.REGION, str(region)) for role in roles for region in regions
    )


def may_decide_answer(viewer: Viewer, topic: Topic) -> bool:
    """Whoever asked, a référent of their organisation, who animates the region, the bureau (DOMAIN, section 3)."""
    if not topic.asks or not _may_take_part(viewer, topic):
        return False
    own = viewer.person is not None and topic.author_id == viewer.person.pk
    organisation = str(topic.organisation_id or "")
    return own or viewer.holds(Role.REFERENT, Scope.ORGANISATION, organisation) or _animates(viewer, topic)


def may_accept(viewer: Viewer, post: Post) -> bool:
    """A visible reply, by whoever decides; a hidden or withdrawn one or the matter itself is no answer."""
    return post.number > 1 and post.state == State.VISIBLE and may_decide_answer(viewer, post.topic)


def may_close(viewer: Viewer, topic: Topic) -> bool:
    """Whoever opened it, as long as they write there, and who moderates its space; they reopen it too."""
    own = viewer.person is not None and topic.author_id == viewer.person.pk
    return topic.state == State.VISIBLE and (
        (own and may_write(viewer, topic.space)) or may_moderate(viewer, topic.space)
    )


def may_say_we_too(viewer: Viewer, topic: Topic, organisation: Organisation) -> bool:
    """Who speaks for a collectivité, of a difficulty that another one asked about."""
    asked = topic.kind == Kind.DIFFICULTY and topic.organisation_id != organisation.pk
    return asked and organisation.is_local_authority and _may_take_part(viewer, topic)


def may_report(viewer: Viewer, post: Post) -> bool:
    """Whoever has an account and sees the message of somebody else."""
    return viewer.person is not None and not _own(viewer, post) and post.state == State.VISIBLE


def may_decide_reports(viewer: Viewer, post: Post) -> bool:
    """Who moderates the space, but of their own message: its author does not learn who reported it."""
    return may_moderate(viewer, post.topic.space) and not _own(viewer, post)


def may_pin(viewer: Viewer, topic: Topic, *, everywhere: bool = False) -> bool:
    """Who moderates the space; for the whole forum the bureau alone."""
    if everywhere and not viewer.is_national_office:
        return False
    return topic.state == State.VISIBLE and may_moderate(viewer, topic.space)


def may_see_versions(viewer: Viewer, post: Post) -> bool:
    """Members who read the message; of a hidden one its moderators, of a withdrawn one nobody."""
    if post.state == State.DELETED:
        return False
    return viewer.is_member and (may_moderate(viewer, post.topic.space) or post.state == State.VISIBLE)


def _own(viewer: Viewer, post: Post) -> bool:
    return viewer.person is not None and post.author_id == viewer.person.pk


def may_edit(viewer: Viewer, post: Post) -> bool:
    """The author, as long as the message is visible and they still write there; in a closed topic too."""
    return _own(viewer, post) and post.state == State.VISIBLE and _may_take_part(viewer, post.topic)


def may_delete(viewer: Viewer, post: Post) -> bool:
    """The author, a reply: the matter itself carries the others' answers and is hidden by moderators only."""
    return may_edit(viewer, post) and post.number > 1


def may_restore(viewer: Viewer, post: Post, now: datetime) -> bool:
    """The author, within 24 hours of the withdrawal."""
    recent = post.deleted_at is not None and now - post.deleted_at < UNDO
    return _own(viewer, post) and post.state == State.DELETED and recent and _may_take_part(viewer, post.topic)


def may_hide(viewer: Viewer, post: Post) -> bool:
    return post.state == State.VISIBLE and may_moderate(viewer, post.topic.space)


def may_show(viewer: Viewer, post: Post) -> bool:
    return post.state == State.HIDDEN and may_moderate(viewer, post.topic.space)


def may_keep_spaces(viewer: Viewer) -> bool:
    """Open and change spaces: the bureau."""
    return viewer.is_national_office


def may_move(viewer: Viewer, topic: Topic, target: Space) -> bool:
    """Who moderates both the space it leaves and the one it goes to."""
    return may_moderate(viewer, topic.space) and may_moderate(viewer, target) and topic.space_id != target.pk
