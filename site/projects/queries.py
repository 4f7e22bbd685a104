"""Reads of the project pages, each with its number of SQL queries."""

from __future__ import annotations

from typing import Any

from projects.models import Project


def overview() -> dict[str, Any]:
    """The home page's figures and map."""
    return {"figures": [], "map": None, "examples": []}


def found(words: str, limit: int) -> list[Project]:
    """Published projects that answer to the words."""
    return []
