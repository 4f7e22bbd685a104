"""What members write: topics, replies, edits, withdrawals and their undoing."""

from __future__ import annotations

from django.utils import timezone

from changes import Change, change
from forum import rules
from forum.models import Post, Space, State, Topic
from forum.rows import locked_post, locked_topic, save_post, set_state, tell_topic
from forum.shown import post_shown_in, topic_shown_in
from forum.text import RENDERER, written
from members.models import Follow, Membership, Person
from members.rules import NotAllowed
from members.viewer import Viewer


class EmptyText(Exception):
    """Nothing is left of a text once it is cleaned; the message says so (French)."""


class EditConflict(Exception):
    """Somebody changed the message since the form was opened; `post` is how it stands now. Nothing was changed."""

    def __init__(self, post: Post) -> None:
        super().__init__("Ce message a changé depuis que vous avez ouvert cette page.")
        self.post = post


def _writer(by: Viewer) -> Person:
    if by.person is None:
        raise NotAllowed("Connectez-vous pour écrire.")
    return by.person


def _write_post(c: Change, topic: Topic, source: str, *, by: Viewer) -> Post:
    """The next post of a locked topic, for the organisation that the person speaks for now."""
    kept = written(source)
    if not kept.text:
        raise EmptyText("Votre message est vide.")
    person = _writer(by)
    mandate = Membership.objects.current().filter(person=person).order_by("starts_at", "id").first()
    topic.last_number += 1
    post = Post(
        topic=topic,
        number=topic.last_number,
        author=person,
        organisation_id=mandate.organisation_id if mandate else None,
        function=mandate.function if mandate else "",
        html=kept.html,
        text=kept.text,
        renderer=RENDERER,
    )
    post.save(force_insert=True)
    topic.last_post_at = post.created_at
    c.touch(topic.stream, "post", post.pk, after=post_shown_in(post))
    c.fact("forum.post", post.pk)
    return post


def follow_what_one_wrote(topic: Topic, by: Viewer) -> None:
    """Whoever writes follows, unless they said that they would hear no more."""
    Follow.objects.get_or_create(person=_writer(by), kind="topic", object_id=str(topic.pk))


def start_topic(*, space: Space, title: str, source: str, operation: str = "", by: Viewer) -> Topic:
    """Open a topic with its matter. Who may: members, wherever they read.

    Raises `NotAllowed`, `EmptyText`, `OperationReused`; the same operation gives the first topic again.
    """
    if not rules.may_write(by, space):
        raise NotAllowed("Seuls les membres qui lisent cet espace peuvent y ouvrir une discussion.")
    with change(by=by) as c:
        if first := c.once(operation, [space.pk, title, source]):
            return Topic.objects.select_related("space").get(pk=first)
        topic = Topic(space=space, title=title.strip(), author=_writer(by))
        topic.save(force_insert=True)
        _write_post(c, topic, source, by=by)
        topic.save(update_fields=["last_number", "last_post_at"])
        tell_topic(c, topic, before=())
        follow_what_one_wrote(topic, by)
        c.log("start", "topic", topic.pk, after={"space": space.pk})
        c.result = str(topic.pk)
    return topic


def reply_to_topic(*, topic_id: int, source: str, operation: str = "", by: Viewer) -> Post:
    """Reply. Who may: members who read the space, while the topic is visible.

    Raises `NotAllowed`, `Gone`, `EmptyText`, `OperationReused`; the same operation gives the first reply again.
    """
    with change(by=by) as c:
        if first := c.once(operation, [topic_id, source]):
            return Post.objects.select_related("topic__space").get(pk=first)
        topic = locked_topic(topic_id)
        if not rules.may_reply(by, topic):
            raise NotAllowed("Vous ne pouvez pas répondre dans cette discussion.")
        post = _write_post(c, topic, source, by=by)
        topic.reply_count += 1
        topic.revision += 1
        topic.save(update_fields=["last_number", "last_post_at", "reply_count", "revision"])
        tell_topic(c, topic, before=topic_shown_in(topic))
        follow_what_one_wrote(topic, by)
        c.result = str(post.pk)
    return post


def edit_post(*, post_id: int, revision: int, source: str, operation: str = "", by: Viewer) -> Post:
    """Replace the text of a message as it stood at `revision`. Who may: its author.

    Raises `NotAllowed`, `Gone`, `EmptyText`, `EditConflict`, `OperationReused`.
    """
    with change(by=by) as c:
        if c.once(operation, [post_id, source]) is not None:
            return Post.objects.select_related("topic__space").get(pk=post_id)
        post = locked_post(post_id)
        if not rules.may_edit(by, post):
            raise NotAllowed("Seule la personne qui a écrit ce message peut le modifier.")
        if post.revision != revision:
            raise EditConflict(post)
        kept = written(source)
        if not kept.text:
            raise EmptyText("Votre message est vide.")
        post.html, post.text, post.renderer, post.edited_at = kept.html, kept.text, RENDERER, timezone.now()
        save_post(c, post, before=post_shown_in(post), fields=["html", "text", "renderer", "edited_at"])
        c.fact("forum.post_changed", post.pk)
        c.result = str(post.pk)
    return post


def delete_post(*, post_id: int, by: Viewer) -> Post:
    """Withdraw one's reply: its text leaves every screen, its place and number stay. Twice is once.

    Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        post = locked_post(post_id)
        if post.state == State.DELETED and by.person is not None and post.author_id == by.person.pk:
            return post
        if not rules.may_delete(by, post):
            raise NotAllowed("Vous ne pouvez pas retirer ce message.")
        set_state(c, post, State.DELETED, deleted_at=timezone.now())
        c.log("delete", "post", post.pk)
    return post


def restore_post(*, post_id: int, by: Viewer) -> Post:
    """Undo a withdrawal, for 24 hours. Who may: the author. Twice is once. Raises `NotAllowed`, `Gone`."""
    with change(by=by) as c:
        post = locked_post(post_id)
        if post.state == State.VISIBLE and by.person is not None and post.author_id == by.person.pk:
            return post
        if not rules.may_restore(by, post, timezone.now()):
            raise NotAllowed("Ce message ne peut plus être rétabli.")
        set_state(c, post, State.VISIBLE, deleted_at=None)
        c.log("restore", "post", post.pk)
    return post
