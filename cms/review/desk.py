"""The review desk: what waits for this person, since when, from whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.models import TaskState

from members.models import Person


@dataclass(frozen=True)
class Waiting:
    """A page that waits."""

    title: str
    kind: str
    section: str
    sent_by: str
    step: str
    since: datetime
    days: int
    edit: str
    compare: str


def waiting_for(person: Person) -> list[Waiting]:
    """What this person may act on, the oldest first: a few SQL queries a page that waits."""
    states = TaskState.objects.reviewable_by(person).select_related("task", "revision", "workflow_state__requested_by")
    found = [_line(state) for state in states.order_by("started_at", "pk")]
    return [line for line in found if line is not None]


def _line(state: TaskState) -> Waiting | None:
    page = state.workflow_state.content_object
    if page is None:
        return None
    asker = state.workflow_state.requested_by
    return Waiting(
        title=page.get_admin_display_title(),
        kind=page.page_type_display_name,
        section=page.get_parent().title,
        sent_by=asker.get_full_name() if asker is not None else "",
        step=state.task.name,
        since=state.started_at,
        days=(timezone.now() - state.started_at).days,
        edit=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        compare=_comparison(page, state),
    )


def _comparison(page: Any, state: TaskState) -> str:
    """What changed: since the published version, else since the version that was sent back; nothing for a first one."""
    before: Any = "live" if page.live_revision_id else None
    if before is None:
        sent_back = TaskState.objects.filter(
            workflow_state=state.workflow_state, status=TaskState.STATUS_REJECTED
        ).order_by("-finished_at")
        before = next((one.revision_id for one in sent_back[:1]), None)
    if before is None or before == state.revision_id:
        return ""
    return reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, before, page.latest_revision_id])


class DeskPanel(Component):
    """The desk, first on the administration’s home."""

    name = "review_desk"
    template_name = "cms/review/desk.html"
    order = 90

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """The lines of whoever looks."""
        return {"lines": waiting_for(parent_context["request"].user), "request": parent_context["request"]}
