"""What the forum does at dates."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from changes import SYSTEM, change
from changes.ticks import tick
from forum.models import Post, State
from forum.rules import UNDO

LEAST = timedelta(minutes=10)  # an undoing that began in time has long ended by then


@tick(every=600)
def erase_withdrawn() -> None:
    """The text of a withdrawn reply is erased once it cannot be taken back any more."""
    limit = timezone.now() - UNDO - LEAST
    with change(by=SYSTEM):
        Post.objects.filter(state=State.DELETED, deleted_at__lt=limit).exclude(text="").update(html="", text="")
