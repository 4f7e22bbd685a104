"""Wagtail's administration as the club has it: no user and group screens, no outside requests."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

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
