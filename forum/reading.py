"""Reading: how far somebody is in a topic, and following. One row moves, forward only; what is unread is derived."""

from __future__ import annotations

from changes import change
from forum import rules
from forum.models import Reading, Space, Topic
from members.models import Follow, Level
from members.rules import NotAllowed
from members.viewer import Viewer


def mark_read(*, topic: Topic, number: int, by: Viewer) -> bool:
    """The person was shown the topic up to this number. True where that moved; a visitor leaves no trace.

    Their own stream is told, so that bell and lists of their other tabs follow.
    """
    person = by.person
    if person is None or not rules.may_see_topic(by, topic):
        return False
    number = min(number, topic.last_number)
    known = Reading.objects.filter(person=person, topic=topic).values_list("number", flat=True).first()
    if known is not None and known >= number:
        return False
    with change(by=by) as c:
        if known is None:
            Reading.objects.bulk_create([Reading(person=person, topic=topic, number=number)], ignore_conflicts=True)
        Reading.objects.filter(person=person, topic=topic, number__lt=number).update(number=number)
        c.touch(f"person:{person.pk}", "topic", topic.pk, after=["own"])
    return True


def follow_topic(*, topic: Topic, by: Viewer) -> None:
    """Hear of the topic's replies. Who may: whoever sees it. Raises `NotAllowed`."""
    if not rules.may_see_topic(by, topic):
        raise NotAllowed("Vous ne pouvez pas suivre cette discussion.")
    _set_level("topic", topic.pk, Level.WATCHED, by)


def unfollow_topic(*, topic: Topic, by: Viewer) -> None:
    """Hear no more of the topic, whatever the reason was; replying again does not change that."""
    _set_level("topic", topic.pk, Level.MUTED, by)


def follow_space(*, space: Space, by: Viewer) -> None:
    """Hear of the space's new topics. Who may: whoever reads it. Raises `NotAllowed`."""
    if not rules.may_read(by, space):
        raise NotAllowed("Vous ne pouvez pas suivre cet espace.")
    _set_level("space", space.pk, Level.WATCHED, by)


def unfollow_space(*, space: Space, by: Viewer) -> None:
    """Hear no more of the space's new topics."""
    _set_level("space", space.pk, Level.MUTED, by)


def dismiss_pin(*, topic: Topic, by: Viewer) -> None:
    """The person wants the topic among the others, not first in the list."""
    _set_level("pin", topic.pk, Level.MUTED, by)


def _set_level(kind: str, pk: int, level: Level, by: Viewer) -> None:
    if by.person is None:
        raise NotAllowed("Connectez-vous pour suivre.")
    with change(by=by) as c:
        Follow.objects.update_or_create(person=by.person, kind=kind, object_id=str(pk), defaults={"level": level})
        c.touch(f"person:{by.person.pk}", kind, pk, after=["own"])
