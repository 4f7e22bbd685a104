"""The weights of the ranking, as Elasticsearch's queries say them. Chosen on one half of the judged queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from search.core import synonyms
from search.core.french import fold, folded_words, is_stop_word, joined, stems

FIELDS = ["title^5", "tags^1.3", "place^3", "people^1.4", "text^1.7", "replies^1"]
"""Where words make a document found; the field `words` holds them all, for what is not scored."""
ROOT_BOOST = 0.4
SYNONYM, RELATED = 0.8, 0.5
"""What means the same, and what a word leads to, beside the word that was typed."""
ALSO = 1.0
"""What stands beside the best of a word, its root and its synonyms, counts for this share: a document that says a thing
in several words is about it."""
WHOLE, APART = 1.0, 0.2
"""An expression of the thesaurus as it stands, and its words each somewhere."""
EXPRESSIONS = ["title^1.5", "place", "text", "replies^0.8", "tags"]
MOST_OTHERS, MOST_FURTHER = 12, 24
"""Synonyms and leads of one word, leads of all words: each costs."""
ABOUT = 1.0
"""Words of the title of its discussion: they rank a reply, they do not make it found."""
CALLED, TITLE_PHRASE, TEXT_PHRASE = 1000.0, 9.0, 1.5
ALL_WORDS, SOME_WORDS = "2<-1 5<65% 8<50%", "1<40% 3<25%"
"""Of one or two words all, of three one may lack, of long questions half; where little is found, some of them."""
RELAX_BELOW = 10
"""Fewer folds than this, half a page, and documents with only some of the words are looked for too."""
IN_TITLE, MOST_PROMISING = 2.0, 6
"""Where only the first are looked for: a word of the title beside one of the whole document; synonyms of a word."""
MOST_WORDS = 14
"""Different words that are looked for together: each costs, with its synonyms."""
FRESH_SCALE, FRESH_DECAY, FRESH_OFFSET = "1500d", 0.98, "60d"
REPLY = 0.7
"""A reply beside its discussion, which holds its words too: one message that names a thing seldom is about it."""


def title_key(title: str) -> str:
    """What two titles that are the same to a reader have in common."""
    return " ".join(folded_words(title))[:200]


def as_typed(text: str) -> dict[str, Any]:
    """Every word as it stands, stop words too."""
    return {"multi_match": {"query": text, "fields": ["title.exact", "text.exact"], "operator": "and"}}


@dataclass(frozen=True)
class Asked:
    """A typed word, or an expression that the thesaurus knows whole; what may stand for it, and for how much."""

    text: str
    is_expression: bool = False
    others: Mapping[str, float] = field(default_factory=dict)


def asked(typed: Sequence[str]) -> list[Asked]:
    """What is looked for: expressions, and the other words but stop words, each once, at most `MOST_WORDS`."""
    flat = [(stem, place) for place, word in enumerate(typed) for stem in stems(word)]
    others: dict[tuple[int, int], dict[str, float]] = {}
    for known, share in ((synonyms.texts(leading=False), SYNONYM), (synonyms.texts(leading=True), RELATED)):
        for begin, end, ways in synonyms.spans([stem for stem, _ in flat], known):
            first, last = flat[begin][1], flat[end - 1][1] + 1
            held = others.setdefault((first, last), {})
            for other in synonyms.standing_for(" ".join(typed[first:last]), ways):
                held.setdefault(other, share)
    found: dict[str, Asked] = {}
    place = 0
    while place < len(typed):
        end = max((last for first, last in others if first == place), default=place + 1)
        text = " ".join(typed[place:end])
        if not all(is_stop_word(part) for part in folded_words(text)):
            held = dict([*others.get((place, end), {}).items()][:MOST_OTHERS])
            if end == place + 1 and joined(text):  # « éco-quartier », where it is written in one
                held.setdefault(text.replace("-", ""), SYNONYM)
            found.setdefault(fold(text), Asked(text, end > place + 1, held))
        place = end
    return [*found.values()][:MOST_WORDS]


def held(asked: Sequence[Asked], least: str) -> dict[str, Any]:
    """Documents that hold as much of what is asked as `least` says, or what stands for it, wherever it stands.

    It is a filter: what a document is worth, `wanted` says.
    """
    return {"bool": {"should": [_held(one, loose=least == SOME_WORDS) for one in asked], "minimum_should_match": least}}


def _held(one: Asked, *, loose: bool) -> dict[str, Any]:
    """Loose, one word of an expression is enough, and what the word leads to."""
    how = {"query": one.text, "operator": "or" if loose else "and"}
    others = [text for text, worth in one.others.items() if loose or worth > RELATED]
    phrases = [{"match_phrase": {"words": text}} for text in others]
    return {"bool": {"should": [{"match": {"words": how}}, {"match": {"words.root": how}}, *phrases]}}


def wanted(one: Asked, *, loose: bool = False) -> dict[str, Any]:
    """The word, forms of its root, what means the same: the best counts whole, the others by `ALSO`."""
    share = APART if one.is_expression else 1.0
    stem = {"query": one.text, "fields": FIELDS, "operator": "or" if loose else "and"}
    queries: list[dict[str, Any]] = [
        {"combined_fields": {**stem, "boost": share}},
        {"match": {"words.root": {"query": one.text, "operator": stem["operator"], "boost": ROOT_BOOST * share}}},
    ]
    if one.is_expression:
        queries.append(said(one.text, WHOLE))
    queries += [said(text, worth) for text, worth in one.others.items() if loose or worth > RELATED]
    return {"dis_max": {"queries": queries, "tie_breaker": ALSO}}


def further(asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """What the words lead to ranks what has them: found by it is only where little else is."""
    leads = ((text, worth) for one in asked for text, worth in one.others.items() if worth <= RELATED)
    return [said(text, worth) for text, worth in leads][:MOST_FURTHER]


def said(text: str, worth: float) -> dict[str, Any]:
    """A word anywhere, an expression as it stands."""
    if " " in text:
        return {"multi_match": {"query": text, "fields": EXPRESSIONS, "type": "phrase", "boost": worth}}
    return {"combined_fields": {"query": text, "fields": FIELDS, "operator": "and", "boost": worth}}


def promising(asked: Sequence[Asked], typed: str) -> list[dict[str, Any]]:
    """Nearly the order of `wanted`, of terms alone and in two fields: what cannot come first is skipped unread."""
    clauses: list[dict[str, Any]] = [
        {"constant_score": {"filter": {"term": {"called": title_key(typed)}}, "boost": CALLED}}
    ]
    for one in asked:
        share = APART if one.is_expression else 1.0
        clauses += [
            {"match": {"words": {"query": one.text, "boost": share}}},
            {"match": {"title": {"query": one.text, "boost": IN_TITLE * share}}},
        ]
        others = [text for text, worth in one.others.items() if worth > RELATED][:MOST_PROMISING]
        for text in [one.text, *others] if one.is_expression else others:
            kind = "match_phrase" if " " in text else "match"
            clauses += [
                {kind: {"words": {"query": text, "boost": SYNONYM}}},
                {kind: {"title": {"query": text, "boost": IN_TITLE * SYNONYM}}},
            ]
    return clauses


def known(word: str) -> dict[str, Any]:
    """Whether a document holds the word."""
    return {"match": {"words": word}}


WRITTEN = ("title.exact", "text.exact", "people", "place")
"""Where words stand as they are written, and names."""


def typed(word: str) -> dict[str, Any]:
    """Whether a document holds the word as it is typed, accents and case aside; of names, in whatever form."""
    return {"multi_match": {"query": word, "fields": list(WRITTEN)}}


def closeness(text: str, typed: str) -> list[dict[str, Any]]:
    """What brings first: the title that is what was typed; its words in a title, near each other."""
    return [
        {"constant_score": {"filter": {"term": {"called": title_key(typed)}}, "boost": CALLED}},
        {"match_phrase": {"title.exact": {"query": text, "slop": 3, "boost": TITLE_PHRASE}}},
        {"match_phrase": {"text.exact": {"query": text, "slop": 4, "boost": TEXT_PHRASE}}},
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
