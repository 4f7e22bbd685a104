"""What organisers type, without the signs that nobody sees."""

from __future__ import annotations

from files.names import clean_line


def clean_lines(text: str) -> str:
    """A text of several lines; more than one empty line in a row is one."""
    lines: list[str] = []
    for line in text.splitlines():
        cleaned = clean_line(line)
        if cleaned or (lines and lines[-1]):
            lines.append(cleaned)
    return "\n".join(lines).strip()
