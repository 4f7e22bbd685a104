"""The main menu and the plan of the site, from the tree: what is published, in menus, and open to who looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Page

from cms.reading.privacy import readable
from members.viewer import VISITOR_VIEWER, Viewer

PLAN_DEPTH = 5
PLAN_ROWS = 500


@dataclass(frozen=True)
class Entry:
    """A page of the menu, or of the plan with what is below it."""

    title: str
    url: str
    below: list[Entry] = field(default_factory=list)


def menu() -> list[Entry]:
    """The sections of the main menu, open to everybody: pages under the home that stand « dans les menus », as ordered.

    One SQL query: who shows it on every page keeps it (`club.context.sections`).
    """
    rows = readable(Page.objects.live().in_menu().filter(depth=3), VISITOR_VIEWER).order_by("path")
    return [Entry(page.title, page.url or "") for page in rows]


def outline(viewer: Viewer) -> list[Entry]:
    """The published pages below the home that the viewer may read, as a tree. One SQL query."""
    rows: Any = Page.objects.live().filter(depth__gte=3, depth__lte=PLAN_DEPTH)
    roots: list[Entry] = []
    found: dict[str, Entry] = {}
    for page in readable(rows, viewer).order_by("path")[:PLAN_ROWS]:
        entry = found[page.path] = Entry(page.title, page.url or "")
        above = found.get(page.path[: -page.steplen])
        if above is not None:
            above.below.append(entry)
        elif page.depth == 3:
            roots.append(entry)
    return roots
