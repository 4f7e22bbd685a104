"""The buttons under the editor: what each will do, in words, and only those that this person may press."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.action_menu import (
    CancelWorkflowMenuItem,
    PublishMenuItem,
    RestartWorkflowMenuItem,
    SubmitForModerationMenuItem,
    WorkflowMenuItem,
)

from cms.review.permissions import may_withdraw


class SendMenuItem(SubmitForModerationMenuItem):
    """« Envoyer en relecture », or again after a change was asked."""

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        page = parent_context.get("page")
        state = page.current_workflow_state if page else None
        again = state is not None and state.status == state.STATUS_NEEDS_CHANGES
        return {**context, "label": "Renvoyer en relecture" if again else "Envoyer en relecture"}


def say_what_happens(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Name the buttons, drop those that do the same by another way, and put first the one that people come for."""
    page = context.get("page")
    in_review = page is not None and page.workflow_in_progress
    kept = []
    for item in items:
        hidden = in_review or _is_new_and_signed(request, context)
        if isinstance(item, RestartWorkflowMenuItem) or (hidden and isinstance(item, PublishMenuItem)):
            continue  # in review, « Publier maintenant » is the reviewer’s agreement
        if isinstance(item, CancelWorkflowMenuItem) and not may_withdraw(page, request.user):
            continue  # a reviewer asks for a change, and says why
        kept.append(_named(item, page))
    wanted = "approve" if any(item.name == "approve" for item in kept) else "action-submit"
    publishes = any(item.name == "action-publish" for item in kept)
    first = [item for item in kept if item.name == wanted and not (wanted == "action-submit" and publishes)]
    items[:] = [*first, *(item for item in kept if item not in first)]


def _is_new_and_signed(request: HttpRequest, context: dict[str, Any]) -> bool:
    """Whether the page is being made, and is of a kind that its author does not publish."""
    match = request.resolver_match
    if context.get("view") != "create" or match is None:
        return False
    model = apps.get_model("cms", match.kwargs.get("content_type_model_name", "homepage"))
    return bool(getattr(model, "another_publishes", False))


def _named(item: Any, page: Any) -> Any:
    if isinstance(item, SubmitForModerationMenuItem):
        return SendMenuItem(order=item.order)
    if isinstance(item, WorkflowMenuItem):
        if item.name == "approve":
            item.label = page.current_workflow_task.agreement
            if page.go_live_at and page.go_live_at > timezone.now() and page.current_workflow_state.is_at_final_task:
                item.label = "Programmer la publication"
    elif isinstance(item, PublishMenuItem):
        named = PublishMenuItem(order=item.order)
        named.label = "Publier maintenant"
        return named
    elif isinstance(item, CancelWorkflowMenuItem):
        named = CancelWorkflowMenuItem(order=item.order)
        named.label = "Retirer de la relecture"
        return named
    return item
