"""A review that waits five working days reminds those who may act on it, once per waiting."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from wagtail.models import TaskState

from changes import SYSTEM, change
from changes.models import JournalLine

WORKING_DAYS = 5
SATURDAY = 5


def working_days_before(moment: datetime, days: int) -> datetime:
    """The same hour, so many working days earlier; public holidays count as any day."""
    while days:
        moment -= timedelta(days=1)
        days -= timezone.localtime(moment).weekday() < SATURDAY
    return moment


def remind() -> int:
    """Tell once of each review that has waited since before then; returns how many."""
    limit = working_days_before(timezone.now(), WORKING_DAYS)
    waiting = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, started_at__lt=limit)
    ids = list(waiting.values_list("pk", flat=True))
    told = set(
        JournalLine.objects.filter(verb="remind", kind="review", object_id__in=map(str, ids)).values_list(
            "object_id", flat=True
        )
    )
    for pk in ids:
        if str(pk) not in told:
            with change(by=SYSTEM) as c:
                c.log("remind", "review", pk)
                c.fact("page.waits", pk)
    return len(ids) - len(told)
