"""Short forms for the blocks of the starter tree."""

from __future__ import annotations

from typing import Any

Block = tuple[str, Any]


def text(*paragraphs: str) -> Block:
    """Paragraphs."""
    return "paragraph", "".join(f"<p>{one}</p>" for one in paragraphs)


def listed(*items: str) -> Block:
    """A list."""
    return "paragraph", "<ul>" + "".join(f"<li>{one}</li>" for one in items) + "</ul>"


def title(words: str, level: str = "h2") -> Block:
    """A heading."""
    return "heading", {"text": words, "level": level}


def link(words: str, url: str) -> dict[str, Any]:
    """A link to an address of the site."""
    return {"text": words, "page": None, "url": url}


def buttons(*links: dict[str, Any]) -> Block:
    """Calls to action."""
    return "buttons", {"buttons": list(links)}


def steps(*rows: tuple[str, str, str], level: str = "h3") -> Block:
    """Steps: when, title, text."""
    told = [{"when": when, "title": name, "text": f"<p>{words}</p>" if words else ""} for when, name, words in rows]
    return "steps", {"level": level, "steps": told}


def table(caption: str, *rows: list[str], header: str = "row") -> Block:
    """A table; `header`: row, column or both."""
    return "table", {
        "data": [list(row) for row in rows],
        "table_caption": caption,
        "table_header_choice": header,
        "first_row_is_table_header": header in ("row", "both"),
        "first_col_is_header": header in ("column", "both"),
    }


def chart(name: str, unit: str, label: str, source: str, *rows: tuple[str, float]) -> Block:
    """Figures as bars with their table."""
    values = [{"label": line, "value": value} for line, value in rows]
    return "chart", {"title": name, "unit": unit, "label": label, "rows": values, "source": source}


def image(of: Any, alt: str, caption: str = "") -> Block:
    """An image with what it shows."""
    of.contextual_alt_text, of.decorative = alt, False
    return "image", {"image": of, "caption": caption, "size": "column"}


def panels(*rows: tuple[str, str], level: str = "h3") -> Block:
    """An accordion: questions and answers."""
    told = [{"title": question, "text": f"<p>{answer}</p>"} for question, answer in rows]
    return "accordion", {"level": level, "panels": told}


def listing(kind: str, name: str, count: int = 3) -> Block:
    """A list that fills itself."""
    return "listing", {"kind": kind, "title": name, "level": "h2", "region": "", "commitment": None, "count": count}
