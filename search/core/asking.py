"""What a person asks, read from what they typed and from the address: any text is a query, none is an error.

Words are looked for together; « "entre guillemets" » as a phrase, « -mot » is left out, « mot OU mot » either of them;
« auteur: », « région: » and « espace: » (a word or a phrase follows) narrow by name. All else is plain words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from search.core.french import fold, undotted
from search.core.matter import KINDS

LIMIT = 200
"""Characters of a query that are looked at."""
MOST_TERMS = 24
PAGE = 20
MOST_PAGES = 25
"""Nobody reads further: beyond, words and filters lead further."""
FIELDS = {"auteur": "author", "région": "region", "region": "region", "espace": "space"}
FACETS = {
    "nature": "kind", "espace": "space", "theme": "theme", "region": "region", "etat": "state", "partenaire": "partner",
    "depuis": "since",
}  # fmt: skip
"""Filters: their name in the address, their name here. Values are texts; `since` is a number of days."""
ORDERS = {"": "relevance", "date": "date"}
SINCE = {"30": "30 derniers jours", "365": "Douze derniers mois", "1095": "Trois dernières années"}
_PART = re.compile(
    r'(?P<minus>-(?=["\w]))?(?:(?P<field>[A-Za-zÀ-ÿ]{1,12}):(?=["\w]))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)


@dataclass(frozen=True)
class Term:
    """A word, or a phrase of several."""

    text: str
    phrase: bool = False


@dataclass(frozen=True)
class Query:
    """What is looked for. `either` are groups of which one term is enough; `words` are the plain ones, in order."""

    raw: str = ""
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    either: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    author: str = ""
    region: str = ""
    space: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing to look for: at most something to leave out."""
        return not (self.words or self.phrases or self.either or self.author or self.region or self.space)

    @property
    def is_one_word(self) -> bool:
        """One plain word is looked for, and nothing else."""
        others = self.phrases or self.either or self.author or self.region or self.space
        return len(self.words) == 1 and not others

    @property
    def text(self) -> str:
        """The plain words as one text."""
        return " ".join(self.words)


@dataclass(frozen=True)
class Request:
    """A query with the filters, the order and the page of the address."""

    query: Query
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: str = "relevance"
    page: int = 1

    @property
    def is_empty(self) -> bool:
        """Neither words nor filters. Filters alone find all that they let through, the latest first."""
        return self.query.is_empty and not self.filters

    def address(self, **changes: Any) -> str:
        """The query string of this request with some filters changed (a tuple of values each); the page begins anew."""
        filters = {**self.filters, **changes}
        named: list[tuple[str, str]] = [("q", self.query.raw)] if self.query.raw else []
        for name, inner in FACETS.items():
            named += [(name, value) for value in filters.get(inner, ())]
        if self.order == "date":
            named.append(("tri", "date"))
        return "?" + urlencode(named)

    def with_page(self, page: int) -> str:
        return self.address() + (f"&page={page}" if page > 1 else "")


def clean(text: str) -> str:
    """Typed text made plain: composed letters, one kind of apostrophe, quotes and space, nothing unprintable."""
    text = unicodedata.normalize("NFC", text[: 4 * LIMIT].encode("utf-8", "ignore").decode())
    text = text.translate(_PLAIN)
    text = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text)
    return " ".join(text[:LIMIT].split())


_PLAIN = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "‐": "-", "‑": "-"})


def read(text: str) -> Query:
    """The query of a typed text; whatever is typed, it answers."""
    raw = clean(text)
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[Term] = []
    either: list[list[Term]] = []
    fields: dict[str, str] = {}
    joining = False
    last: Term | None = None
    for count, part in enumerate(_PART.finditer(undotted(raw))):
        if count == MOST_TERMS:
            break
        name, value = (part["field"] or "").lower(), (part["phrase"] or part["word"] or "").strip(' "')
        if name and name not in FIELDS:
            value = f"{part['field']}:{value}"
        if not any(one.isalnum() for one in value):
            continue
        if name in FIELDS and not part["minus"]:
            fields[FIELDS[name]] = value
            continue
        if part["word"] in ("OR", "OU"):
            joining = last is not None
            continue
        term = Term(value, part["phrase"] is not None and " " in value)
        if part["minus"]:
            excluded.append(term)
            continue
        if joining and last is not None:
            if not (either and either[-1][-1] is last):
                (phrases if last.phrase else words).pop()
                either.append([last])
            either[-1].append(term)
        else:
            (phrases if term.phrase else words).append(term.text)
        joining, last = False, term
    return Query(raw, tuple(words), tuple(phrases), tuple(tuple(group) for group in either), tuple(excluded), **fields)


def put_right(query: Query, by: Mapping[str, str]) -> Query:
    """The query with words replaced (folded → as it should be written) where they are plain; a capital stays one.

    What stands in quotes, behind a minus or a field is left as it was typed.
    """

    def part(found: re.Match[str]) -> str:
        if found["word"] is None or found["minus"] or (found["field"] or "").lower() in FIELDS:
            return found[0]
        before = found[0][: found.start("word") - found.start()]
        return before + _PIECE.sub(lambda one: _as_typed(one[0], by.get(fold(one[0]), one[0])), found["word"])

    return read(_PART.sub(part, query.raw))


_PIECE = re.compile(r"[^\W_]+")


def _as_typed(typed: str, put: str) -> str:
    if len(typed) > 1 and typed.isupper():
        return put.upper()
    return put[0].upper() + put[1:] if typed[0].isupper() else put


def asked(data: Any) -> Request:
    """The request of an address (`request.GET`); values that nothing knows are left out."""
    filters: dict[str, tuple[str, ...]] = {}
    for name, inner in FACETS.items():
        values = dict.fromkeys(clean(value)[:60] for value in data.getlist(name)[:20])
        kept = tuple(value for value in values if value and (inner != "kind" or value in KINDS))
        if inner == "since":
            kept = tuple(value for value in kept[:1] if value in SINCE)
        if kept:
            filters[inner] = kept
    number = data.get("page", "")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else 1
    return Request(
        read(data.get("q", "")), filters, ORDERS.get(data.get("tri", ""), "relevance"), min(max(page, 1), MOST_PAGES)
    )
