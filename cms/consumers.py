"""What the editorial site does at dates: scheduled publication and expiry, to the minute; reviews that wait."""

from __future__ import annotations

from changes.ticks import tick
from cms.review.reminders import remind
from cms.review.schedule import expire_due, publish_due


@tick(every=30)
def publish_scheduled() -> None:
    """Publish and unpublish what is due; each page is a change of its own, with its facts."""
    expire_due()
    publish_due()


@tick(every=3600)
def remind_of_reviews() -> None:
    """Remind reviewers of what has waited for five working days."""
    remind()
