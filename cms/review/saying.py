"""What the editor says once a button was pressed: what it did, or why it did not do it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.utils import timezone
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import WorkflowState

from cms.review.permissions import why_not

_wagtails = EditView.add_save_confirmation_message


def say_what_it_did(view: Any) -> None:
    """In place of Wagtail’s « mise à jour », which it says too of a review and of a page that it did not publish."""
    if view.action_name == "perform_workflow_action":
        messages.success(view.request, f"La page « {view.page.get_admin_display_title()} » {_decided(view)}.")
    elif view.request.POST.get("action-publish"):
        why = why_not(view.page, view.request.user) or "Vous ne publiez pas ici : envoyez la page en relecture."
        messages.warning(view.request, f"Votre brouillon est enregistré. {why}")
    else:
        _wagtails(view)


def _decided(view: Any) -> str:
    """What became of the page in this review."""
    state = WorkflowState.objects.get(pk=view.workflow_state.pk)
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return "est renvoyée à son auteur"
    if state.status != WorkflowState.STATUS_APPROVED:
        return f"attend maintenant l’étape « {state.current_task_state.task.name} »"
    later = view.page.go_live_at is not None and view.page.go_live_at > timezone.now()
    return "est programmée" if later else "est publiée"
