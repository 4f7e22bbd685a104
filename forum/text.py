"""Text that people write: Markdown in the bare text area, HTML in the editor; kept as cleaned HTML and plain text.

Rights, counts and erasure never parse text: what they need are relations.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import nh3

from forum.markdown import markdown_of, reader
from look.typography import typographic

RENDERER = 1
LIMIT = 20_000  # characters of one message
TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "h3", "h4", "code", "pre"}
MOST_HTML = 4 * LIMIT  # of what the editor sends; beyond, as beyond the limit of words, its words alone are read
_levels = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}
_heading = re.compile(r"<(/?)(h[1256])\b[^<>]*>", re.IGNORECASE)
_tag = re.compile(r"<[^>]+>")
_block = re.compile(r"</(?:p|li|h3|h4|blockquote|pre)>|<br ?/?>")
_code = re.compile(r"(<code>.*?</code>)", re.DOTALL)
_spaces = re.compile(r"[ \t]{200,}")  # more than any indent: reading them back takes the square of their number
_control = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_blank = re.compile(r"[\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\u3164\ufeff\uffa0\s]")


@dataclass(frozen=True)
class Written:
    """A message as it is kept."""

    html: str
    text: str


def seen(typed: str) -> str:
    """A line without the signs that nobody sees, or that turn the direction of what follows."""
    return _control.sub("", typed).strip()


def visible(text: str) -> bool:
    """Whether anything of a text is seen: spaces without width, soft hyphens and fillers are nothing."""
    return bool(_blank.sub("", text))


def written(source: str, format: str = "markdown") -> Written:
    """A text as somebody typed it (`markdown`) or as the editor sends it (`html`), made safe."""
    parts = _code.split(_rendered(as_markdown(source, format)))
    cleaned = "".join(part if index % 2 else typographic(part) for index, part in enumerate(parts))
    return Written(cleaned, plain(cleaned))


def as_markdown(source: str, format: str) -> str:
    """What was sent, as the bare text area shows it. A format that is not known is Markdown."""
    if format != "html":
        return source
    cleaned = _clean(seen(source))
    words = plain(cleaned)
    return words if len(cleaned) > MOST_HTML or len(words) > LIMIT else markdown_of(cleaned)


def html_of(source: str) -> str:
    """Markdown as the editor takes it up: the closed list, nothing added for print."""
    return _rendered(source)


def _rendered(source: str) -> str:
    """Headings become h3 or h4, so that a page's outline stays right."""
    return _clean(reader.render(_spaces.sub(" ", seen(source.replace("\r\n", "\n")))))


def _clean(rendered: str) -> str:
    levelled = _heading.sub(lambda found: f"<{found[1]}{_levels[found[2].lower()]}>", rendered)
    return nh3.clean(
        levelled,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    ).strip()


def plain(cleaned: str) -> str:
    """The words of cleaned HTML, a line per block."""
    lines = html.unescape(_tag.sub("", _block.sub("\n", cleaned))).split("\n")
    return "\n".join(line for line in (one.strip() for one in lines) if line)
