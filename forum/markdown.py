"""Markdown and the closed list of HTML, both ways: what the editor writes is legible in the bare text area.

Each paragraph is read back by the renderer that publishes it: what Markdown cannot say there loses its emphasis,
never a word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby

from markdown_it import MarkdownIt

# No HTML of theirs, no automatic links (linkify-it is quadratic), no pictures: files come with their own form.
reader = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])
DEPTH = 12  # blocks inside blocks, a list counting for two: the reader stops at 20
MANY = 400  # pieces of a paragraph beyond which fewer ways of writing it are tried
BLOCKS = {"p", "h3", "h4", "ul", "ol", "li", "blockquote", "pre"}
MARKS = ("strong", "em", "code")
_special = re.compile(r"[\\`*_\[\]<]|&(?=#?\w+;)")
_between = re.compile(r"(?<=[^\W_])\\_(?=[^\W_])")  # nom_de_fichier needs no sign
_begins = re.compile(r"^(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|-(?=-+\s*$)|=(?==*\s*$)|>|~(?=~~)|(\d{1,9})([.)])(?=\s|$))")
_ascii_signs = re.compile(r"([!-/:-@\[-`{-~])")
_harmless = re.compile(r"[^\W\d_](?:[^\W_]|[ ,;.:'’«»()%€?!\xa0\u202f-])*")
_white = re.compile(r"[^\S\xa0\u202f]+")
_signs = re.compile(r"[\W_]*")


@dataclass(frozen=True)
class Run:
    """Words under the same marks; `\\n` alone is a line break."""

    text: str
    marks: frozenset[str] = frozenset()
    href: str = ""


BREAK = Run("\n")
Runs = list[Run]


@dataclass
class Block:
    """A paragraph, a heading, a quote, a list, an item or code."""

    tag: str
    runs: Runs = field(default_factory=list)
    inside: list[Block] = field(default_factory=list)
    start: int = 1
    text: str = ""


class _Reading(HTMLParser):
    """Cleaned HTML as blocks; whatever is nested too deep or in the wrong place keeps its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Block("root")
        self.within = [self.root]  # the blocks open
        self.open: list[tuple[str, bool]] = []  # the tags open, each with whether it made a block
        self.marks: Counter[str] = Counter()
        self.hrefs: list[str] = []
        self.current: Block | None = None  # the paragraph that takes words
        self.code: Block | None = None

    def _add(self, block: Block) -> None:
        parent = self.within[-1]
        if parent.tag in ("ul", "ol") and block.tag != "li":
            parent.inside.append(Block("li", inside=[block]))
        else:
            parent.inside.append(block)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block or a mark."""
        if self.code is not None:
            return
        told = dict(attrs)
        if tag == "br":
            self._words(BREAK)
        elif tag in BLOCKS:
            self._begin(tag, told.get("start") or "")
        else:
            self.marks[tag] += 1
            if tag == "a":
                self.hrefs.append(told.get("href") or "")
            self.open.append((tag, False))

    def _begin(self, tag: str, start: str) -> None:
        self.current = None
        parent = self.within[-1]
        made = False
        if tag == "pre":
            self.code = Block("pre")
            self._add(self.code)
        elif tag in ("p", "h3", "h4"):
            self.current = Block(tag)
            self._add(self.current)
        elif len(self.within) <= DEPTH and not (tag == "li" and parent.tag not in ("ul", "ol")):
            number = int(start) if start.isascii() and start.isdecimal() and len(start) < 10 else 1
            block = Block(tag, start=number)
            self._add(block)
            self.within.append(block)
            made = True
        self.open.append((tag, made))

    def handle_endtag(self, tag: str) -> None:
        """Close it, with whatever was left open in it."""
        if self.code is not None and tag != "pre":
            return
        if tag in BLOCKS:
            self.current = None
        if tag == "pre":
            self.code = None
        if not any(name == tag for name, _ in reversed(self.open)):
            return
        name = ""
        while name != tag:
            name, made = self.open.pop()
            if made:
                self.within.pop()
            elif name not in BLOCKS:
                self.marks[name] -= 1
                if name == "a":
                    self.hrefs.pop()

    def handle_data(self, data: str) -> None:
        """Words, or code as it stands."""
        if self.code is not None:
            self.code.text += data
        else:
            marks = frozenset(mark for mark in MARKS if self.marks[mark] > 0)
            self._words(Run(data, marks, self.hrefs[-1] if self.hrefs else ""))

    def _words(self, run: Run) -> None:
        if self.current is None:
            if not run.text.strip():
                return
            self.current = Block("p")
            self._add(self.current)
        self.current.runs.append(run)


def _read(cleaned: str) -> list[Block]:
    reading = _Reading()
    reading.feed(cleaned)
    reading.close()
    return reading.root.inside


def markdown_of(cleaned: str) -> str:
    """Cleaned HTML as Markdown that gives it again."""
    return "\n".join(_lines(_read(cleaned))).strip("\n")


# -- blocks ---------------------------------------------------------------------------------------------------------


def _lines(blocks: list[Block], *, tight: bool = False) -> list[str]:
    lines: list[str] = []
    before = marker = ""
    for block in blocks:
        marker = "*" if before == block.tag and marker in ("-", ".") else "-"  # two lists in a row stay two
        made = _of(block, marker)
        if not made:
            continue
        if lines and not tight:
            lines.append("")
        lines += made
        before = block.tag
    return lines


def _of(block: Block, marker: str) -> list[str]:
    if block.tag == "pre":
        return _code(block.text)
    if block.tag in ("p", "h3", "h4"):
        return _paragraphs(block)
    if block.tag == "blockquote":
        return [f"> {line}" if line else ">" for line in _lines(block.inside)]
    if block.tag in ("ul", "ol"):
        return _list(block, marker)
    return _lines(block.inside)


def _code(text: str) -> list[str]:
    if not text.strip():
        return []
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, *text.removesuffix("\n").split("\n"), fence]


def _list(block: Block, marker: str) -> list[str]:
    ordered = block.tag == "ol"
    sign = {"-": ".", "*": ")"}[marker] if ordered else marker
    tight = all(_is_tight(item) for item in block.inside)
    lines: list[str] = []
    number = block.start
    for item in block.inside:
        made = _lines(item.inside, tight=tight)
        if not made:
            continue
        first = f"{number}{sign} " if ordered else f"{sign} "
        number = min(number + 1, 999_999_999)
        if lines and not tight:
            lines.append("")
        lines.append(first + made[0])
        lines += [" " * len(first) + line if line else "" for line in made[1:]]
    return lines


def _is_tight(item: Block) -> bool:
    """A line, then lists: nothing that needs a blank line (a list that begins elsewhere than at one does)."""
    rest = item.inside[1:]
    return len(item.inside) < 1 or (
        item.inside[0].tag in ("p", "ul", "ol") and all(one.tag in ("ul", "ol") and one.start == 1 for one in rest)
    )


# -- words ----------------------------------------------------------------------------------------------------------


def _paragraphs(block: Block) -> list[str]:
    """The lines of a paragraph; two breaks in a row part it in two."""
    heading = block.tag != "p"
    lines: list[str] = []
    for runs in _parted(block.runs):
        if heading:
            runs = [Run(run.text.replace("\n", " "), run.marks, run.href) for run in runs]
        kept = _tidy(runs)
        if not kept:
            continue
        if lines:
            lines.append("")
        made = _said(kept, heading=heading)
        lines += [f"{'#' * int(block.tag[1])} {made}"] if heading else made.split("\n")
    return lines


def _parted(runs: Runs) -> Iterator[Runs]:
    part: Runs = []
    breaks = 0
    for run in runs:
        if run is BREAK:
            breaks += 1
        elif run.text.strip():
            if breaks > 1 and any(one is not BREAK for one in part):
                yield part
                part = []
            elif breaks:
                part.append(BREAK)
            breaks = 0
            part.append(run)
        elif not breaks:
            part.append(run)
    yield part


def _tidy(runs: Runs) -> Runs:
    """White space outside marks and links and single, nothing at the ends of lines, equal neighbours joined."""
    apart: Runs = []
    for run in runs:
        if run is BREAK:
            apart.append(run)
            continue
        text = _white.sub(lambda found: "\n" if "\n" in found[0] else " ", run.text)
        if "code" in run.marks:
            apart.append(Run(text.replace("\n", " "), run.marks, run.href))
            continue
        inner = text.strip()
        lead = text[: len(text) - len(text.lstrip())]
        trail = text[len(lead) + len(inner) :]
        apart += [Run(lead), Run(inner, run.marks, run.href), Run(trail)]
    joined: Runs = []
    for run in apart:
        if not run.text:
            continue
        plain = run is not BREAK and not run.text.strip() and "code" not in run.marks
        last = joined[-1] if joined else None
        if plain:
            run = Run(" " if "\xa0" not in run.text and "\u202f" not in run.text else run.text)
            if last is None or last is BREAK or (not last.marks and not last.href and last.text[-1:].isspace()):
                continue
        elif run is BREAK:
            if last is None:
                continue
            if not last.marks and not last.text.strip():
                joined.pop()
        joined.append(run)
    joined = _bridged(joined)
    while joined and (joined[-1] is BREAK or not joined[-1].text.strip()):
        joined.pop()
    return _one(joined)


def _bridged(runs: Runs) -> Runs:
    """A space between two pieces under the same marks is under them too."""
    made: Runs = []
    for index, run in enumerate(runs):
        inside = 0 < index < len(runs) - 1 and run is not BREAK and not run.text.strip() and not run.marks
        if inside and runs[index - 1] is not BREAK and runs[index + 1] is not BREAK:
            before, after = runs[index - 1], runs[index + 1]
            shared = (before.marks & after.marks) - {"code"}
            if before.href != after.href:
                shared = frozenset()
            elif (before.marks ^ after.marks) & {"strong"}:  # what is slanted does not go over the edge of what is bold
                shared -= {"em"}
            run = Run(run.text, shared, before.href if before.href == after.href else "")
        made.append(run)
    return made


def _one(runs: Runs) -> Runs:
    made: Runs = []
    for run in runs:
        last = made[-1] if made else None
        if (
            last is not None
            and run is not BREAK
            and last is not BREAK
            and (last.marks, last.href) == (run.marks, run.href)
        ):
            made[-1] = Run(last.text + run.text, run.marks, run.href)
        else:
            made.append(run)
    return made


def _said(runs: Runs, *, heading: bool) -> str:
    """The first way of writing them that reads back the same; at worst the words alone."""
    if len(runs) == 1 and not runs[0].marks and not runs[0].href and _harmless.fullmatch(runs[0].text):
        return runs[0].text
    inner = _tidy([part for run in runs for part in _without_edges(run)])
    unmarked = _one([run if run is BREAK else Run(run.text, run.marks & {"code"}, run.href) for run in runs])
    plain = _one([run if run is BREAK else Run(run.text) for run in runs])
    ways = (("**", "*"), ("**", "_"), ("__", "*"))
    less = [] if len(runs) > MANY else [inner, _tidy(_less(inner))]
    for wanted in dict.fromkeys(tuple(one) for one in (runs, *less, unmarked, plain)):
        for strong, em in ways if any(run.marks - {"code"} for run in wanted) else ways[:1]:
            made = _joined(_written(wanted, strong, em), heading=heading)
            if _same(made, wanted, heading=heading):
                return made
    lines = "".join("  \n" if run is BREAK else _ascii_signs.sub(r"\\\1", run.text) for run in plain)
    return lines.replace("\n", " ") if heading else lines


def _less(runs: Runs) -> Runs:
    """Of two neighbours that touch under different marks, the second as plain words."""
    made: Runs = []
    for run in runs:
        last = made[-1] if made else BREAK
        touch = run.marks and last.marks and not (run.text[:1] + last.text[-1:]).isspace()
        made.append(Run(run.text, run.marks & {"code"}, run.href) if touch and run is not BREAK else run)
    return made


def _without_edges(run: Run) -> Runs:
    """The signs at both ends of what is emphasised, apart: beside a letter they keep Markdown from seeing it."""
    if not run.marks or "code" in run.marks:
        return [run]
    lead = _signs.match(run.text)[0]  # type: ignore[index]  # it matches anything
    trail = _signs.match(run.text[len(lead) :][::-1])[0][::-1]  # type: ignore[index]  # as above
    inner = run.text[len(lead) : len(run.text) - len(trail)]
    return [Run(lead, href=run.href), Run(inner, run.marks, run.href), Run(trail, href=run.href)]


def _written(runs: Sequence[Run], strong: str, em: str) -> str:
    made = ""
    for href, group in groupby(runs, key=lambda run: run.href):
        inner = _marked(list(group), ("strong", "em"), {"strong": strong, "em": em})
        if href:
            safe = re.sub(r"[\s<>\\]", lambda found: f"%{ord(found[0]):02X}", href)
            target = f"<{safe}>" if re.search(r"[()]", safe) else safe
            inner = f"<{href}>" if inner == _escaped(href) and safe == href and ":" in href else f"[{inner}]({target})"
        made += inner
    return made


def _marked(runs: Runs, order: tuple[str, ...], signs: dict[str, str]) -> str:
    if not order:
        return "".join(_code_span(run.text) if "code" in run.marks else _word(run) for run in runs)
    made = ""
    for has, group in groupby(runs, key=lambda run: order[0] in run.marks):
        inner = _marked(list(group), order[1:], signs)
        made += f"{signs[order[0]]}{inner}{signs[order[0]]}" if has else inner
    return made


def _word(run: Run) -> str:
    return "\0" if run is BREAK else _escaped(run.text)


def _escaped(text: str) -> str:
    return _between.sub("_", _special.sub(lambda found: "\\" + found[0], text))


def _code_span(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _joined(text: str, *, heading: bool) -> str:
    """Lines that begin with what would make a block, said to be words; two spaces before a break."""
    if heading:
        return re.sub(r"#(?=\s*$)", r"\\#", text)
    return "\n".join(_begins.sub(_no_block, line) for line in text.replace("\0", "  \n").split("\n"))


def _no_block(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[1] else "\\" + found[0]


def _same(made: str, wanted: Sequence[Run], *, heading: bool) -> bool:
    read = _read(reader.render(f"### {made}" if heading else made))
    if len(read) != 1 or read[0].tag != ("h3" if heading else "p"):
        return False
    return _flat(_tidy(read[0].runs)) == _flat(wanted)


def _flat(runs: Sequence[Run]) -> list[tuple[str, frozenset[str], str]]:
    return [(run.text, run.marks, reader.normalizeLink(run.href) if run.href else "") for run in runs]
