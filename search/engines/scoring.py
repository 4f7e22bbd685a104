"""The weights of the ranking, in one place, as Elasticsearch's queries say them. How they were chosen: decision 28."""

from __future__ import annotations

from typing import Any

from territories.names import normalise

FIELDS = ["title^5", "about^1.4", "tags^1.3", "place^3", "people^1.4", "text^1.7", "replies^1"]
ROOTS = [f"{name.partition('^')[0]}.root^{name.partition('^')[2]}" for name in FIELDS]
ROOT_BOOST = 0.4
MOST_ROOTS = "1<50%"
EXACT_TITLE, TITLE_PHRASE, TEXT_PHRASE, TITLE_EXACT_WORDS = 6.0, 3.0, 1.5, 1.2
MOST_WORDS = "1<60% 5<40%"
"""Of one or two words all; of three or four one may lack; of more, 65 % must be there, of long questions half."""
FRESH_SCALE, FRESH_DECAY, FRESH_OFFSET = "1500d", 0.95, "60d"


def folded(word: str) -> str:
    return normalise(word)


def words(text: str) -> dict[str, Any]:
    """Most of the words, wherever they stand; a field that holds more of them counts more."""
    stems = {"query": text, "fields": FIELDS, "minimum_should_match": MOST_WORDS}
    roots = {"query": text, "fields": ROOTS, "minimum_should_match": MOST_ROOTS, "boost": ROOT_BOOST}
    return {"bool": {"should": [{"combined_fields": stems}, {"combined_fields": roots}], "minimum_should_match": 1}}


def known(word: str) -> dict[str, Any]:
    """Whether a document holds the word, or one of its family."""
    return {"multi_match": {"query": word, "fields": [name.partition("^")[0] for name in ROOTS], "type": "best_fields"}}


def closeness(text: str) -> list[dict[str, Any]]:
    """What brings first: the words as they were typed, in the title, near each other."""
    return [
        {"match_phrase": {"title.exact": {"query": text, "boost": EXACT_TITLE}}},
        {"match_phrase": {"title": {"query": text, "slop": 3, "boost": TITLE_PHRASE}}},
        {"match_phrase": {"text": {"query": text, "slop": 4, "boost": TEXT_PHRASE}}},
        {"match": {"title.exact": {"query": text, "boost": TITLE_EXACT_WORDS}}},
    ]


def word(text: str) -> dict[str, Any]:
    return {"multi_match": {"query": text, "fields": FIELDS, "type": "best_fields", "operator": "and"}}


def phrase(text: str) -> dict[str, Any]:
    """The words in this order, in one field, as they stand."""
    fields = ["title.exact^3", "text.exact", "tags", "place", "people"]
    return {"multi_match": {"query": text, "fields": fields, "type": "phrase"}}
