"""What moderators do: hide and show, move a topic; and opening a space."""

from __future__ import annotations

from changes import Actor, change
from changes.streams import ALL, RIGHTS
from forum import rules
from forum.models import MEMBERS, Post, Space, State, Topic
from forum.rows import locked_post, locked_topic, set_state, tell_topic
from forum.shown import VIEWS, topic_shown_in
from members.rules import NotAllowed
from members.viewer import Viewer


def open_space(
    *,
    slug: str,
    title: str,
    description: str = "",
    audience: str = MEMBERS,
    region_id: str | None = None,
    by: Actor | str,
) -> Space:
    """Open a space (or find the one of this address). Called by the installation and, later, the bureau's page."""
    with change(by=by) as c:
        space, made = Space.objects.get_or_create(
            slug=slug,
            defaults={"title": title, "description": description, "audience": audience, "region_id": region_id},
        )
        if made:
            c.log("open", "space", space.pk, after={"title": title, "audience": audience})
    return space


def hide_post(*, post_id: int, reason: str, by: Viewer) -> Post:
    """Hide a message from everybody but moderators, with a reason. Who may: who moderates the space. Twice is once.

    Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        post = locked_post(post_id)
        if post.state == State.HIDDEN and rules.may_show(by, post):
            return post
        if not rules.may_hide(by, post):
            raise NotAllowed("Vous ne pouvez pas masquer ce message.")
        set_state(c, post, State.HIDDEN, reason=reason.strip())
        c.log("hide", "post", post.pk, reason=reason.strip())
    return post


def show_post(*, post_id: int, by: Viewer) -> Post:
    """Show a hidden message again. Who may: who moderates the space. Twice is once. Raises `NotAllowed`, `Gone`."""
    with change(by=by) as c:
        post = locked_post(post_id)
        if post.state == State.VISIBLE and rules.may_moderate(by, post.topic.space):
            return post
        if not rules.may_show(by, post):
            raise NotAllowed("Vous ne pouvez pas réafficher ce message.")
        set_state(c, post, State.VISIBLE, reason="")
        c.log("show", "post", post.pk)
    return post


def hide_topic(*, topic_id: int, reason: str, by: Viewer) -> Topic:
    """Hide a whole topic. Who may: who moderates its space. Raises `NotAllowed`, `Gone`."""
    return _set_topic_state(topic_id, State.HIDDEN, reason, by)


def show_topic(*, topic_id: int, by: Viewer) -> Topic:
    """Show a hidden topic again. Who may: who moderates its space. Raises `NotAllowed`, `Gone`."""
    return _set_topic_state(topic_id, State.VISIBLE, "", by)


def _set_topic_state(topic_id: int, state: State, reason: str, by: Viewer) -> Topic:
    with change(by=by) as c:
        topic = locked_topic(topic_id)
        if not rules.may_moderate(by, topic.space):
            raise NotAllowed("Vous ne modérez pas cet espace.")
        if topic.state == state:
            return topic
        before = topic_shown_in(topic)
        topic.state = state
        topic.revision += 1
        topic.save(update_fields=["state", "revision"])
        tell_topic(c, topic, before=before)
        # All its posts appear or go at once: readers take a snapshot, and are asked again whether they may.
        c.renew(topic.stream, *VIEWS, snapshot=True)
        c.touch(RIGHTS, "stream", topic.stream, after=[ALL])
        c.log("show" if state == State.VISIBLE else "hide", "topic", topic.pk, reason=reason)
        c.fact("forum.topic_changed", topic.pk)
    return topic


def move_topic(*, topic_id: int, target: Space, by: Viewer) -> Topic:
    """Move a topic to another space. Who may: who moderates both. Its readers are then those of the new space.

    Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        topic = locked_topic(topic_id)
        if topic.space_id == target.pk and rules.may_moderate(by, target):
            return topic
        if not rules.may_move(by, topic, target):
            raise NotAllowed("Pour déplacer une discussion, il faut modérer les deux espaces.")
        left, before = topic.space, topic_shown_in(topic)
        topic.space = target
        topic.revision += 1
        topic.save(update_fields=["space", "revision"])
        tell_topic(c, topic, before=before, space=left)
        c.renew(topic.stream, *VIEWS, snapshot=True)
        c.touch(RIGHTS, "stream", topic.stream, after=[ALL])
        c.log("move", "topic", topic.pk, before={"space": left.pk}, after={"space": target.pk})
        c.fact("forum.topic_changed", topic.pk)
    return topic
