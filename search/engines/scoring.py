"""The weights of the ranking, in one place, as Elasticsearch's queries say them. How they were chosen: decision 28."""

from __future__ import annotations

from typing import Any

from territories.names import normalise

FIELDS = ["title^3.5", "about^1.2", "tags^1.6", "place^1.6", "people^1.2", "text^1"]
EXACT_TITLE, TITLE_PHRASE, TEXT_PHRASE, TITLE_EXACT_WORDS = 6.0, 3.0, 1.5, 1.2
MOST_WORDS = "2<-1 4<65% 7<50%"
"""Of one or two words all; of three or four one may lack; of more, 65 % must be there, of long questions half."""
FRESH_SCALE, FRESH_DECAY, FRESH_OFFSET = "1500d", 0.8, "60d"


def folded(word: str) -> str:
    return normalise(word)


def words(text: str) -> dict[str, Any]:
    """Most of the words, wherever they stand; a field that holds more of them counts more."""
    return {"combined_fields": {"query": text, "fields": FIELDS, "minimum_should_match": MOST_WORDS}}


def near_words(text: str) -> dict[str, Any]:
    """Words near these, letter for letter."""
    return {
        "multi_match": {
            "query": text, "fields": ["title^3", "tags^1.5", "place^1.5", "people", "text"], "type": "best_fields",
            "fuzziness": "AUTO", "prefix_length": 1, "minimum_should_match": MOST_WORDS,
        }
    }  # fmt: skip


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
