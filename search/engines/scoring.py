"""The weights of the ranking, as Elasticsearch's queries say them. Chosen on one half of the judged queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from search.core.french import STOP_WORDS, fold, folded_words

FIELDS = ["title^5", "tags^1.3", "place^3", "people^1.4", "text^1.7", "replies^1"]
ROOTS = [f"{name.partition('^')[0]}.root^{name.partition('^')[2]}" for name in FIELDS]
ROOT_BOOST = 0.4
ABOUT = 1.0
"""Words of the title of its discussion: they rank a reply, they do not make it found."""
CALLED, EXACT_TITLE, TITLE_PHRASE, TEXT_PHRASE, TITLE_EXACT_WORDS = 1000.0, 6.0, 3.0, 1.5, 1.2
ALL_WORDS, SOME_WORDS = "2<-1 5<65% 8<50%", "1<40% 3<25%"
"""Of one or two words all, of three one may lack, of long questions half; where little is found, some of them."""
RELAX_BELOW = 10
"""Fewer folds than this, half a page, and documents with only some of the words are looked for too."""
MOST_WORDS = 14
"""Different words that are looked for together: each costs, with its synonyms."""
FRESH_SCALE, FRESH_DECAY, FRESH_OFFSET = "1500d", 0.95, "60d"


def title_key(title: str) -> str:
    """What two titles that are the same to a reader have in common."""
    return " ".join(folded_words(title))[:200]


def told(words: Sequence[str]) -> str:
    """The words that are looked for, each once, at most `MOST_WORDS`; empty where all are stop words.

    Stop words stand among them, for synonyms of several words; the analysis then drops them.
    """
    kept: dict[str, str] = {}
    for word in words:
        kept.setdefault(fold(word), word)
    telling = [name for name in kept if name not in STOP_WORDS][:MOST_WORDS]
    last = list(kept).index(telling[-1]) + 1 if telling else 0
    return " ".join(list(kept.values())[:last])


def as_typed(text: str) -> dict[str, Any]:
    """Every word as it stands, stop words too."""
    return {"multi_match": {"query": text, "fields": ["title.exact", "text.exact"], "operator": "and"}}


def words(text: str, least: str) -> dict[str, Any]:
    """Documents that hold as many of the words as `least` asks, wherever they stand."""
    stems = {"query": text, "fields": FIELDS, "minimum_should_match": least}
    roots = {"query": text, "fields": ROOTS, "minimum_should_match": least, "boost": ROOT_BOOST}
    return {"bool": {"should": [{"combined_fields": stems}, {"combined_fields": roots}], "minimum_should_match": 1}}


def known(word: str) -> dict[str, Any]:
    """Whether a document holds the word."""
    return {
        "multi_match": {"query": word, "fields": [name.partition("^")[0] for name in FIELDS], "type": "best_fields"}
    }


def closeness(text: str, typed: str) -> list[dict[str, Any]]:
    """What brings first: the title that is what was typed; its words in a title, near each other."""
    return [
        {"constant_score": {"filter": {"term": {"called": title_key(typed)}}, "boost": CALLED}},
        {"match_phrase": {"title.exact": {"query": text, "slop": 3, "boost": EXACT_TITLE + TITLE_PHRASE}}},
        {"match_phrase": {"text.exact": {"query": text, "slop": 4, "boost": TEXT_PHRASE}}},
        {"match": {"title.exact": {"query": text, "boost": TITLE_EXACT_WORDS}}},
        {"match": {"about": {"query": text, "boost": ABOUT}}},
    ]


def near_title(text: str) -> dict[str, Any]:
    """Some of the words of a title, where others say them."""
    fields = ["title^3", "about^1.5", "tags^1.3", "text^1"]
    return {"combined_fields": {"query": text, "fields": fields, "minimum_should_match": "1<30%", "boost": 2.0}}


def word(text: str) -> dict[str, Any]:
    return {"multi_match": {"query": text, "fields": FIELDS, "type": "best_fields", "operator": "and"}}


def phrase(text: str) -> dict[str, Any]:
    """The words in this order, in one field, as they stand."""
    fields = ["title.exact^3", "text.exact", "tags", "place", "people"]
    return {"multi_match": {"query": text, "fields": fields, "type": "phrase"}}
