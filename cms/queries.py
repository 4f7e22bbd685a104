"""What the editorial pages read."""

from __future__ import annotations

from typing import Any

from members.viewer import Viewer
from projects import queries as projects
from projects.models import Project


def home_context() -> dict[str, Any]:
    """The home's figures, map and latest projects: see `projects.queries.overview` for its SQL queries."""
    return {"projects": projects.overview()}


def member_home_context(viewer: Viewer) -> dict[str, Any]:
    """Whether the bureau has still to import the list of projects. One SQL query for the bureau, else none."""
    return {"no_projects": viewer.is_national_office and not Project.objects.published().exists()}
