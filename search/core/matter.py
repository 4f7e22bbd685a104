"""What is found: one kind of document for everything, the same for every engine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

KINDS = {
    "topic": "Discussion",
    "post": "Réponse",
    "page": "Page",
    "article": "Article",
    "practice": "Bonne pratique",
    "event": "Rencontre",
    "project": "Projet",
    "organisation": "Organisation",
    "person": "Personne",
}
"""Kinds of documents and what people call them. A reply is shown under its discussion."""


@dataclass(frozen=True)
class Matter:
    """One document: what is searched, what a result shows, who may read it.

    `key` is its source and primary key (`post:12`), `root` the key that it folds under (its topic's; else its own).
    `audience` are the tokens that may read it (DESIGN, section 3; what stands in a space bears its own, so that a
    space that changes its readers changes no document); `containers` the keys of what it stands in, itself included:
    a container that is closed to somebody closes the document.
    """

    key: str
    kind: str
    root: str
    title: str
    url: str
    audience: tuple[str, ...]
    containers: tuple[str, ...]
    at: datetime
    text: str = ""
    about: str = ""
    """Title of what it belongs to: of a reply, its discussion's. Counts a little; its own `title` is then empty."""
    replies: str = ""
    """Of a discussion, what the first replies say, bounded: words of one question stand in several messages."""
    voices: str = ""
    """Who wrote these."""
    covered: bool = False
    """Of a reply: all its words stand in `replies` and `voices` of its discussion."""
    people: str = ""
    """Author and organisation, or whoever it names; searched with less weight, and by `auteur:`."""
    place: str = ""
    """Commune, département, région, their codes: searched whole."""
    tags: str = ""
    """Names of its engagements and other words that it does not say itself."""
    detail: str = ""
    """The line under a result's title: place, organisation, space."""
    space: str = ""
    regions: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    state: str = ""
    partner: str = ""
    weight: float = 1.0
    """What an accepted answer, an official voice, a labelled project is worth beside the others (0.5 to 2)."""
    extra: dict[str, str] = field(default_factory=dict)
    """Shown with a result, not searched: number of replies, state in words."""

    @property
    def nature(self) -> str:
        """Its kind as the filter « nature » counts it: a reply is found as a discussion."""
        return "topic" if self.kind == "post" else self.kind

    @cached_property
    def digest(self) -> str:
        """Of all that is written of it: two matters with the same one are the same."""
        return hashlib.blake2b(repr(self).encode(errors="replace"), digest_size=9).hexdigest()

    @property
    def source(self) -> str:
        return self.key.partition(":")[0]

    @property
    def number(self) -> int:
        return int(self.key.partition(":")[2])
