"""How the administration looks to those who write and review: its hooks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin import filters
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.images.views import chooser

from cms.review.desk import DeskPanel
from cms.review.menu import say_what_happens
from cms.review.reviewers import reviews
from cms.roles.limits import choosable, no_popular_tags


@hooks.register("construct_homepage_panels")
def desk(request: HttpRequest, panels: list[Any]) -> None:
    """What waits for a review comes first, as a desk, for those who review."""
    kept = [one for one in panels if not isinstance(one, WorkflowObjectsToModeratePanel)]
    panels[:] = [DeskPanel(), *kept] if reviews(request.user) else kept


hooks.register("construct_page_action_menu", say_what_happens)
hooks.register("construct_page_chooser_queryset", choosable)

filters.popular_tags_for_model = no_popular_tags
chooser.popular_tags_for_model = no_popular_tags
