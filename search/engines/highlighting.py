"""Titles with their matching words marked, and the passage of a text where they stand closest together."""

from __future__ import annotations

from collections.abc import Sequence

from search.core.french import Wanted
from search.engines.base import END, START

LOOKED_AT = 60_000
"""Characters of a text in which a passage is looked for."""
LONGEST_WORD = 60
"""Beyond, it is no word (an address, letters without end), and may be cut."""
Span = tuple[int, int, str]


def mark(title: str, wanted: Wanted) -> str:
    """The whole text with the words of these stems between `START` and `END`."""
    title = _without_marks(title)
    return _marked(title, list(wanted.matches(title)), 0, len(title))


def highlight(text: str, wanted: Wanted, length: int = 220) -> str:
    """The passage of about `length` characters that holds most of the stems, marked; without any, how the text begins.

    Never cut inside a word; « … » where the text goes on.
    """
    text = " ".join(_without_marks(text[:LOOKED_AT]).split())
    spans = list(wanted.matches(text))
    begin, end = _window(text, _densest(spans, length), length)
    passage = _marked(text, [span for span in spans if span[0] >= begin and span[1] <= end], begin, end)
    return ("… " if begin else "") + passage.strip() + (" …" if end < len(text) else "")


def _without_marks(text: str) -> str:
    return text.replace(START, "").replace(END, "")


def _densest(spans: Sequence[Span], length: int) -> tuple[int, int]:
    """Of the stretches no longer than `length`, that with the most different stems, then most words, then the first."""
    best, found = (0, 0), (0, 0)
    inside: dict[str, int] = {}
    first = 0
    for last, (_, end, term) in enumerate(spans):
        inside[term] = inside.get(term, 0) + 1
        while end - spans[first][0] > length and first < last:
            gone = spans[first][2]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            first += 1
        worth = (len(inside), last - first)
        if worth > best:
            best, found = worth, (spans[first][0], end)
    return found


def _window(text: str, stretch: tuple[int, int], length: int) -> tuple[int, int]:
    """The stretch with text around it, more after than before, cut at spaces."""
    begin, end = stretch
    spare = max(0, length - (end - begin))
    begin = max(0, begin - spare // 3)
    end = min(len(text), max(end, begin + length))
    begin = max(0, min(begin, end - length))
    if begin:
        space = text.find(" ", begin - 1, stretch[0] + 1)
        begin = space + 1 if space >= 0 else _word_begin(text, begin)
    if end < len(text):
        space = text.rfind(" ", stretch[1], end + 1)
        end = space if space > begin else _word_end(text, end)
    return begin, max(stretch[1], min(end, begin + 2 * length + LONGEST_WORD))


def _word_begin(text: str, place: int) -> int:
    return text.rfind(" ", 0, place) + 1


def _word_end(text: str, place: int) -> int:
    end = text.find(" ", place)
    return len(text) if end < 0 else end


def _marked(text: str, spans: Sequence[Span], begin: int, end: int) -> str:
    parts, place = [], begin
    for start, stop, _ in spans:
        parts += [text[place:start], START, text[start:stop], END]
        place = stop
    return "".join([*parts, text[place:end]])
