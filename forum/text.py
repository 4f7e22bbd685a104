"""Text that people write: Markdown in the bare text area, kept as cleaned HTML of a closed list and as plain text.

Rights, counts and erasure never parse text: what they need are relations.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdownify import markdownify

from look.typography import typographic

RENDERER = 1
LIMIT = 20_000  # characters of one message
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "code", "pre"}
# No HTML of theirs, no automatic links (linkify-it is quadratic), no pictures: files come with their own form.
_markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])
_heading = re.compile(r"<(/?)h[1256]>")
_tag = re.compile(r"<[^>]+>")
_block = re.compile(r"</(?:p|li|h3|h4|blockquote|pre)>|<br ?/?>")
_code = re.compile(r"(<code>.*?</code>)", re.DOTALL)
_spaces = re.compile(r"[ \t]{200,}")  # more than any indent: reading them back takes the square of their number
_control = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Written:
    """A message as it is kept."""

    html: str
    text: str


def seen(typed: str) -> str:
    """A line without the signs that nobody sees, or that turn the direction of what follows."""
    return _control.sub("", typed).strip()


def written(source: str) -> Written:
    """Markdown as somebody typed it, made safe. Headings become h3, so that a page's outline stays right."""
    typed = _spaces.sub(" ", seen(source.replace("\r\n", "\n")))
    rendered = _heading.sub(r"<\1h3>", _markdown.render(typed))
    cleaned = nh3.clean(
        rendered,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    parts = _code.split(cleaned.strip())
    cleaned = "".join(part if index % 2 else typographic(part) for index, part in enumerate(parts))
    return Written(cleaned, plain(cleaned))


def plain(cleaned: str) -> str:
    """The words of cleaned HTML, a line per block."""
    lines = html.unescape(_tag.sub("", _block.sub("\n", cleaned))).split("\n")
    return "\n".join(line for line in (one.strip() for one in lines) if line)


def markdown_of(cleaned: str) -> str:
    """Cleaned HTML as Markdown, for the bare text area of an edit."""
    return str(markdownify(cleaned, heading_style="ATX", bullets="-")).strip()
