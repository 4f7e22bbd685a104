"""Notices about pages under review, in words: as far as the person may still work on the page, asked each time."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from wagtail.models import Page, TaskState, get_default_page_content_type

from members.models import Person
from notifications.models import Notice

Kind = Notice.Kind
OF_PAGES = {
    Kind.PAGE_REVIEW,
    Kind.PAGE_WAITS,
    Kind.PAGE_REFUSED,
    Kind.PAGE_ACCEPTED,
    Kind.PAGE_COMMENTED,
    Kind.PAGE_HELD,
}
WAITING = {Kind.PAGE_REVIEW, Kind.PAGE_WAITS}
"""Said only while the page waits."""
Words = tuple[str, str, str]
"""What it says, its detail, where it leads."""


def words_of(rows: list[Notice], person: Person) -> dict[int, Words]:
    """Words of the notices about pages, by the notice’s id. Two SQL queries, then two a page that the person may not
    change by a group of theirs.
    """
    mine = [row for row in rows if row.kind in OF_PAGES]
    asked = Page.objects.filter(pk__in=[int(row.object_id) for row in mine]).prefetch_workflow_states()
    pages = {str(page.pk): page for page in asked} if mine else {}
    refused = {row.object_id for row in mine if row.kind == Kind.PAGE_REFUSED}
    reasons = _reasons(refused) if refused else {}
    return {
        row.pk: _words(row, pages[row.object_id], person, reasons.get(row.object_id, ""))
        for row in mine
        if row.object_id in pages and (row.kind not in WAITING or pages[row.object_id].workflow_in_progress)
    }


def _reasons(ids: set[str]) -> dict[str, str]:
    """The latest reason for which each page was sent back."""
    states = TaskState.objects.filter(
        status=TaskState.STATUS_REJECTED,
        workflow_state__base_content_type=get_default_page_content_type(),
        workflow_state__object_id__in=ids,
    )
    return dict(states.order_by("finished_at", "pk").values_list("workflow_state__object_id", "comment"))


def _words(row: Notice, page: Page, person: Person, reason: str) -> Words:
    kind = row.get_kind_display()
    if row.kind == Kind.PAGE_ACCEPTED and page.live and not page.has_unpublished_changes:
        return f"Votre page « {page.title} » est publiée", "", page.get_url() or ""
    if not page.permissions_for_user(person).can_edit():
        return kind, "", ""
    words = f"{kind} : « {page.draft_title} »"
    detail = f"Motif : {reason}" if row.kind == Kind.PAGE_REFUSED and reason else ""
    if row.kind == Kind.PAGE_ACCEPTED:
        detail = _goes_live(page)
    return words, detail, reverse("wagtailadmin_pages:edit", args=[page.pk])


def _goes_live(page: Any) -> str:
    revision = page.scheduled_revision
    if revision is None:
        return ""
    return f"Elle paraîtra le {date_format(localtime(revision.approved_go_live_at), 'j F Y à H:i')}."
