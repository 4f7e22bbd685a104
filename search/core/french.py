"""French as people write it, made comparable: the same for what is indexed and for what is asked, whatever the engine.

A word is folded (case, accents, ligatures) before it is stemmed, so that `énergie` and `energie` have one stem by
construction; the endings whose accent the stemmer needs are given back first. An elided article is dropped, a compound
gives its parts and its joined form, a code (`RE2020`, `12/2024`) stays whole beside its parts. Terms are ASCII letters
and digits whatever the script, so that no database cuts them otherwise than we do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Set
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import snowballstemmer  # type: ignore[import-untyped]

LONGEST = 40
"""Letters of a term that count: no French word is longer."""


def _listed(text: str) -> list[str]:
    return text.split()


_CHUNK = re.compile(r"[^\W_]+(?:['’ʼ‐‑\-/.,·‧][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"(?<![\w.])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![\w.]))?")
_APOSTROPHES = "'’ʼ"
_HYPHENS = "-‐‑"
ELIDED = frozenset(_listed("l d j m n s t c qu jusqu lorsqu puisqu quoiqu"))
"""Articles and others that lose their vowel before an apostrophe."""
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "º": " "})
_ENDINGS = (
    (re.compile(r"(?<=..)ite(s?)$"), r"ité\1"),
    (re.compile(r"(?<=.)ees?$"), "é"),
    (re.compile(r"iere(s?)$"), r"ière\1"),
)
IRREGULAR = {
    "travaux": "travail", "baux": "bail", "vitraux": "vitrail", "yeux": "oeil", "soupiraux": "soupirail",
    "lieux": "lieu", "milieux": "milieu", "jeux": "jeu", "enjeux": "enjeu", "feux": "feu", "voeux": "voeu",
    "materiaux": "materiau", "tuyaux": "tuyau", "noyaux": "noyau", "cailloux": "caillou",
}  # fmt: skip
"""Plurals, folded, whose singular no ending tells."""
UNLIKE = {
    "annee": "annee", "annees": "annee", "bois": "bois", "loyer": "loyer", "loyers": "loyer", "marais": "marais",
    "maree": "maree", "marees": "maree", "marie": "marie", "mars": "mars", "mois": "mois", "pays": "pays",
    "voirie": "voirie", "voiries": "voirie",
}  # fmt: skip
"""Stems of words, folded, of which a stemmer makes another word: « loyer » is no « loi », « Marie » no « marais »."""
_PLURAL = re.compile(r"(?<=..[aiou])s$")
"""An s that the stemmer leaves behind a vowel. It may be no plural: « avi » does as well as « avis »."""
_stemmer = snowballstemmer.stemmer("french")
_stemming = Lock()
"""The stemmer keeps the word in itself: two threads at once would give each other's stems, and these are kept."""

STOP_WORDS = frozenset(
    _listed(
        """
    a afin ai aie aient ainsi alors apres as au aucun aucune aujourd aupres aussi autre autres aux avait avant avec
    avez avoir avons ayant beaucoup bien c ca car ce ceci cela celle celles celui cependant ces cet cette ceux chaque
    chez ci combien comme comment d dans de depuis des deja donc dont du elle elles en encore entre es est et etaient
    etait etant etes etre eu eux faire fait faut fois font hui ici il ils j je jusqu l la laquelle le lequel les
    lesquelles lesquels leur leurs lors lui m ma mais me meme memes mes moins mon n ne ni non nos notre nous on
    ont ou par parce parfois pas pendant peu peut peuvent plus plusieurs plutot pour pourquoi puis qu quand que quel
    quelle quelles quelque quelques quels qui quoi s sa sans sauf se selon sera seront ses si sinon soit sommes son sont
    sous souvent suis sur t ta te tel telle telles tels tes toi ton toujours tous tout toute toutes tres trop tu un une
    vers voici voila vos votre vous y doit doivent dois"""
    )
)
"""Left out of plain words (folded); kept in phrases, and where nothing else was asked."""


class Analysed(NamedTuple):
    """What a chunk of text between two spaces gives."""

    stems: tuple[str, ...]
    """Of its parts, in order: what phrases are made of."""
    joined: tuple[str, ...]
    """Of the whole, where it has parts."""
    words: tuple[tuple[str, str, str], ...]
    """Each part as (folded, as written in lower case, stem)."""


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Lower case, no accents, no ligatures; other scripts keep their letters."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).translate(_LETTERS)
    return "".join(one for one in plain if not unicodedata.combining(one))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The term of one word, accents typed or not; empty where no letter or digit is left."""
    folded = "".join(one for one in fold(word) if one.isalnum())[:LONGEST]
    if not folded.isascii():
        return "".join(one if one.isascii() else f"u{ord(one):x}" for one in folded)[:LONGEST]
    if not folded.isalpha():
        return folded
    if folded in UNLIKE:
        return UNLIKE[folded]
    folded = word = IRREGULAR.get(folded, folded)
    for ending, accented in _ENDINGS:
        folded = ending.sub(accented, folded)
    with _stemming:
        stemmed = fold(_stemmer.stemWord(folded))
    return stemmed if word in STOP_WORDS else _PLURAL.sub("", stemmed)


@lru_cache(maxsize=200_000)
def analysed(chunk: str) -> Analysed:
    """The terms of a chunk such as `l’éco-quartier`: without its elision, its parts, and joined."""
    parts: list[str] = []
    separators: list[str] = []
    place = 0
    for found in _PART.finditer(chunk):
        between = chunk[place : found.start()]
        place = found.end()
        if between and between in "·‧":
            continue  # « habitant·e·s »: the first part says it
        if parts and between and between[-1] in _APOSTROPHES and fold(parts[-1]) in ELIDED:
            parts.pop()
            separators[-1:] = []
        separators.append(between)
        parts.append(found[0])
    words = tuple((fold(part), part.lower(), stem(part)) for part in parts)
    words = tuple(word for word in words if word[2])
    joined = _joined([word[0] for word in words], separators[1:]) if len(words) == len(parts) > 1 else ""
    return Analysed(tuple(word[2] for word in words), (stem(joined),) if joined else (), words)


def _joined(parts: list[str], separators: list[str]) -> str:
    """`éco-quartier` is also `ecoquartier`, `P.L.U` `plu`; digits keep a mark between them (12/2024 is no 122024)."""
    if set(separators) == {"."} and all(len(one) == 1 and one.isalpha() for one in parts):
        return "".join(parts)
    whole = parts[0]
    for separator, before, part in zip(separators, parts, parts[1:], strict=False):
        numbers = before.isdecimal() and part.isdecimal()
        if not numbers and separator not in _HYPHENS and separator not in _APOSTROPHES:
            return ""
        whole += f"z{part}" if numbers else part
    return whole


def undotted(text: str) -> str:
    """The text with acronyms as they are written today: « P.L.U. » is « PLU »."""
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), text)


def chunks(text: str) -> Iterator[str]:
    """What stands between spaces and punctuation; a hyphen, an apostrophe, a slash inside stays."""
    return (found[0] for found in _CHUNK.finditer(text))


def stems(text: str) -> list[str]:
    """Every stem in order, stop words too, elisions dropped."""
    return [one for chunk in _CHUNK.findall(text) for one in analysed(chunk).stems]


def joined(text: str) -> list[str]:
    """The joined forms of its compounds and codes."""
    return [one for chunk in _CHUNK.findall(text) for one in analysed(chunk).joined]


def words(text: str) -> Iterator[tuple[str, str, str]]:
    """Each word as (folded, as written in lower case, stem)."""
    return (word for chunk in _CHUNK.findall(text) for word in analysed(chunk).words)


def folded_words(text: str) -> list[str]:
    """Folded words, unstemmed: what suggestions and exact titles compare."""
    return [one for one in (_ascii(word[0]) for word in words(text)) if one]


@lru_cache(maxsize=50_000)
def _ascii(word: str) -> str:
    letters = "".join(one for one in word if one.isalnum())
    return "".join(one if one.isascii() else f"u{ord(one):x}" for one in letters)[:LONGEST]


def is_stop_word(word: str) -> bool:
    """Whether a plain word says nothing by itself."""
    return fold(word) in STOP_WORDS


class _Vocabulary:
    """What stands between two spaces in texts that this process has read, and which of it gives a term.

    A further text then costs what is new in it. Beyond `MOST` words it is begun anew; one that is longer than `LONGEST`
    is no word of a language, and is not kept.
    """

    MOST, LONGEST = 100_000, 60

    def __init__(self) -> None:
        self._held: tuple[set[str], dict[str, set[str]]] = set(), {}

    def telling(self, words: set[str], terms: Set[str]) -> set[str]:
        """Those of the words that give one of the terms."""
        known, giving = self._held  # both of one time: another thread may begin anew meanwhile
        told = set()
        for word in words - known:
            given = {term for chunk in map(analysed, _CHUNK.findall(word)) for term in chunk.stems + chunk.joined}
            if len(word) <= self.LONGEST:
                for term in given:
                    giving.setdefault(term, set()).add(word)
                known.add(word)
            elif not given.isdisjoint(terms):
                told.add(word)
        told |= words & set().union(*(giving[term] for term in terms if term in giving))
        if len(known) > self.MOST:
            self._held = set(), {}
        return told


_vocabulary = _Vocabulary()


class Wanted:
    """Stems that are looked for in one text after the other."""

    def __init__(self, terms: Set[str] = frozenset()) -> None:
        self.terms = terms

    def matches(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where words of a text have one: begin, end, stem. A compound counts whole by its joined form."""
        words = text.split(" ")
        telling = _vocabulary.telling(set(words), self.terms) if self.terms else set()
        if not telling:
            return
        place = 0
        for word in words:
            if word in telling:
                for begin, end, term in self._in_word(word):
                    yield place + begin, place + end, term
            place += len(word) + 1

    def _in_word(self, word: str) -> Iterator[tuple[int, int, str]]:
        for found in _CHUNK.finditer(word):
            chunk = analysed(found[0])
            if chunk.joined and chunk.joined[0] in self.terms:
                yield found.start(), found.end(), chunk.joined[0]
                continue
            for part in _PART.finditer(found[0]):
                term = stem(part[0])
                following = found[0][part.end() : part.end() + 1]
                if term in self.terms and not (following and following in _APOSTROPHES and fold(part[0]) in ELIDED):
                    yield found.start() + part.start(), found.start() + part.end(), term
