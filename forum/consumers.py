"""What the forum does at dates."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from changes import SYSTEM, change
from changes.ticks import tick
from files.actions import detach
from forum.models import Draft, Post, PostRevision, State, Topic
from forum.moderating import unpin_topic
from forum.rules import UNDO

LEAST = timedelta(minutes=10)  # an undoing that began in time has long ended by then


@tick(every=600)
def erase_withdrawn() -> None:
    """The text of a withdrawn reply, and what it was before, is erased once it cannot be taken back any more."""
    limit = timezone.now() - UNDO - LEAST
    with change(by=SYSTEM):
        withdrawn = Post.objects.filter(state=State.DELETED, deleted_at__lt=limit)
        PostRevision.objects.filter(post__in=withdrawn).delete()
        for pk in withdrawn.exclude(text="").values_list("pk", flat=True):
            detach(holder_kind="post", holder_id=pk, by=SYSTEM)
        withdrawn.exclude(text="").update(html="", text="")


@tick(every=3600)
def forget_ended_drafts() -> None:
    """What is left of a draft that was published goes after a day."""
    with change(by=SYSTEM):
        Draft.objects.filter(content={}, saved_at__lt=timezone.now() - timedelta(days=1)).delete()


@tick(every=60)
def end_pins() -> None:
    """A topic that was first in its list until now takes its place among the others."""
    for pk in Topic.objects.filter(pinned_until__lte=timezone.now()).values_list("pk", flat=True):
        unpin_topic(topic_id=pk, by=SYSTEM)
