"""How far one word is from another."""

from __future__ import annotations

from collections.abc import Sequence

LONGER = 1
"""Letters by which a word that was meant is longer or shorter: « sauvages » is no slip for « sauvés »."""


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
