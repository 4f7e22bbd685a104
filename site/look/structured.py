"""Structured data for search engines (schema.org, as JSON-LD): a block of data in the page, which no browser runs."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString

ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}
"""Signs that could end the element, as JSON writes them otherwise."""


def structured(kind: str, **facts: Any) -> SafeString:
    """The element that says these facts; empty ones are left out. Nothing in them can end the element."""
    said = {name: value for name, value in facts.items() if value not in (None, "", [], {})}
    text = json.dumps({"@context": "https://schema.org", "@type": kind, **said}, ensure_ascii=False)
    escaped = text.translate(ESCAPED)
    return SafeString(f'<script type="application/ld+json">{escaped}</script>')
