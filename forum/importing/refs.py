"""Which row of the site each line of a batch is, or will be; and texts with their links to other lines put right."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.urls import reverse

from changes import Actor, change
from forum import bulk
from forum.importing.lines import LINK, Line, texts_of
from forum.importing.spool import Piece
from forum.matter import matter_source
from forum.models import Imported, Kind, Post, Topic
from forum.text import Written, written

Ref = tuple[str, str]
"""Type and id of a line."""
MODELS: dict[str, type[Topic] | type[Post]] = {"topic": Topic, "post": Post}
PERMALINKS = {"topic": "forum:topic_by_number", "post": "forum:post"}
PART = 500


def reserve_targets(targets: Iterable[Ref], source: str, *, by: Actor | str) -> None:
    """Give an id to what texts link to, before it is written: a link may lead to what comes later in the file.

    Until then its `Imported` has no digest.
    """
    wanted = list(targets)
    for kind, model in MODELS.items():
        keys = [key for one, key in wanted if one == kind]
        for part in (keys[i : i + PART] for i in range(0, len(keys), PART)):
            known = Imported.objects.filter(source=source, kind=kind, source_id__in=part)
            missing = sorted(set(part) - set(known.values_list("source_id", flat=True)))
            if missing:
                with change(by=by):
                    ids = bulk.reserve(model, len(missing))
                    Imported.objects.bulk_create(
                        Imported(source=source, kind=kind, source_id=key, object_id=pk)
                        for key, pk in zip(missing, ids, strict=True)
                    )


class Refs:
    """The rows of a batch, and of what it names. Three SQL queries."""

    def __init__(self, pieces: list[Piece], source: str) -> None:
        self._source = source
        self.pks: dict[Ref, int] = {}
        self._digests: dict[Ref, str] = {}
        self._written: dict[Ref, Written] = {}
        named: dict[str, set[str]] = {"topic": set(), "post": set(), "concern": set()}
        for piece in pieces:
            named["topic"].add(piece.topic.id)
            if accepted := piece.topic.data.get("accepted"):
                named["post"].add(accepted)
            for line in (piece.topic, *piece.posts, *piece.concerns):
                named[line.kind].add(line.id)
                for text in texts_of(line.kind, line.data):
                    for kind, key in LINK.findall(text):
                        named[kind].add(key)
        for kind, keys in named.items():
            rows = Imported.objects.filter(source=source, kind=kind, source_id__in=keys)
            for key, pk, digest in rows.values_list("source_id", "object_id", "content_hash"):
                self.pks[kind, key], self._digests[kind, key] = int(pk), digest

    def is_new(self, line: Line) -> bool:
        """No row of the site is this line yet."""
        return not self._digests.get((line.kind, line.id))

    def is_changed(self, line: Line) -> bool:
        """A row of the site is this line as it read before."""
        return not self.is_new(line) and self._digests[line.kind, line.id] != line.digest

    def take_ids(self, lines: Iterable[Line]) -> None:
        """Ids for new topics and posts; those that were linked to before have theirs."""
        fresh = list(lines)
        for kind, model in MODELS.items():
            refs = [(kind, line.id) for line in fresh if line.kind == kind and (kind, line.id) not in self.pks]
            self.pks |= dict(zip(refs, bulk.reserve(model, len(refs)), strict=True))

    def note(self, lines: Iterable[Line]) -> None:
        """Remember which rows these lines are now."""
        rows = [
            Imported(
                source=self._source,
                kind=line.kind,
                source_id=line.id,
                object_id=self.pks[line.kind, line.id],
                content_hash=line.digest,
            )
            for line in lines
        ]
        known = [row for row in rows if (row.kind, row.source_id) in self._digests]
        bulk.insert([row for row in rows if (row.kind, row.source_id) not in self._digests])
        for row in known:
            one = Imported.objects.filter(source=self._source, kind=row.kind, source_id=row.source_id)
            one.update(content_hash=row.content_hash)

    def text(self, source: str) -> str:
        """Markdown with its links to other lines led to their permalinks; in a dry run some have none yet."""

        def address(found: re.Match[str]) -> str:
            return f"]({reverse(PERMALINKS[found[1]], args=[self.pks.get((found[1], found[2]), 0)])})"

        return LINK.sub(address, source)

    def parts(self, line: Line) -> dict[str, str]:
        """The three parts of a difficulty as Markdown; of another topic none."""
        if line.data["kind"] != Kind.DIFFICULTY:
            return {}
        texts = [self.text(text).strip() for text in texts_of("topic", line.data)]
        return dict(zip(("context", "tried", "wanted"), texts, strict=True))

    def written(self, line: Line) -> Written:
        """The message of a topic or post, as it is kept. Called first before the change: writers wait for no text."""
        ref = line.kind, line.id
        if ref not in self._written:
            parts = self.parts(line) if line.kind == "topic" else {}
            self._written[ref] = written(matter_source(**parts) if parts else self.text(line.data["text"]))
        return self._written[ref]
