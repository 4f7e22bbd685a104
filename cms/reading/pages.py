"""What the editorial pages read beside their lists, with a known number of SQL queries."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.models import Page

from cms.reading.lists import dressed, embedded, latest, page_of_children, projects_of, topics, with_lines
from cms.reading.privacy import readable
from meetings.queries import next_meetings
from members.queries import animators
from members.viewer import VISITOR_VIEWER, Viewer
from projects import queries as projects
from projects.models import Project

SHOWN = 5
LATEST = 3
SECTIONS = ("bonnes-pratiques", "actualites")
"""Sections that the home leads to, where a club has them."""
Crumbs = list[tuple[str, str]]


def home_context() -> dict[str, Any]:
    """What a visitor's home shows: figures, map and latest projects, then what was published last.

    Five SQL queries beside those of `projects.queries.overview`.
    """
    practices = dressed(with_lines(latest("practices", VISITOR_VIEWER))[:LATEST])
    articles = embedded("articles", VISITOR_VIEWER, region="", commitment=None, count=LATEST)
    sections = readable(Page.objects.live().filter(depth=3, slug__in=SECTIONS), VISITOR_VIEWER)
    return {
        "projects": projects.overview(),
        "practices": practices,
        "articles": articles,
        "sections": {page.slug.replace("-", "_"): page.url for page in sections},
    }


def member_home_context(viewer: Viewer) -> dict[str, Any]:
    """The latest practices that the member reads; whether the bureau has still to import the list of projects.

    One SQL query, two for the bureau.
    """
    return {
        "practices": embedded("practices", viewer, region="", commitment=None, count=LATEST),
        "no_projects": viewer.is_national_office and not Project.objects.published().exists(),
    }


def page_at(home: Page, components: list[str], viewer: Viewer) -> Any:
    """The published page of an address, as far as the viewer reads it, with what `joined` names. Two SQL queries.

    The pages above it come with it (`above`), for its breadcrumb.
    """
    paths = [f"{home.url_path}{'/'.join(components[:depth])}/" for depth in range(1, len(components) + 1)]
    rows = Page.objects.filter(slug__in=components, url_path__in=paths).order_by("depth")
    found = list(readable(rows, viewer).live().select_related("content_type"))
    if not found or found[-1].url_path != paths[-1]:
        return None
    model: Any = found[-1].content_type.model_class()
    page = model.objects.select_related(*getattr(model, "joined", ())).filter(pk=found[-1].pk).first()
    if page is not None:
        page.above = found[:-1]
    return page


def crumbs_of(page: Any) -> Crumbs:
    """The way to a page: titles and addresses of the published pages above it, then itself.

    A page above that is closed to the viewer would have closed this one too. The home page has no way to it. One SQL
    query, none for a page that was found by its address.
    """
    if page.depth <= 2:
        return []
    above = getattr(page, "above", None)
    if above is None:
        above = page.get_ancestors().filter(depth__gt=2, live=True)
    return [*((one.title, one.url) for one in above), (page.title, "")]


def practice_context(practice: Any) -> dict[str, Any]:
    """The project of a practice with its place and state, if everybody may see it. One SQL query."""
    rows = Project.objects.published().with_place().with_state().defer("raw")
    return {"project": rows.filter(pk=practice.project_id).first() if practice.project_id else None}


def region_context(page: Any, viewer: Viewer, number: str) -> dict[str, Any]:
    """What goes on in a région. Eight SQL queries at most, for visitors one less: names are for members."""
    code = page.region_id
    return {
        "meetings": next_meetings(viewer, region=code),
        "people": animators([code]).get(code, []) if viewer.is_member else [],
        "topics": topics(viewer, region=code, count=SHOWN),
        "projects": projects_of(region=code, count=SHOWN),
        "projects_url": f"{reverse('projects:list')}?region={code}",
        "children": page_of_children(page, viewer, number, "recent"),
    }
