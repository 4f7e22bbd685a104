"""What the forum does at dates."""

from __future__ import annotations

from django.utils import timezone

from changes import SYSTEM, change
from changes.ticks import tick
from forum.models import Post, State
from forum.rules import UNDO


@tick(every=600)
def erase_withdrawn() -> None:
    """The text of a withdrawn reply is erased once it cannot be taken back any more."""
    with change(by=SYSTEM):
        Post.objects.filter(state=State.DELETED, deleted_at__lt=timezone.now() - UNDO).exclude(text="").update(
            html="", text=""
        )
