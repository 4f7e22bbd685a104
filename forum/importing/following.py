"""Lines that changed since the last import: their rows follow, but for what somebody edited on the site since."""

from __future__ import annotations

from typing import NamedTuple

from changes.models import JournalLine
from forum.importing.lines import Line
from forum.importing.people import Known
from forum.importing.refs import Refs
from forum.models import Difficulty, Post, State, Status, Topic
from forum.text import RENDERER, seen


class Outcome(NamedTuple):
    """Whether the row changed, and what of the line was left as it is on the site (French)."""

    changed: bool
    left: list[str]


def follow_topic(topic: Topic, line: Line, refs: Refs, known: Known, *, dry_run: bool) -> Outcome:
    """Title, matter, project, step, engagements, accepted answer and end; its space, author and dates stay.

    The topic itself is saved by the caller.
    """
    data = line.data
    done = set(JournalLine.objects.filter(kind="topic", object_id=str(topic.pk)).values_list("verb", flat=True))
    left = []
    before = (topic.title, topic.project_id, topic.step, topic.accepted_id, topic.status, topic.closed_reason)
    if seen(data["title"]) != topic.title:
        if "rename" in done:
            left.append("le titre a été modifié sur le site")
        else:
            topic.title = seen(data["title"])
    topic.project_id = known.projects.get(data.get("project") or "") if data.get("project") else topic.project_id
    topic.step = data.get("step") or topic.step
    _follow_end(topic, line, refs, done)
    post = Post.objects.get(topic=topic, number=1)
    matter = _follow_text(post, line, refs, dry_run=dry_run)
    if not dry_run and not matter.left:
        numbers = [known.commitments[one] for one in data.get("commitments") or ()]
        topic.commitments.set(numbers)
        if parts := refs.parts(line):
            Difficulty.objects.update_or_create(topic=topic, defaults=parts)
    after = (topic.title, topic.project_id, topic.step, topic.accepted_id, topic.status, topic.closed_reason)
    return Outcome(before != after or matter.changed, left + matter.left)


def _follow_end(topic: Topic, line: Line, refs: Refs, done: set[str]) -> None:
    """An answer that was accepted or an end that came in the source, where nobody decided of it here."""
    accepted, closed = line.data.get("accepted"), line.data.get("closed")
    if not done & {"accept", "withdraw_acceptance"}:
        pk = refs.pks.get(("post", accepted)) if accepted else None
        if pk and Post.objects.filter(pk=pk, topic=topic, state=State.VISIBLE).exists():
            topic.accepted_id = pk
            topic.status = Status.ANSWERED if topic.status == Status.OPEN else topic.status
    if closed and "reopen" not in done and topic.status != Status.CLOSED:
        topic.status, topic.closed_reason = Status.CLOSED, closed["reason"].strip()


def follow_post(topic: Topic, line: Line, refs: Refs, *, dry_run: bool) -> Outcome:
    """The text of a reply; its author, date and number stay."""
    post = Post.objects.get(pk=refs.pks["post", line.id])
    return _follow_text(post, line, refs, dry_run=dry_run)


def _follow_text(post: Post, line: Line, refs: Refs, *, dry_run: bool) -> Outcome:
    kept = refs.written(line)
    if kept.html == post.html:
        return Outcome(False, [])
    if post.state == State.DELETED:
        return Outcome(False, ["le message a été retiré sur le site"])
    if post.edited_at is not None:
        return Outcome(False, ["le texte a été modifié sur le site"])
    if not dry_run:
        post.html, post.text, post.renderer = kept.html, kept.text, RENDERER
        post.revision += 1
        post.save(update_fields=["html", "text", "renderer", "revision"])
    return Outcome(True, [])
