"""The words that the search knows of the trade: stop words, synonyms (one set per line, in `data/synonyms.txt`)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from territories.names import normalise

FILE = Path(__file__).parent.parent / "data" / "synonyms.txt"
STOP_WORDS = frozenset(
    [
        "a",
        "ai",
        "ainsi",
        "alors",
        "as",
        "au",
        "aucun",
        "aussi",
        "autre",
        "autres",
        "aux",
        "avec",
        "avez",
        "avoir",
        "avons",
        "c",
        "car",
        "ce",
        "ceci",
        "cela",
        "celle",
        "celles",
        "celui",
        "ces",
        "cet",
        "cette",
        "ceux",
        "chaque",
        "chez",
        "ci",
        "comme",
        "comment",
        "d",
        "dans",
        "de",
        "des",
        "deux",
        "donc",
        "dont",
        "du",
        "elle",
        "elles",
        "en",
        "encore",
        "entre",
        "es",
        "est",
        "et",
        "etait",
        "etant",
        "etc",
        "etes",
        "etre",
        "eu",
        "eux",
        "fait",
        "faire",
        "faut",
        "font",
        "ici",
        "il",
        "ils",
        "j",
        "je",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "leurs",
        "lui",
        "m",
        "ma",
        "mais",
        "me",
        "meme",
        "memes",
        "mes",
        "moi",
        "mon",
        "n",
        "ne",
        "ni",
        "nos",
        "notre",
        "nous",
        "on",
        "ont",
        "ou",
        "par",
        "parce",
        "pas",
        "peu",
        "peut",
        "peuvent",
        "plus",
        "pour",
        "pourquoi",
        "qu",
        "quand",
        "que",
        "quel",
        "quelle",
        "quelles",
        "quels",
        "qui",
        "quoi",
        "s",
        "sa",
        "sans",
        "se",
        "sera",
        "ses",
        "si",
        "soit",
        "son",
        "sont",
        "sous",
        "sur",
        "t",
        "ta",
        "te",
        "tes",
        "toi",
        "ton",
        "tous",
        "tout",
        "toute",
        "toutes",
        "tres",
        "tu",
        "un",
        "une",
        "va",
        "vers",
        "vos",
        "votre",
        "vous",
        "y",
    ]
)
"""Folded. Numbers written out stay: « deux » alone is noise."""


@lru_cache(maxsize=1)
def synonym_sets() -> tuple[tuple[str, ...], ...]:
    """Sets of expressions that mean the same, folded, each once."""
    if not FILE.exists():
        return ()
    lines = (line.partition("#")[0].strip() for line in FILE.read_text(encoding="utf-8").splitlines())
    sets = (tuple(dict.fromkeys(normalise(one) for one in line.split(",") if one.strip())) for line in lines if line)
    return tuple(one for one in sets if len(one) > 1)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(word for one in synonym_sets() for expression in one for word in expression.split())


def is_synonym(word: str) -> bool:
    """Whether a set holds the word: then it is spelled right, whatever the documents say."""
    return normalise(word) in _known()


def synonym_rules() -> list[str]:
    """The sets as Elasticsearch takes them."""
    return [", ".join(one) for one in synonym_sets()]
