"""Wagtail's administration as the club has it: no user and group screens, no outside requests."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel

from cms.review.desk import DeskPanel
from cms.review.menu import say_what_happens
from cms.roles.limits import choosable

HIDDEN = {"users", "groups", "sites", "locales"}


@hooks.register("construct_settings_menu")
def hide_people(request: HttpRequest, menu_items: list[Any]) -> None:
    """People and rights are the club's own pages; Django groups are only a projection of them."""
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN]


@hooks.register("construct_help_menu")
def hide_help(request: HttpRequest, menu_items: list[Any]) -> None:
    """Wagtail's help links lead to other sites, in English."""
    menu_items[:] = []


@hooks.register("construct_homepage_panels")
def no_upgrade_panel(request: HttpRequest, panels: list[Any]) -> None:
    """No question to another server about versions."""
    panels[:] = [panel for panel in panels if "Upgrade" not in type(panel).__name__]


@hooks.register("construct_homepage_panels")
def desk(request: HttpRequest, panels: list[Any]) -> None:
    """What waits for a review comes first, as a desk."""
    panels[:] = [DeskPanel(), *(one for one in panels if not isinstance(one, WorkflowObjectsToModeratePanel))]


hooks.register("construct_page_action_menu", say_what_happens)
hooks.register("construct_page_chooser_queryset", choosable)
