"""What the editorial site does at dates: scheduled publication and expiry, to the minute; reviews that wait."""

from __future__ import annotations

from django.utils import timezone

from changes import SYSTEM, change
from changes.streams import PUBLIC
from changes.ticks import tick
from cms.models import LegalPage
from cms.review.reminders import remind
from cms.review.schedule import expire_due, publish_due


@tick(every=30)
def publish_scheduled() -> None:
    """Publish and unpublish what is due; each page is a change of its own, with its facts."""
    expire_due()
    publish_due()


@tick(every=3600)
def texts_come_into_force() -> None:
    """On the day from which a legal text holds, visitors' pages are made anew: a date passed, nothing was written."""
    today = timezone.localdate()
    if timezone.localtime().hour == 0 and LegalPage.objects.live().filter(in_force_on=today).exists():
        with change(by=SYSTEM) as c:
            c.renew(PUBLIC, PUBLIC)


@tick(every=3600)
def remind_of_reviews() -> None:
    """Remind reviewers of what has waited for five working days."""
    remind()
