"""The spaces that any club begins with."""

from __future__ import annotations

from changes import SYSTEM
from forum.actions import open_space
from forum.models import MEMBERS, PUBLIC, Space


def open_first_spaces() -> list[Space]:
    """The spaces that a club begins with; those that are there stay as they are."""
    return [
        open_space(
            slug="national",
            title="Espace national",
            description="Les difficultés et les pistes qui concernent toutes les régions.",
            audience=PUBLIC,
            by=SYSTEM,
        ),
        open_space(
            slug="entre-membres",
            title="Entre membres",
            description="Pour parler d’un projet en cours avant qu’il soit public.",
            audience=MEMBERS,
            by=SYSTEM,
        ),
    ]
