"""What every template may use."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from changes.models import Job
from cms.accessibility import accessibility_status
from cms.reading.menus import menu
from members.models import Role
from members.viewer import Viewer

FIRST_CONTENT = ("install",)
WRITING = (Role.NATIONAL_OFFICE, Role.PARTNER_AUTHOR, Role.CORRESPONDENT, Role.FACILITATOR)
"""Who has a section to write in."""
SECTIONS_KEPT = 2  # seconds, in each process


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name and banners, the viewer, the navigation. No SQL query of its own but what a template asks for."""
    viewer = getattr(request, "viewer", None)
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_TAGLINE": settings.SITE_TAGLINE,
        "SITE_URL": settings.SITE_URL,
        "MINISTRY": settings.MINISTRY,
        "NOTICE": settings.NOTICE,
        "BETA": settings.BETA,
        "MOURNING": settings.MOURNING,
        "DEVELOPMENT": settings.DEVELOPMENT,
        "ADMIN_PATH": settings.ADMIN_PATH,
        "ACCESSIBILITY_STATUS": SimpleLazyObject(accessibility_status),
        "NAVIGATION": SimpleLazyObject(lambda: navigation(request, viewer)),
        "JOBS": SimpleLazyObject(first_content_jobs),
        "viewer": viewer,
    }


def navigation(
    request: HttpRequest, viewer: Viewer | None, tree: list[tuple[str, str]] | None = None
) -> list[dict[str, str]]:
    """The main menu, with what this viewer may open; `tree`: the sections, where they are known."""
    items = [("Accueil", "/"), ("Forum", _address("forum:spaces")), ("Agenda", _address("meetings:list"))]
    items += [("Projets", _address("projects:list")), *(sections(request) if tree is None else tree)]
    if viewer is not None and viewer.is_national_office:
        items += [("Membres", _address("members:list")), ("Import des projets", _address("projects:imports"))]
        items += [("Exploitation", _address("operations"))]
    if viewer is not None and viewer.holds_any(WRITING):
        items += [("Rédaction", f"/{settings.ADMIN_PATH}")]
    within = max((url for _, url in items if url != "/" and request.path.startswith(url)), key=len, default="")
    menu = []
    for label, url in items:
        current = "page" if request.path == url else "true" if url == within else ""
        menu.append({"label": label, "url": url, "current": current})
    return menu


_address = cache(reverse)
"""The address of a name without arguments: it is on every page, and never changes."""


def sections(request: HttpRequest) -> list[tuple[str, str]]:
    """The sections of the tree, open to everybody.

    For a visitor's page, which is kept under a position, those of this very position; else those of two seconds ago.
    """
    position = getattr(request, "public_position", None)
    key = f"sections:{'now' if position is None else position}"
    kept: list[tuple[str, str]] | None = caches["process"].get(key)
    if kept is None:
        kept = [(entry.title, entry.url) for entry in menu()]
        caches["process"].set(key, kept, SECTIONS_KEPT if position is None else 600)
        caches["process"].set("sections:last", kept, None)
    return kept


def last_known_sections() -> list[tuple[str, str]]:
    """The sections for a page that may ask the database nothing."""
    return caches["process"].get("sections:last") or []


def first_content_jobs() -> list[Job]:
    """The jobs of a first start while they run, for the notice on every page; asked at most once in two seconds."""
    jobs: list[Job] | None = caches["process"].get("first-content")
    if jobs is None:
        jobs = list(
            Job.objects.filter(kind__in=FIRST_CONTENT, state__in=[Job.State.QUEUED, Job.State.RUNNING]).order_by("id")
        )
        # Once all is there nobody asks for a minute: the notice costs a page nothing.
        caches["process"].set("first-content", jobs, 2 if jobs else 60)
    return jobs
