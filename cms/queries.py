"""What the editorial pages read."""

from __future__ import annotations

from typing import Any

from projects import queries as projects


def home_context() -> dict[str, Any]:
    """The home's figures, map and latest projects: see `projects.queries.overview` for its SQL queries."""
    return {"projects": projects.overview()}
