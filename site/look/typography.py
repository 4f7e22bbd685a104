"""French typography: a non-breaking space inside guillemets and before double punctuation, put in by the machine.

Templates are written with plain spaces; the loader of our own templates puts the right ones in when it reads a file,
once. Texts that come from Python (labels, hints) pass through `typographic` in the base form.
"""

from __future__ import annotations

import re
from typing import Any

from django.template.loaders.filesystem import Loader as FilesystemLoader

NBSP = "\u00a0"
_code = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<(?:script|style|code)\b.*?</(?:script|style|code)>)", re.DOTALL)
_before = re.compile(r"(?<=\S) (?=[»;?!%€](?![\w=])|:(?:\s|$|</))")
_after = re.compile(r"« (?=\S)")


def typographic(text: str) -> str:
    """The text with the non-breaking spaces that French wants; nothing else of it changes."""
    return _after.sub(f"«{NBSP}", _before.sub(NBSP, text))


def typographic_source(source: str) -> str:
    """The same for a template: tags, variables and code are left as they are, what stands around a variable is not."""
    parts = _code.split(source)
    for index in range(0, len(parts), 2):
        text = typographic(parts[index])
        if index + 1 < len(parts):
            text = re.sub(r"« $", f"«{NBSP}", text)
        if index:
            text = re.sub(r"^ (?=[»;?!%€]|: )", NBSP, text)
        parts[index] = text
    return "".join(parts)


class Loader(FilesystemLoader):
    """Loads our own templates with their typography put right."""

    def get_contents(self, origin: Any) -> str:
        """The source of a template file."""
        return typographic_source(super().get_contents(origin))
