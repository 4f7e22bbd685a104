"""The main menu and the plan of the site, from the tree: what is published, in menus, and open to who looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from wagtail.models import Page

from changes.streams import PUBLIC, stand
from cms.reading.privacy import readable
from members.viewer import VISITOR_VIEWER, Viewer

KEEP = 600
PLAN_DEPTH = 5
PLAN_ROWS = 500


@dataclass(frozen=True)
class Entry:
    """A page of the menu, or of the plan with what is below it."""

    title: str
    url: str
    below: list[Entry] = field(default_factory=list)


def menu(position: int | None = None) -> list[Entry]:
    """The sections of the main menu, open to everybody: pages under the home that stand « dans les menus », as ordered.

    Kept under the position of the stream `public`, which moves with whatever would change it; who knows the position
    gives it. At most two SQL queries, none where it is kept and the position is given.
    """
    if position is None:
        position = stand(PUBLIC, PUBLIC).pos
    key = f"menu:{position}"
    entries: list[Entry] | None = cache.get(key)
    if entries is None:
        rows = readable(Page.objects.live().in_menu().filter(depth=3), VISITOR_VIEWER).order_by("path")
        entries = [Entry(page.title, page.url or "") for page in rows]
        cache.set(key, entries, KEEP)
    return entries


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
