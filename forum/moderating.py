"""What moderators do: hide and show, move a topic, put it first in its list."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from changes import Change, change
from changes.streams import ALL, RIGHTS
from forum import rules
from forum.models import Post, PostRevision, Space, State, Topic
from forum.rows import locked_post, locked_topic, save_topic, set_state, tell_topic
from forum.shown import VIEWS, topic_shown_in
from members.rules import NotAllowed
from members.viewer import Viewer


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
        hide_locked(c, post, reason)
    return post


def hide_locked(c: Change, post: Post, reason: str) -> None:
    """Hide a post that the caller holds and may hide: its author is told."""
    set_state(c, post, State.HIDDEN, reason=reason.strip())
    c.log("hide", "post", post.pk, reason=reason.strip())
    c.fact("forum.hidden", post.pk)


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
        topic.state, topic.hidden_reason = state, reason.strip()
        topic.revision += 1
        topic.save(update_fields=["state", "hidden_reason", "revision"])
        tell_topic(c, topic, before=before)
        # All its posts appear or go at once: readers take a snapshot, and are asked again whether they may.
        c.renew(topic.stream, *VIEWS, snapshot=True)
        c.touch(RIGHTS, "stream", topic.stream, after=[ALL])
        c.log("show" if state == State.VISIBLE else "hide", "topic", topic.pk, reason=reason)
        if state != State.VISIBLE:
            c.narrow("topic", topic.pk)
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
        c.narrow("topic", topic.pk)
        c.fact("forum.topic_changed", topic.pk)
    return topic


def pin_topic(*, topic_id: int, until: datetime, everywhere: bool = False, by: Viewer) -> Topic:
    """Put a topic first in its space's list until a date, or announce it in the whole forum. It ends by itself.

    Who may: who moderates its space; for the whole forum the bureau. Raises `NotAllowed`, `Gone`, `ValueError` for a
    date that has passed.
    """
    if until <= timezone.now():
        raise ValueError("until has passed")
    with change(by=by) as c:
        topic = locked_topic(topic_id)
        if not rules.may_pin(by, topic, everywhere=everywhere or topic.pinned_everywhere):
            raise NotAllowed("Vous ne pouvez pas mettre cette discussion en tête.")
        topic.pinned_until, topic.pinned_everywhere = until, everywhere
        save_topic(c, topic, fields=["pinned_until", "pinned_everywhere"])
        c.log("pin", "topic", topic.pk, after={"until": until.isoformat(), "everywhere": everywhere})
    return topic


def unpin_topic(*, topic_id: int, by: Viewer | str) -> Topic:
    """The topic takes its place among the others again. Who may: as for pinning; the tick where its date has passed."""
    with change(by=by) as c:
        topic = locked_topic(topic_id)
        if isinstance(by, Viewer) and not rules.may_pin(by, topic, everywhere=topic.pinned_everywhere):
            raise NotAllowed("Vous ne pouvez pas retirer cette discussion de la tête.")
        ended = isinstance(by, Viewer) or (topic.pinned_until or timezone.now()) <= timezone.now()
        if topic.pinned_until is not None and ended:
            topic.pinned_until, topic.pinned_everywhere = None, False
            save_topic(c, topic, fields=["pinned_until", "pinned_everywhere"])
            c.log("unpin", "topic", topic.pk)
    return topic


def hide_version(*, post_id: int, revision: int, by: Viewer) -> None:
    """Hide an earlier text of a post from all but moderators. Who may: who moderates the space. Twice is once.

    Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        post = locked_post(post_id)
        if not rules.may_moderate(by, post.topic.space):
            raise NotAllowed("Vous ne modérez pas cet espace.")
        if PostRevision.objects.filter(post=post, revision=revision, hidden=False).update(hidden=True):
            c.log("hide_version", "post", post.pk, before={"revision": revision})
