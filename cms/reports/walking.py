"""The weekly walk over links: only our own pages and addresses are asked, no other site ever."""

from __future__ import annotations

from django.db.models import Max
from wagtail.models import Page

from changes import SYSTEM, change
from changes.facts import handles
from changes.models import Fact
from changes.ticks import tick
from cms.checks.findings import Finding
from cms.checks.pages import check_links
from cms.models import BrokenLink

WEEK = 7 * 24 * 3600
AT_ONCE = 100  # numbers of pages in one fact


@tick(every=WEEK)
def walk_links() -> None:
    """Have all published pages walked, some at a time: a worker that is killed loses a hundred at most."""
    last = Page.objects.aggregate(last=Max("pk"))["last"] or 0
    with change(by=SYSTEM) as c:
        for first in range(1, last + 1, AT_ONCE):
            c.fact("page.walk", first)


@handles("links", "page.walk")
def walk_some(fact: Fact) -> None:
    """Write down the broken links of some pages in place of those of the last walk. Twice is once."""
    first = int(fact.object_id)
    numbers = range(first, first + AT_ONCE)
    pages = Page.objects.live().filter(pk__gte=numbers[0], pk__lte=numbers[-1]).specific(defer=False)
    found = [_row(page, finding) for page in pages for finding in check_links(page)]
    with change(by=SYSTEM):
        BrokenLink.objects.filter(page__gte=numbers[0], page__lte=numbers[-1]).delete()
        BrokenLink.objects.bulk_create(found)


def _row(page: Page, finding: Finding) -> BrokenLink:
    return BrokenLink(page_id=page.pk, place=finding.place.label[:300], message=finding.message[:500])
