"""How a topic goes on: an accepted answer, its end, and the collectivités that have the same difficulty."""

from __future__ import annotations

from collections.abc import Sequence

from changes import Change, change
from forum import rules
from forum.models import Concern, Post, Status, Topic
from forum.rows import locked_post, locked_topic, save_post, save_topic
from forum.shown import post_shown_in
from members.models import Follow, Organisation, Person
from members.queries import mandates_of
from members.rules import NotAllowed
from members.viewer import Viewer


def accept_answer(*, post_id: int, by: Viewer) -> Post:
    """Mark a reply as the one that answers; another one gives way. Twice is once.

    Who may: whoever asked, a référent of their organisation, correspondents and facilitators of the region, the
    bureau. Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        post = locked_post(post_id)
        topic = post.topic
        if topic.accepted_id == post.pk and rules.may_decide_answer(by, topic):
            return post
        if not rules.may_accept(by, post):
            raise NotAllowed("Vous ne pouvez pas retenir cette réponse.")
        before = topic.accepted_id
        _set_accepted(c, topic, post)
        c.log("accept", "topic", topic.pk, before={"post": before}, after={"post": post.pk})
        c.fact("forum.accepted", post.pk, payload={"by": by.key})
    return post


def withdraw_acceptance(*, topic_id: int, by: Viewer) -> Topic:
    """No answer is the accepted one any more. Who may: as for accepting. Twice is once. Raises `NotAllowed`, `Gone`."""
    with change(by=by) as c:
        topic = locked_topic(topic_id)
        if not rules.may_decide_answer(by, topic):
            raise NotAllowed("Vous ne pouvez pas changer la réponse retenue.")
        if topic.accepted_id is not None:
            c.log("withdraw_acceptance", "topic", topic.pk, before={"post": topic.accepted_id})
            _set_accepted(c, topic, None)
    return topic


def _set_accepted(c: Change, topic: Topic, post: Post | None) -> None:
    """The mark leaves the one and comes to the other: both are told, and the topic's state follows."""
    marked = Post.objects.filter(pk__in=[pk for pk in (topic.accepted_id, post and post.pk) if pk]).order_by("number")
    topic.accepted = post
    if topic.status != Status.CLOSED:
        topic.status = Status.ANSWERED if post else Status.OPEN
    for one in marked:
        one.topic = topic
        save_post(c, one, before=post_shown_in(one), fields=[])
    save_topic(c, topic, fields=["accepted", "status"])
    c.fact("forum.topic_changed", topic.pk)


def close_topic(*, topic_id: int, reason: str, by: Viewer) -> Topic:
    """End a topic with a reason: it stays and is read, nobody replies any more. Twice is once.

    Who may: whoever opened it, who moderates its space. Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        topic = locked_topic(topic_id)
        if not rules.may_close(by, topic):
            raise NotAllowed("Vous ne pouvez pas clore cette discussion.")
        if topic.status != Status.CLOSED:
            _set_status(c, topic, Status.CLOSED, reason.strip())
            c.log("close", "topic", topic.pk, reason=reason.strip())
            c.fact("forum.closed", topic.pk, payload={"by": by.key})
    return topic


def reopen_topic(*, topic_id: int, by: Viewer) -> Topic:
    """Take a topic up again. Who may: as for closing. Twice is once. Raises `NotAllowed`, `Gone`."""
    with change(by=by) as c:
        topic = locked_topic(topic_id)
        if not rules.may_close(by, topic):
            raise NotAllowed("Vous ne pouvez pas rouvrir cette discussion.")
        if topic.status == Status.CLOSED:
            _set_status(c, topic, Status.ANSWERED if topic.accepted_id else Status.OPEN, "")
            c.log("reopen", "topic", topic.pk)
    return topic


def _set_status(c: Change, topic: Topic, status: Status, reason: str) -> None:
    topic.status, topic.closed_reason = status, reason
    save_topic(c, topic, fields=["status", "closed_reason"])
    c.fact("forum.topic_changed", topic.pk)


def say_we_too(*, topic_id: int, organisation_id: int, by: Viewer) -> Topic:
    """A collectivité has the same difficulty: one per collectivité, whoever of it says so; they follow. Twice is once.

    Who may: who speaks for a collectivité that did not ask itself. Raises `NotAllowed`, `Gone`.
    """
    with change(by=by) as c:
        topic, organisation, person = _concern(topic_id, organisation_id, by)
        _, made = Concern.objects.get_or_create(topic=topic, organisation=organisation, defaults={"person": person})
        if made:
            _count_concerns(c, topic)
            Follow.objects.get_or_create(person=person, kind="topic", object_id=str(topic.pk))
    return topic


def say_we_no_more(*, topic_id: int, organisation_id: int, by: Viewer) -> Topic:
    """The collectivité does not have the difficulty (any more). Twice is once. Raises `NotAllowed`, `Gone`."""
    with change(by=by) as c:
        topic, organisation, _ = _concern(topic_id, organisation_id, by)
        if Concern.objects.filter(topic=topic, organisation=organisation).delete()[0]:
            _count_concerns(c, topic)
    return topic


def _concern(topic_id: int, organisation_id: int, by: Viewer) -> tuple[Topic, Organisation, Person]:
    topic = locked_topic(topic_id)
    organisation = next((one.organisation for one in mandates_of(by) if one.organisation_id == organisation_id), None)
    if by.person is None or organisation is None or not rules.may_say_we_too(by, topic, organisation):
        raise NotAllowed("Seules les autres collectivités membres peuvent dire qu’elles sont concernées.")
    return topic, organisation, by.person


def _count_concerns(c: Change, topic: Topic) -> None:
    topic.concern_count = Concern.objects.filter(topic=topic).count()
    save_topic(c, topic, fields=["concern_count"])


def said_by(topic: Topic, organisations: Sequence[Organisation]) -> set[int]:
    """Those of the organisations that said that they have the difficulty. One SQL query."""
    rows = Concern.objects.filter(topic=topic, organisation__in=organisations)
    return set(rows.values_list("organisation", flat=True))
