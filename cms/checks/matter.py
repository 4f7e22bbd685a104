"""What a page is made of, in reading order: headings, images, links, tables, texts, each with its place.

It walks values by their types (stream, struct, list, rich text, image, table), so that a new block is checked without
a line here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.rich_text import RichText

from cms.checks.findings import Place

LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
TITLES = ("text", "title", "name", "label")


@dataclass(frozen=True)
class Heading:
    """A heading of the text and its level."""

    level: int
    text: str
    place: Place


@dataclass(frozen=True)
class Picture:
    """An image, and whether something tells those who do not see it what it shows, or that it shows nothing."""

    described: bool
    place: Place


@dataclass(frozen=True)
class Link:
    """Words that lead to a page of the site (`page`) or to an address."""

    text: str
    page: int | None
    address: str
    place: Place


@dataclass(frozen=True)
class Table:
    """A table of data."""

    caption: str
    has_headers: bool
    place: Place


@dataclass(frozen=True)
class Text:
    """Words."""

    text: str
    place: Place


@dataclass(frozen=True)
class Empty:
    """A text that must have words, and has none."""

    place: Place


Thing = Heading | Picture | Link | Table | Text | Empty


def things_in(value: Any, block: blocks.Block, place: Place) -> Iterator[Thing]:
    """What the value of a block holds, in reading order."""
    if isinstance(value, blocks.StreamValue):
        yield from _in_stream(value, place)
    elif isinstance(block, (ImageBlock, ImageChooserBlock)):
        if value is not None:
            yield Picture(_described(value), place)
    elif isinstance(block, TableBlock):
        yield from _in_table(value, place)
    elif isinstance(value, blocks.StructValue) and isinstance(block, blocks.BaseStructBlock):
        yield from _in_struct(value, block, place)
    elif isinstance(value, blocks.list_block.ListValue):
        for child in value.bound_blocks:
            yield from things_in(child.value, child.block, _under(place, child.id))
    elif isinstance(value, RichText):
        things = list(in_html(value.source, place))
        yield from things or ([Empty(place)] if block.required else [])
    elif isinstance(value, str) and value and isinstance(block, (blocks.CharBlock, blocks.TextBlock)):
        yield Text(value, place)


def _in_stream(stream: blocks.StreamValue, place: Place) -> Iterator[Thing]:
    for index, child in enumerate(stream):
        label = f"{place.label}, bloc {index + 1} ({child.block.label})" if place.block is None else place.label
        number = index if place.block is None else place.block
        yield from things_in(child.value, child.block, Place(place.field, label, f"{place.path}.{child.id}", number))


def _in_struct(value: blocks.StructValue, block: blocks.BaseStructBlock, place: Place) -> Iterator[Thing]:
    """A struct that has a level makes headings: of its own title, or of those of the lines that it lists."""
    level = LEVELS.get(str(value.get("level") or ""), 0)
    if "url" in value and "page" in value:
        page = value["page"]
        yield Link(value.get("text") or "", page.pk if page else None, value["url"] or "", _under(place, "text"))
        return
    title = next((name for name in TITLES if level and isinstance(value.get(name), str)), "")
    if title and value[title]:
        yield Heading(level, value[title], _under(place, title))
    for name, child in block.child_blocks.items():
        if name in (title, "level"):
            continue
        inner = value.get(name)
        if level and not title and isinstance(inner, blocks.list_block.ListValue):
            yield from _titled(inner, level, _under(place, name))
        else:
            yield from things_in(inner, child, _under(place, name))


def _titled(lines: Any, level: int, place: Place) -> Iterator[Thing]:
    """Lines whose titles are headings of their list’s level: panels, steps."""
    for line in lines.bound_blocks:
        where = _under(place, line.id)
        if isinstance(line.value, blocks.StructValue) and isinstance(line.value.get("title"), str):
            yield Heading(level, line.value["title"], where)
        yield from things_in(line.value, line.block, where)


def _in_table(value: Any, place: Place) -> Iterator[Thing]:
    if not value or not value.get("data"):
        return
    choice = value.get("table_header_choice")
    headed = choice in ("row", "column", "both") or bool(
        not choice and (value.get("first_row_is_table_header") or value.get("first_col_is_header"))
    )
    yield Table((value.get("table_caption") or "").strip(), headed, place)
    for row in value["data"]:
        for cell in row:
            if cell:
                yield Text(str(cell), place)


def _described(image: Any) -> bool:
    if not hasattr(image, "decorative"):  # chosen by a chooser that asks for no words of this place
        return bool((getattr(image, "description", "") or "").strip())
    return bool(image.decorative) or bool((image.contextual_alt_text or "").strip())


def _under(place: Place, name: Any) -> Place:
    return Place(place.field, place.label, f"{place.path}.{name}", place.block)


def in_html(source: str, place: Place) -> Iterator[Thing]:
    """What Wagtail’s rich text holds."""
    reader = _Reader(place)
    reader.feed(source or "")
    reader.close()
    yield from reader.found()


class _Reader(HTMLParser):
    """Reads rich text as Wagtail keeps it: links name pages by their number, images are `embed`."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.things: list[Thing] = []
        self.words: list[str] = []
        self.open: list[tuple[str, dict[str, str], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "a" or tag in LEVELS:
            self.open.append((tag, known, []))
        elif tag == "embed" and known.get("embedtype") == "image":
            self.things.append(Picture(bool(known.get("alt", "").strip()), self.place))
        elif tag in ("p", "li", "br"):
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        for _, _, words in self.open:
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            return
        _, known, words = self.open.pop()
        text = "".join(words).strip()
        if tag == "a":
            number = known.get("id", "")
            page = int(number) if known.get("linktype") == "page" and number.isdecimal() else None
            if known.get("linktype") in (None, "page"):
                self.things.append(Link(text, page, known.get("href", ""), self.place))
        else:
            self.things.append(Heading(LEVELS[tag], text, self.place))

    def found(self) -> Iterator[Thing]:
        yield from self.things
        for line in "".join(self.words).split("\n"):
            if line.strip():
                yield Text(line, self.place)
