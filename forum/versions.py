"""What a message was before its edits: who wrote it, since when, and what changed from one to the next."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from forum.models import Post

_words = re.compile(r"\s*\S+\s*")
LONGEST = 1200  # words compared one by one; longer texts line by line (comparing takes the square of their number)


@dataclass(frozen=True)
class Version:
    """One text of a message. `changes` is HTML with `<ins>` and `<del>`, from the text before it."""

    number: int
    revision: int
    at: datetime
    by: str
    hidden: bool
    changes: SafeString


def versions_of(post: Post, *, with_hidden: bool) -> list[Version]:
    """The texts of a message, the newest first; hidden ones are left out with what they changed. Two SQL queries."""
    kept = list(post.revisions.select_related("by").order_by("revision"))
    texts = [(one.revision, one.text, one.at, one.by.get_full_name(), one.hidden) for one in kept]
    texts.append((post.revision, post.text, post.edited_at or post.created_at, post.author.get_full_name(), False))
    found, before = [], ""
    for number, (revision, text, at, by, hidden) in enumerate(texts, start=1):
        if hidden and not with_hidden:
            continue
        changes = changed(before, text) if before else SafeString(escape(text))
        found.append(Version(number, revision, at, by, hidden, changes))
        before = text
    return found[::-1]


def changed(before: str, after: str) -> SafeString:
    """Two plain texts as HTML: what went in `<del>`, what came in `<ins>`."""
    old, new = _words.findall(before), _words.findall(after)
    if len(old) > LONGEST or len(new) > LONGEST:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    parts: list[str] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(escape("".join(old[a:b])))
            continue
        if b > a:
            parts.append(f"<del>{escape(''.join(old[a:b]))}</del>")
        if d > c:
            parts.append(f"<ins>{escape(''.join(new[c:d]))}</ins>")
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above
