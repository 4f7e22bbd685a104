"""Rows under their locks, and what every change of a topic or post tells the streams."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import QuerySet

from changes import Change
from changes.streams import PUBLIC
from forum.models import Post, Space, State, Status, Topic
from forum.shown import post_shown_in, topic_shown_in
from members.rules import Gone


def locked_topic(pk: int) -> Topic:
    """The topic with its space, held until the change ends. Raises `Gone`."""
    rows: QuerySet[Topic] = Topic.objects.select_related("space")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    topic = rows.filter(pk=pk).first()
    if topic is None:
        raise Gone("Cette discussion n’existe plus.")
    return topic


def locked_post(pk: int) -> Post:
    """The post under the lock of its topic, which holds all its posts. Raises `Gone`."""
    topic_id = Post.objects.filter(pk=pk).values_list("topic_id", flat=True).first()
    if topic_id is None:
        raise Gone("Ce message n’existe plus.")
    topic = locked_topic(topic_id)
    post = Post.objects.get(pk=pk)
    post.topic = topic
    return post


def tell_topic(c: Change, topic: Topic, *, before: Iterable[str], space: Space | None = None) -> None:
    """The topic's line and head changed: its space's list, its own page and, where visitors read it, their pages.

    `before` are the views that showed it before this change; `space` is the one it stood in where it moved.
    """
    before, after = frozenset(before), topic_shown_in(topic)
    left = space or topic.space
    if left.pk != topic.space.pk:
        c.touch(left.stream, "topic", topic.pk, before=before)
        c.touch(topic.space.stream, "topic", topic.pk, after=after)
    else:
        c.touch(topic.space.stream, "topic", topic.pk, before=before, after=after)
    c.touch(topic.stream, "topic", topic.pk, before=before, after=after)
    c.touch(topic.stream, "answer", topic.pk, before=before, after=after)
    if "public" in before | after:
        c.renew(PUBLIC, PUBLIC)


def save_post(c: Change, post: Post, *, before: frozenset[str], fields: list[str]) -> None:
    """Save fields of a locked post and tell its topic's stream; `before` are the views that showed it.

    The accepted answer stands under the matter too, and the beginning of the matter under its title in lists: both
    follow, and go where the message is shown no more.
    """
    post.revision += 1
    post.save(update_fields=[*fields, "revision"])
    after, topic = post_shown_in(post), post.topic
    c.touch(topic.stream, "post", post.pk, before=before, after=after)
    if topic.accepted_id == post.pk and post.state != State.VISIBLE:
        topic.accepted, topic.status = None, Status.OPEN if topic.status == Status.ANSWERED else topic.status
        c.fact("forum.acceptance_lost", topic.pk)
        save_topic(c, topic, fields=["accepted", "status"])
    elif post.number == 1 or topic.accepted_id == post.pk:
        save_topic(c, topic, fields=[])
    if "public" in before | after:
        c.renew(PUBLIC, PUBLIC)


def save_topic(c: Change, topic: Topic, *, fields: list[str]) -> None:
    """Save fields of a locked topic that change nothing of who sees it, and tell the streams."""
    topic.revision += 1
    topic.save(update_fields=[*fields, "revision"])
    tell_topic(c, topic, before=topic_shown_in(topic))


def set_state(c: Change, post: Post, state: State, **fields: object) -> None:
    """Change the state of a locked post, and fields with it: its topic's count, the streams, a fact."""
    before, topic = post_shown_in(post), post.topic
    counted = (state == State.VISIBLE) - (post.state == State.VISIBLE)
    post.state = state
    for name, value in fields.items():
        setattr(post, name, value)
    save_post(c, post, before=before, fields=["state", *fields])
    if post.number > 1 and counted:
        topic.reply_count += counted
        save_topic(c, topic, fields=["reply_count"])
    if state != State.VISIBLE:
        c.narrow("post", post.pk)
        c.narrow("topic", topic.pk)  # whose document holds its words too
    c.fact("forum.post_changed", post.pk)
