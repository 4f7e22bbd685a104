"""Words that may be misspelt: which they are, and how far one is from another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from search.core.french import is_stop_word, words

SHORTEST = 4
"""Letters of a word that may be corrected, and of what it is corrected to: below, everything is near everything."""
LONGER = 1
"""Letters by which a word that was meant is longer or shorter: « sauvages » is no slip for « sauvés »."""
MOST_DOUBTFUL = 8
"""Words of a question that are looked at."""
INITIALS = 5
"""Capitals up to so many are initials."""
_PLAIN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def doubtful(typed: Iterable[str]) -> list[str]:
    """Plain words and parts of compounds that may be misspelt, folded and without their elided articles.

    No stop words, no initials, nothing with a figure or a sign in it (codes, addresses).
    """
    plain = [one for one in typed if _PLAIN.fullmatch(one) and not (one.isupper() and len(one) <= INITIALS)]
    parts = dict.fromkeys(folded for word in plain for folded, _, _ in words(word))
    return [one for one in parts if may_be_meant(one)][:MOST_DOUBTFUL]


def may_be_meant(folded: str) -> bool:
    """Whether a word says enough to be corrected, or to be what was meant."""
    return len(folded) >= SHORTEST and folded.isalpha() and not is_stop_word(folded)


def most_edits(folded: str) -> int:
    """How far what was meant may be."""
    return 1 if len(folded) < 6 else 2


def distance(one: str, two: str, most: int) -> int:
    """Edits (a letter more, less, another, two exchanged) from one to two; `most + 1` where there are more."""
    before: Sequence[int] = []
    last: Sequence[int] = range(len(two) + 1)
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, other in enumerate(two, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == two[column - 2] and one[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return min(last[-1], most + 1)
