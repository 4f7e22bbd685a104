"""What a message was before its edits: who wrote it, since when, and what changed from one to the next."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from forum.models import Post

_words = re.compile(r"\s*\S+\s*")
MOST = 20  # texts of one message on its page
WORK = 20_000  # pairs of equal words that are compared


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
    """The latest texts of a message, the newest first, hidden ones left out. Two SQL queries."""
    kept = list(post.revisions.select_related("by").order_by("-revision")[:MOST])[::-1]
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
    """Two plain texts as HTML: what went in `<del>`, what came in `<ins>`.

    Comparing takes the square of how often words repeat: beyond a bound, what stands between the common beginning and
    end is replaced whole.
    """
    old, new = _words.findall(before), _words.findall(after)
    same = _common(old, new)
    ends = _common(old[same:][::-1], new[same:][::-1])
    first, last = old[:same], old[len(old) - ends :]
    old, new = old[same : len(old) - ends], new[same : len(new) - ends]
    counted = Counter(new)
    if sum(counted[word] for word in old) > WORK:
        parts = [_marked("del", old), _marked("ins", new)]
    else:
        parts = list(_compared(old, new))
    return mark_safe(escape("".join(first)) + "".join(parts) + escape("".join(last)))  # noqa: S308 - escaped, all of it


def _common(old: list[str], new: list[str]) -> int:
    return next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _marked(tag: str, words: list[str]) -> str:
    return f"<{tag}>{escape(''.join(words))}</{tag}>" if words else ""


def _compared(old: list[str], new: list[str]) -> Iterator[str]:
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield escape("".join(old[a:b]))
        else:
            yield _marked("del", old[a:b]) + _marked("ins", new[c:d])
