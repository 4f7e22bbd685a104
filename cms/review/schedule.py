"""Publication and expiry at their dates, to the minute, each page by itself: one that fails stops no other."""

from __future__ import annotations

from typing import Any

import structlog
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from changes import SYSTEM, change
from cms.checks import check_page
from cms.review.authors import is_own
from cms.review.permissions import kept_for_the_office
from members.models import Person

log = structlog.get_logger(__name__)


def expire_due() -> int:
    """Take down the pages whose end has come; returns how many."""
    due = Page.objects.live().filter(expire_at__lt=timezone.now()).order_by("pk")
    return sum(_done(_expire, page.pk) for page in due)


def publish_due() -> int:
    """Publish the revisions whose time has come, after the checks and the rule of the two persons, asked again.

    What is refused is no longer scheduled; those who wrote it and who scheduled it are told. Returns how many.
    """
    due = Revision.objects.page_revisions().filter(approved_go_live_at__lt=timezone.now())
    return sum(_done(_publish, pk) for pk in due.order_by("approved_go_live_at").values_list("pk", flat=True))


def _done(act: Any, pk: int) -> bool:
    try:
        with change(by=SYSTEM):
            return bool(act(pk))
    except Exception:
        log.exception("scheduled publication failed", act=act.__name__, object=pk)
        return False


def _expire(pk: int) -> bool:
    page = Page.objects.get(pk=pk).specific
    page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    return True


def _publish(pk: int) -> bool:
    revision = Revision.objects.get(pk=pk)
    page = revision.as_object()
    who = scheduled_by(revision)
    if not _may_go_live(page, revision, who):
        Revision.objects.filter(pk=pk).update(approved_go_live_at=None)
        with change(by=SYSTEM) as c:
            c.fact("page.held", page.pk, payload={"by": who})
        return False
    revision.publish(log_action="wagtail.publish.scheduled")
    return True


def _may_go_live(page: Any, revision: Revision, who: int | None) -> bool:
    person = Person.objects.filter(pk=who).first() if who is not None else None
    if person is not None and (is_own(page, person, upto=revision) or kept_for_the_office(page, person)):
        return False
    return not any(finding.is_blocking for finding in check_page(page))


def scheduled_by(revision: Revision) -> int | None:
    """Who gave this revision its date: the person’s id."""
    line = (
        PageLogEntry.objects.filter(revision=revision, action="wagtail.publish.schedule").order_by("-timestamp").first()
    )
    return line.user_id if line is not None else None
