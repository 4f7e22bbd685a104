"""Words that may be misspelt: which they are, how far one is from another, and one put in the place of another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from search.core.french import fold, words

LONGER = 1
"""Letters by which a word that was meant is longer or shorter: « sauvages » is no slip for « sauvés »."""


SHORTEST = 4
"""Letters of a word that may be corrected: below, everything is near everything."""
MOST_WORDS = 8
"""Words of a question that are looked at."""


def doubtful(typed: Iterable[str]) -> list[str]:
    """Plain words and parts of compounds that may be misspelt, folded: letters only, elided articles dropped."""
    parts = (folded for word in typed for folded, _, _ in words(word))
    return [one for one in dict.fromkeys(parts) if len(one) >= SHORTEST and one.isalpha()]


def replaced(text: str, folded: str, by: str) -> str:
    """The first word of the text that folds to this one, replaced; a capital stays one."""
    for found in re.finditer(r"[^\W_]+", text):
        if fold(found[0]) == folded:
            put = by[0].upper() + by[1:] if found[0][0].isupper() else by
            return text[: found.start()] + put + text[found.end() :]
    return text


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
