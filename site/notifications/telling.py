"""The consumer `tell`: after a post, tell those whom it concerns and who may read it now, once per topic until read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from changes import SYSTEM, change
from changes.facts import handles
from changes.models import Fact
from changes.ticks import tick
from forum.models import Post, Reading, State, Topic
from members.models import Follow, Level, Role
from members.readers import holders_of, holders_of_role_in
from notifications.models import Notification
from notifications.streams import OWN

BATCH = 2000  # people in one transaction: their heads are locked together, in order
MAIL_AFTER = timedelta(seconds=60)  # in which the author may withdraw, and the reader come by
KEEP = timedelta(days=60)
Reason = Notification.Reason


def _following(kind: str, pk: int, level: Level) -> QuerySet[Follow]:
    return Follow.objects.filter(kind=kind, object_id=str(pk), level=level)


def concerned(post: Post) -> QuerySet[Any]:
    """Whom a post concerns and who may read it now, with the first reason that applies (`reason`).

    A reply: those who follow the topic. A new topic: those who follow its space, and who animate its region; a new
    difficulty or question rings who animates its author's region too, wherever it is asked. Never the author, nor
    whoever said that they would hear no more of it.
    """
    topic, space = post.topic, post.topic.space
    people = holders_of(space.audience).exclude(pk=post.author_id)
    people = people.exclude(pk__in=_following("topic", topic.pk, Level.MUTED).values("person"))
    if post.number > 1:
        followers = _following("topic", topic.pk, Level.WATCHED).values("person")
        reason = Case(When(pk=topic.author_id, then=Value(Reason.AUTHOR)), default=Value(Reason.REPLIED))
        return people.filter(pk__in=followers).annotate(reason=reason)
    muted = _following("space", space.pk, Level.MUTED).values("person")
    followers = _following("space", space.pk, Level.WATCHED).values("person")
    regions = {space.region_id, topic.region_id if topic.asks else None} - {None}
    animate = holders_of_role_in(regions, [Role.CORRESPONDENT, Role.FACILITATOR]).values("pk")
    reason = Case(When(pk__in=animate, then=Value(Reason.REGION)), default=Value(Reason.SPACE))
    told = people.filter(pk__in=followers) | people.filter(pk__in=animate)
    return told.exclude(pk__in=muted).annotate(reason=reason).distinct()


@handles("tell", "forum.post")
def tell_those_concerned(fact: Fact) -> None:
    """One line per person and topic, their own stream touched, a mail after a minute for the personally concerned.

    Done twice (a killed worker), it tells nothing new.
    """
    post = Post.objects.select_related("topic__space").filter(pk=int(fact.object_id)).first()
    if post is None or post.state != State.VISIBLE or post.topic.state != State.VISIBLE:
        return
    last = 0
    while people := list(concerned(post).filter(pk__gt=last).order_by("pk").values_list("pk", "reason")[:BATCH]):
        _tell(post, people)
        last = people[-1][0]


def _tell(post: Post, people: list[tuple[int, str]]) -> None:
    topic = post.topic
    now = timezone.now()
    rows = [Notification(person_id=pk, topic=topic, reason=reason, told_at=now) for pk, reason in people]
    with change(by=SYSTEM) as c:
        Notification.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["person", "topic"],
            update_fields=["told_at"],
        )
        for pk, _ in people:
            c.touch(f"person:{pk}", "topic", topic.pk, after=[OWN])
        for pk in _to_mail(topic, [pk for pk, reason in people if reason != Reason.SPACE]):
            c.fact("mail.reply", f"{pk}:{topic.pk}", not_before=post.created_at + MAIL_AFTER)


def _to_mail(topic: Topic, people: list[int]) -> list[int]:
    """Those who read all that an earlier mail told them, or had none: one mail per topic until it is read."""
    if not people:
        return []
    read = Reading.objects.filter(person=OuterRef("person"), topic=topic).values("number")
    rows = Notification.objects.filter(topic=topic, person__in=people).annotate(read=Coalesce(Subquery(read), 0))
    return list(rows.filter(mailed_number__lte=F("read")).values_list("person", flat=True))


@tick(every=3600 * 6)
def forget_old_notifications() -> None:
    """A line older than sixty days goes, read or not."""
    with change(by=SYSTEM):
        Notification.objects.filter(told_at__lt=timezone.now() - KEEP).delete()
