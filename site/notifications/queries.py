"""What a person's bell and page of notifications read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import DateTimeField, Exists, IntegerField, QuerySet, TextField

from changes.prepared import Prepared, given
from forum.models import State
from forum.queries import unread_posts
from members.viewer import Viewer
from notifications.models import Notice, Notification


def told(viewer: Viewer) -> QuerySet[Any]:
    """The person's lines about topics that they may read now, the latest first, each with whether it is unread."""
    if viewer.person is None:
        return Notification.objects.none()
    lines = _told(viewer.person, None, viewer.tokens)
    return lines.order_by("-told_at", "-id")


def _told(person: Any, joined_at: Any, tokens: Iterable[Any]) -> QuerySet[Any]:
    unread = unread_posts(person, joined_at, of="topic")
    lines = Notification.objects.filter(
        person=person, topic__state=State.VISIBLE, topic__space__audience__in=list(tokens)
    )
    return lines.annotate(unread=Exists(unread))


def _new(tokens: int) -> QuerySet[Any]:
    """The bell's query, for a person with so many tokens."""
    person = given("person", IntegerField())
    lines = _told(person, given("joined_at", DateTimeField()), [given(f"token{n}", TextField()) for n in range(tokens)])
    notices = Notice.objects.filter(person=person, read_at=None).order_by().values_list("pk")
    return lines.filter(unread=True).order_by().values_list("pk").union(notices, all=True)


NEW = Prepared(_new)


def bell(viewer: Viewer) -> int:
    """How many topics and notices are new for the person. One SQL query; visitors cost none."""
    if viewer.person is None:
        return 0
    tokens = {f"token{n}": token for n, token in enumerate(viewer.tokens)}
    return NEW.count(len(tokens), person=viewer.person.pk, joined_at=viewer.person.joined_at, **tokens)
