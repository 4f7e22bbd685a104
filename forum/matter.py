"""The matter of a difficulty: what its guided form asks, composed into the text of the first message."""

from __future__ import annotations

TRIED = "### Déjà tenté"
WANTED = "### Ce qui aiderait"


def matter_source(context: str, tried: str, wanted: str) -> str:
    """Markdown of the whole matter: the context, then what was tried and what would help, each under its heading.

    An empty part is left out with its heading.
    """
    parts = [context.strip()]
    for heading, part in ((TRIED, tried.strip()), (WANTED, wanted.strip())):
        if part:
            parts += [heading, part]
    return "\n\n".join(part for part in parts if part)
