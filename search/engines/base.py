"""What every engine does, and what it answers. One set of contract tests (`tests/engines/`) runs on all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from search.core.asking import Request
from search.core.matter import Matter

START, END = "\ue000", "\ue001"
"""Marks around what matched in titles and passages: private characters, which no text holds (indexing drops them)."""


@dataclass(frozen=True)
class Scope:
    """What a viewer may find: documents with one of the tokens, none of whose containers is closed to them."""

    audience: frozenset[str]
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Hit:
    """One result: the best document of its fold, and how many others of the fold match (`more`).

    No reply matches by the title of its discussion alone.
    """

    key: str
    root: str
    kind: str
    title: str
    """With marks. Of a reply: its discussion's title."""
    passage: str
    """With marks: where the words stand, else how the text begins."""
    url: str
    detail: str
    at: datetime
    score: float
    more: int = 0
    extra: Mapping[str, str] = field(default_factory=dict)
    state: str = ""


@dataclass(frozen=True)
class Found:
    """A page of results. `total` counts folds; `facets`: per filter, values with their folds, most first."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    facets: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)
    spelling: str = ""
    """What was searched instead, because a word of the query is known nowhere; empty otherwise."""


@dataclass(frozen=True)
class Suggestion:
    """A title that begins with, or holds, what was typed."""

    key: str
    kind: str
    title: str
    url: str


@dataclass(frozen=True)
class Written:
    """How a bulk went: written, left because a newer version stands, failed (with reasons)."""

    done: int = 0
    older: int = 0
    failed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Health:
    """Whether the engine answers, how many documents it holds, and whether its analysis is that of this code."""

    ok: bool
    documents: int = 0
    current: bool = True
    detail: str = ""


class EngineAway(Exception):
    """The engine does not answer, or not in time. Nothing was lost; ask again later or ask another engine."""


class Refused(Exception):
    """The engine answers, and does not take a document: it will not take it later either, somebody has to look."""


class Engine(Protocol):
    """An index of matters. Every method raises `EngineAway` where the engine cannot answer within its time.

    A version says when the rows of a document were read (microseconds, clock of the database): a write with an older
    one than that which stands never wins, a deletion counts as a write.
    """

    name: str

    def search(self, request: Request, scope: Scope, *, facets: bool = True) -> Found:
        """The page of the request, folded, with marks, under the scope; an empty request finds nothing."""

    def suggest(self, typed: str, scope: Scope, limit: int = 8) -> list[Suggestion]:
        """Titles for what is being typed, the best first."""

    def similar(self, title: str, text: str, scope: Scope, *, without: str = "", limit: int = 5) -> list[Hit]:
        """Discussions, practices and articles near a text; `without` a root."""

    def bulk(self, matters: Sequence[Matter], version: int, *, refresh: bool = False) -> Written:
        """Write documents at this version; with `refresh`, they are found once this returns."""

    def delete(self, keys: Sequence[str], version: int, *, refresh: bool = False) -> Written:
        """Remove documents, at this version."""

    def rebuild(self, batches: Iterable[tuple[Sequence[Matter], int]], *, resume: bool = False) -> Iterator[int]:
        """Write everything beside what stands; yields how many each batch wrote. What stands serves until `swap()`.

        With `resume` it goes on with what an unfinished one left (see `resume_after`), else that is forgotten.
        """

    def resume_after(self) -> str:
        """The last key that an unfinished rebuild wrote, from which another goes on; empty where it begins anew."""

    def swap(self) -> None:
        """What `rebuild` made takes the place of what stood, in one step."""

    def listing(self, after: str = "", limit: int = 1000, *, beside: bool = False) -> list[tuple[str, str]]:
        """Keys after this one in order, with the digests of their matters: for `search check`.

        With `beside`, of the index that `rebuild` makes, before it serves; nothing where there is none.
        """

    def health(self) -> Health:
        """How it is; never raises."""

    def clear(self) -> None:
        """Forget everything (tests, a new installation)."""
