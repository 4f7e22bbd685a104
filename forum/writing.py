"""What members write: topics, replies, edits, withdrawals and their undoing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.utils import timezone

from changes import Change, change
from files.actions import Chosen, attach, settle
from forum import rules
from forum.drafting import end_draft
from forum.matter import matter_source
from forum.models import BADGES, Difficulty, Kind, Post, PostRevision, Space, State, Topic
from forum.rows import locked_post, locked_topic, save_post, save_topic, set_state, tell_topic
from forum.shown import post_shown_in
from forum.text import RENDERER, Written, visible, written
from members.models import Follow, Membership, Person
from members.rules import NotAllowed
from members.viewer import Viewer
from projects.models import Commitment, Project

GRACE = timedelta(minutes=5)
"""How long a text may be corrected without keeping what it was, unless somebody has answered or reported it."""


class EmptyText(Exception):
    """Nothing is left of a text once it is cleaned; the message says so (French)."""


class EditConflict(Exception):
    """Somebody changed the message since the form was opened; `post` is how it stands now. Nothing was changed."""

    def __init__(self, post: Post) -> None:
        super().__init__("Ce message a changé depuis que vous avez ouvert cette page.")
        self.post = post


class Meanwhile(Exception):
    """What the form said is not so any more; nothing was published. `posts` came while it was being written; where
    there are none, other people read here now.
    """

    def __init__(self, posts: Sequence[Post] = ()) -> None:
        super().__init__("Quelque chose a changé pendant que vous écriviez.")
        self.posts = posts


@dataclass(frozen=True)
class Shown:
    """What a form said to whoever fills it: the readers of the space, the number of the last message on screen."""

    readers: str = ""
    last: int | None = None


@dataclass(frozen=True)
class Guided:
    """What the guided form of a difficulty asks beyond its title and context; project and engagements for any topic."""

    tried: str = ""
    wanted: str = ""
    step: str = ""
    project_id: int | None = None
    commitments: tuple[int, ...] = ()


def _writer(by: Viewer) -> Person:
    if by.person is None:
        raise NotAllowed("Connectez-vous pour écrire.")
    return by.person


def _kept(source: str) -> Written:
    kept = written(source)
    if not visible(kept.text):
        raise EmptyText("Votre message est vide.")
    return kept


def mandate_of(person: Person, organisation_id: int | None) -> Membership | None:
    """The mandate in which somebody writes: the one of the organisation they chose, else their first.

    Raises `NotAllowed` for an organisation that they do not speak for.
    """
    mandates = Membership.objects.current().filter(person=person).select_related("organisation")
    if organisation_id is None:
        return mandates.order_by("starts_at", "id").first()
    found = mandates.filter(organisation=organisation_id).first()
    if found is None:
        raise NotAllowed("Vous ne parlez pas pour cette organisation.")
    return found


def _still_read_by(shown: Shown | None, space: Space) -> None:
    if shown is not None and shown.readers and shown.readers != space.audience:
        raise Meanwhile


def _nothing_came(shown: Shown | None, topic: Topic, by: Viewer) -> None:
    if shown is None or shown.last is None or shown.last >= topic.last_number:
        return
    came = Post.objects.filter(topic=topic, number__gt=shown.last, state=State.VISIBLE).exclude(author=by.person)
    if posts := list(came.select_related("author", "organisation").order_by("number")[:10]):
        raise Meanwhile(posts)


def _told(files: Sequence[Chosen]) -> list[tuple[str, str, bool]]:
    """Files as an operation's payload: the same for the same ones sent twice."""
    return [(one.fingerprint, one.alt, one.decorative) for one in files]


def _write_post(
    c: Change, topic: Topic, kept: Written, mandate: Membership | None, files: Sequence[Chosen], *, by: Viewer
) -> Post:
    """The next post of a locked topic, in a mandate; the role that the person holds is kept with it."""
    topic.last_number += 1
    post = Post(
        topic=topic,
        number=topic.last_number,
        author=_writer(by),
        organisation_id=mandate.organisation_id if mandate else None,
        function=mandate.function if mandate else "",
        role=next((role for role in BADGES if by.holds_any([role])), ""),
        html=kept.html,
        text=kept.text,
        renderer=RENDERER,
    )
    post.save(force_insert=True)
    attach(files, holder_kind="post", holder_id=post.pk, by=by)
    topic.last_post_at = post.created_at
    c.touch(topic.stream, "post", post.pk, after=post_shown_in(post))
    c.fact("forum.post", post.pk)
    return post


def follow_what_one_wrote(topic: Topic, by: Viewer) -> None:
    """Whoever writes follows, unless they said that they would hear no more."""
    Follow.objects.get_or_create(person=_writer(by), kind="topic", object_id=str(topic.pk))


def start_topic(
    *,
    space: Space,
    title: str,
    source: str,
    kind: str = Kind.QUESTION,
    guided: Guided | None = None,
    files: Sequence[Chosen] = (),
    organisation_id: int | None = None,
    shown: Shown | None = None,
    operation: str = "",
    by: Viewer,
) -> Topic:
    """Open a topic with its matter. Who may: members, wherever they read.

    Of a difficulty the context is `source`, and `guided` the rest of its form. A draft for this space ends with it.
    Raises `NotAllowed`, `EmptyText`, `FileRefused`, `Meanwhile`, `OperationReused`; the same operation gives the first
    topic again.
    """
    if not rules.may_write(by, space):
        raise NotAllowed("Seuls les membres qui lisent cet espace peuvent y ouvrir une discussion.")
    asked = guided or Guided()
    with change(by=by) as c:
        if first := c.once(operation, [space.pk, title, source, kind, asdict(asked), organisation_id, *_told(files)]):
            return Topic.objects.select_related("space").get(pk=first)
        _still_read_by(shown, Space.objects.get(pk=space.pk))
        mandate = mandate_of(_writer(by), organisation_id)
        topic = Topic(
            space=space,
            kind=kind,
            title=title.strip(),
            author=_writer(by),
            organisation=mandate.organisation if mandate else None,
            region_id=mandate.organisation.region_id if mandate else None,
        )
        kept = _describe(topic, source, asked)
        topic.save(force_insert=True)
        _keep_guided(topic, source, asked)
        _write_post(c, topic, kept, mandate, files, by=by)
        topic.save(update_fields=["last_number", "last_post_at"])
        tell_topic(c, topic, before=())
        follow_what_one_wrote(topic, by)
        end_draft(f"{space.stream}:{topic.kind}", by)
        c.log("start", "topic", topic.pk, after={"space": space.pk, "kind": topic.kind})
        c.result = str(topic.pk)
    return topic


def _describe(topic: Topic, source: str, asked: Guided) -> Written:
    """Set what the guided form says of a topic; returns the text of its first message. Raises `EmptyText`."""
    topic.project = Project.objects.published().filter(pk=asked.project_id).first() if asked.project_id else None
    if topic.kind != Kind.DIFFICULTY:
        return _kept(source)
    topic.step = asked.step
    if not visible(written(source).text):
        raise EmptyText("Dites en quelques mots le contexte.")
    return _kept(matter_source(source, asked.tried, asked.wanted))


def _keep_guided(topic: Topic, source: str, asked: Guided) -> None:
    topic.commitments.set(Commitment.objects.filter(number__in=asked.commitments))
    if topic.kind == Kind.DIFFICULTY:
        parts = {"context": source.strip(), "tried": asked.tried.strip(), "wanted": asked.wanted.strip()}
        Difficulty.objects.update_or_create(topic=topic, defaults=parts)


def reply_to_topic(
    *,
    topic_id: int,
    source: str,
    files: Sequence[Chosen] = (),
    organisation_id: int | None = None,
    shown: Shown | None = None,
    operation: str = "",
    by: Viewer,
) -> Post:
    """Reply. Who may: members who read the space, while the topic is visible and not closed.

    A draft for this topic ends with it. Raises `NotAllowed`, `Gone`, `EmptyText`, `FileRefused`, `Meanwhile`,
    `OperationReused`; the same operation gives the first reply again.
    """
    with change(by=by) as c:
        if first := c.once(operation, [topic_id, source, *_told(files)]):
            return Post.objects.select_related("topic__space").get(pk=first)
        topic = locked_topic(topic_id)
        if not rules.may_reply(by, topic):
            raise NotAllowed("Vous ne pouvez pas répondre dans cette discussion.")
        _still_read_by(shown, topic.space)
        _nothing_came(shown, topic, by)
        mandate = mandate_of(_writer(by), organisation_id)
        post = _write_post(c, topic, _kept(source), mandate, files, by=by)
        topic.reply_count += 1
        save_topic(c, topic, fields=["last_number", "last_post_at", "reply_count"])
        follow_what_one_wrote(topic, by)
        end_draft(topic.stream, by)
        c.result = str(post.pk)
    return post


def edit_post(
    *,
    post_id: int,
    revision: int,
    source: str,
    files: Sequence[Chosen] | None = None,
    operation: str = "",
    by: Viewer,
) -> Post:
    """Replace the text of a message as it stood at `revision`. Who may: its author.

    Beyond five minutes, or once somebody answered or reported it, what it was is kept for whoever reads the message.
    With `files` it holds exactly these afterwards. Raises `NotAllowed`, `Gone`, `EmptyText`, `EditConflict`,
    `FileRefused`, `OperationReused`.
    """
    with change(by=by) as c:
        if c.once(operation, [post_id, source, *_told(files or ())]) is not None:
            return Post.objects.select_related("topic__space").get(pk=post_id)
        post = _post_to_edit(post_id, revision, by)
        _replace_text(c, post, _kept(source), files, by)
        c.result = str(post.pk)
    return post


def edit_matter(
    *,
    topic_id: int,
    revision: int,
    title: str,
    source: str,
    guided: Guided | None = None,
    files: Sequence[Chosen] | None = None,
    operation: str = "",
    by: Viewer,
) -> Topic:
    """Change title and matter of a topic; `revision` is its first message's. Who may: its author.

    The address follows the title; the older one leads to it. Raises as `edit_post`.
    """
    asked = guided or Guided()
    with change(by=by) as c:
        if c.once(operation, [topic_id, title, source, asdict(asked), *_told(files or ())]) is not None:
            return Topic.objects.select_related("space").get(pk=topic_id)
        first = Post.objects.filter(topic=topic_id, number=1).values_list("pk", flat=True).first()
        post = _post_to_edit(first or 0, revision, by)
        topic = post.topic
        before = {"title": topic.title}
        topic.title = title.strip()
        kept = _describe(topic, source, asked)
        _keep_guided(topic, source, asked)
        save_topic(c, topic, fields=["title", "project", "step"])
        if kept.html != post.html or files is not None:
            _replace_text(c, post, kept, files, by)
        if before["title"] != topic.title:
            c.log("rename", "topic", topic.pk, before=before, after={"title": topic.title})
        c.fact("forum.topic_changed", topic.pk)
        c.result = str(topic.pk)
    return topic


def _post_to_edit(post_id: int, revision: int, by: Viewer) -> Post:
    post = locked_post(post_id)
    if not rules.may_edit(by, post):
        raise NotAllowed("Seule la personne qui a écrit ce message peut le modifier.")
    if revision < post.text_revision:  # what changed since without touching the text is no conflict
        raise EditConflict(post)
    return post


def _replace_text(c: Change, post: Post, kept: Written, files: Sequence[Chosen] | None, by: Viewer) -> None:
    if files is not None:
        settle(files, holder_kind="post", holder_id=post.pk, by=by)
    now, since = timezone.now(), post.edited_at or post.created_at
    kept_before = post.revisions.order_by("-revision").values_list("at", flat=True).first()
    answered = Post.objects.filter(topic=post.topic, number__gt=post.number).exclude(author=post.author).exists()
    if kept.html != post.html and (now - (kept_before or post.created_at) > GRACE or answered or post.reports.exists()):
        PostRevision.objects.create(
            post=post, revision=post.revision, html=post.html, text=post.text, by=_writer(by), at=since
        )
    post.html, post.text, post.renderer, post.edited_at = kept.html, kept.text, RENDERER, now
    post.text_revision = post.revision + 1
    fields = ["html", "text", "renderer", "edited_at", "text_revision"]
    save_post(c, post, before=post_shown_in(post), fields=fields)
    end_draft(f"post:{post.pk}", by)
    c.fact("forum.post_changed", post.pk)


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
