"""A matter as terms: the one text that the database indexes and that ranking reads again.

Fields follow each other, a barrier between them so that no phrase crosses it. After them come marks: terms with a
prefix that no word has, by which a query asks for a title, a person or a place. The terms of `about` have a prefix too:
a reply is not found by what its discussion's title says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from search.core.french import folded_words, joined, stems, words
from search.core.matter import Matter

FIELDS = ("title", "about", "text", "people", "place", "tags", "joined")
"""In the order in which they stand in `Body.stems`; behind them the marks."""
BARRIER = " 0z "
IN_TITLE, IN_PEOPLE, IN_PLACE, IN_SPACE, IN_ABOUT = "0t", "0p", "0l", "0e", "0a"
LONGEST_TEXT = 100_000
"""Characters of a text that are indexed: some 16,000 words, the last whose order PostgreSQL tells."""
MOST_PLACES = 255
"""Places of one term that PostgreSQL keeps."""
LAST_PLACE = 16_383


@dataclass(frozen=True)
class Terms:
    """What is written of a matter."""

    stems: str
    name: str
    """Folded words of its title; empty where it has none of its own."""
    words: dict[str, tuple[str, str]]
    """Its different words, by which it may be found: folded → as written, stem."""


def terms_of(matter: Matter) -> Terms:
    """The terms of a matter. Pure; the slow part of writing, so do it before a transaction."""
    return terms_of_texts(
        matter.title, matter.about, matter.text, matter.people, matter.place, matter.tags, matter.detail,
        in_space=bool(matter.space),
    )  # fmt: skip


def terms_of_texts(
    title: str, about: str, text: str, people: str, place: str, tags: str, detail: str, *, in_space: bool = False
) -> Terms:
    text = text[:LONGEST_TEXT]
    fields = [stems(one) for one in (title, about, text, people, place, tags)]
    fields[1] = [IN_ABOUT + term for term in fields[1]]
    compounds = [term for one in (title, text, people, place, tags) for term in joined(one)]
    compounds += [IN_ABOUT + term for term in joined(about)]
    marks = [
        *_marked(IN_TITLE, [*fields[0], *joined(title)]),
        *_marked(IN_PEOPLE, fields[3]),
        *_marked(IN_PLACE, [*fields[4], *stems(detail)]),
        *_marked(IN_SPACE, stems(detail) if in_space else ()),
    ]
    known: dict[str, tuple[str, str]] = {}
    for one in (title, text, people, place, tags):
        for folded, written, stem in words(one):
            known.setdefault(folded, (written, stem))
    lines = [*fields, compounds, marks]
    return Terms(BARRIER.join(" ".join(line) for line in lines), " ".join(folded_words(title)), known)


def _marked(prefix: str, terms: Iterable[str]) -> list[str]:
    return [prefix + term for term in dict.fromkeys(terms)]


def vector(text: str) -> str:
    """The `tsvector` of terms between spaces, written out: their order as it stands, nothing analysed again."""
    places: dict[str, list[str]] = {}
    for place, term in enumerate(text.split(), 1):
        found = places.setdefault(term, [])
        if len(found) < MOST_PLACES:
            found.append(str(min(place, LAST_PLACE)))
    return " ".join([f"'{term}':{','.join(found)}" for term, found in places.items()])
