"""The judged queries (`judged.toml`): reading them, and the names under which they know documents."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.text import slugify

from search.engines.base import END, START

FILE = Path(__file__).with_name("judged.toml")
CLASSES = (
    "mots", "inflexion", "accents", "elision", "synonymes", "sigles", "fautes", "phrases", "codes", "lieux",
    "questions",
)  # fmt: skip
VIEWER = "membre@demo.example"
"""For whom they are judged."""


@dataclass(frozen=True)
class Judged:
    """A query, its class, its half, and how useful each document is to whoever types it (1 to 3)."""

    text: str
    kind: str
    half: str
    relevant: Mapping[str, int]


def judged() -> list[Judged]:
    """All of them, in the order of the file."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["query"]
    return [Judged(row["q"], row["class"], row["half"], row["relevant"]) for row in rows]


def name_of(kind: str, title: str) -> str:
    """The name of a document: `kind/slug`; a reply, whose title is its topic's, bears its topic's name."""
    plain = title.replace(START, "").replace(END, "")
    return f"{'topic' if kind == 'post' else kind}/{slugify(plain)}"
