"""What a person's bell and page of notifications read."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from forum.models import State
from forum.queries import unread_posts
from members.viewer import Viewer
from notifications.models import Notice, Notification


def told(viewer: Viewer) -> QuerySet[Any]:
    """The person's lines about topics that they may read now, the latest first, each with whether it is unread."""
    if viewer.person is None:
        return Notification.objects.none()
    unread = unread_posts(viewer.person).filter(topic=OuterRef("topic"))
    return (
        Notification.objects.filter(
            person=viewer.person, topic__state=State.VISIBLE, topic__space__audience__in=viewer.tokens
        )
        .annotate(unread=Exists(unread))
        .order_by("-told_at", "-id")
    )


def bell(viewer: Viewer) -> int:
    """How many topics and notices are new for the person. One SQL query; visitors cost none."""
    if viewer.person is None:
        return 0
    topics = told(viewer).filter(unread=True).order_by().values("pk")
    notices = Notice.objects.filter(person=viewer.person, read_at=None).order_by().values("pk")
    return topics.union(notices, all=True).count()
