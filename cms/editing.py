"""How the administration looks to those who write and review: its hooks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin import filters
from wagtail.admin import messages as admin_messages
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.admin.views.pages.edit import EditView
from wagtail.images.views import chooser
from wagtail.models import Page

from cms.review.checker import own_checker
from cms.review.desk import DeskPanel
from cms.review.forms import say_what_to_mend
from cms.review.menu import say_what_happens
from cms.review.permissions import may_withdraw, why_not
from cms.review.reviewers import reviews
from cms.review.saying import say_what_it_did
from cms.roles.limits import choosable, no_popular_tags


@hooks.register("construct_homepage_panels")
def desk(request: HttpRequest, panels: list[Any]) -> None:
    """What waits for a review comes first, as a desk, for those who review."""
    kept = [one for one in panels if not isinstance(one, WorkflowObjectsToModeratePanel)]
    panels[:] = [DeskPanel(), *kept] if reviews(request.user) else kept


@hooks.register("before_edit_page")
def say_why_it_came_back(request: HttpRequest, page: Page) -> None:
    """Whoever opens a page that was sent back reads at the top what is asked, and by whom."""
    state = page.current_workflow_state
    if request.method != "GET" or request.GET or state is None or state.status != state.STATUS_NEEDS_CHANGES:
        return
    asked = state.current_task_state
    by = asked.finished_by.get_full_name() if asked.finished_by is not None else "le club"
    messages.warning(request, f"Modification demandée par {by} : « {asked.get_comment()} »")


@hooks.register("before_edit_page")
def only_who_asked_withdraws(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Wagtail lets a reviewer end the review, without a reason and without a word to the author: nothing is done."""
    pressed = {"action-cancel-workflow", "action-restart-workflow"} & set(request.POST)
    if not pressed or page.current_workflow_state is None or may_withdraw(page, request.user):
        return None
    messages.error(request, "Qui a envoyé la page en relecture peut l’en retirer : demandez plutôt une modification.")
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_publish_page")
def nobody_publishes_their_own(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Wagtail publishes a new page with the right on its parent alone: the draft is kept, and stays one."""
    refused = why_not(page, request.user)
    if not refused:
        return None
    if page.first_published_at is None:  # Wagtail adds what it is about to publish as published
        page.live, page.has_unpublished_changes = False, True
        page.save(update_fields=["live", "has_unpublished_changes"])
    messages.warning(request, f"Votre brouillon est enregistré. {refused}")
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_copy_page")
def copies_are_drafts(request: HttpRequest, page: Page) -> None:
    """A copy is a draft, never published with the same press: no check and no second person was asked."""
    if request.method == "POST":
        sent = request.POST.copy()
        sent.pop("publish_copies", None)
        sent.pop("alias", None)
        request.POST = sent  # type: ignore[assignment]  # what Wagtail's form reads


@hooks.register("insert_global_admin_css")
def own_style() -> SafeString:
    """A few rules of ours: links in messages can be read, the club’s name stands where Wagtail’s bird was."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))


hooks.register("construct_page_action_menu", say_what_happens)
hooks.register("construct_page_chooser_queryset", choosable)
hooks.register("construct_wagtail_userbar", own_checker)

# Wagtail has no setting for these.
admin_messages.validation_error = say_what_to_mend
filters.popular_tags_for_model = no_popular_tags
chooser.popular_tags_for_model = no_popular_tags
EditView.add_save_confirmation_message = say_what_it_did
