"""A first search, over public projects only: names, communes, départements. Engines come with the search step."""

from __future__ import annotations

from dataclasses import dataclass

from projects import queries as projects

LIMIT = 200  # characters of a query that are looked at


@dataclass(frozen=True)
class Result:
    """One line of the results."""

    kind: str
    title: str
    url: str
    detail: str


def search(text: str) -> list[Result]:
    """Published projects whose name or place holds the words; whatever is typed, it answers. One SQL query."""
    words = " ".join(text[:LIMIT].replace("\x00", " ").split())
    if not words:
        return []
    return [
        Result("Projet", project.name, project.get_absolute_url(), project.place)
        for project in projects.found(words, limit=50)
    ]
