"""What happens in a review, made into facts: a page waits, is sent back, is accepted, is commented.

Like `cms.facts`, it hears Wagtail’s signals because Wagtail has nothing else. Its own mails are replaced: ours ask the
right to know at the moment of sending. A signal keeps the first receiver of a `dispatch_uid`, and this app is ready
before Wagtail’s; for comments Wagtail has no signal, only the method of its editor.
"""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.pages.edit import EditView
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected

from changes import SYSTEM, change


def _tell(kind: str, pk: object, **payload: object) -> None:
    with change(by=SYSTEM) as c:
        c.fact(kind, pk, payload=payload)


def _waits(instance: TaskState, user: Any = None, **kwargs: Any) -> None:
    _tell("page.review", instance.pk)


def _sent_back(instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    _tell("page.refused", instance.pk, by=getattr(user, "pk", None))


def _accepted(instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    _tell("page.accepted", instance.pk, by=getattr(user, "pk", None))


def _commented(view: EditView, changes: dict[str, Any]) -> None:
    """In place of Wagtail’s mail to all who ever commented, whether they may still see the page or not."""
    told = changes["new_comments"] or changes["new_replies"] or changes["resolved_comments"]
    if told:
        _tell("page.commented", view.page.pk, by=view.request.user.pk)


def connect() -> None:
    """Hear Wagtail; called once, before its administration is ready."""
    task_submitted.connect(_waits, dispatch_uid="facts.review")
    workflow_rejected.connect(
        _sent_back, sender=WorkflowState, dispatch_uid="workflow_state_rejected_email_notification", weak=False
    )
    workflow_approved.connect(
        _accepted, sender=WorkflowState, dispatch_uid="workflow_state_approved_email_notification", weak=False
    )
    EditView.send_commenting_notifications = _commented
