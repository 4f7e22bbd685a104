"""The lines of a file in a temporary database on disk: a million of them weigh nothing in memory."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from forum.importing.lines import LINK, Line, texts_of

BATCH = 1000  # topics, posts and concerns written in one transaction
_SCHEMA = """
CREATE TABLE line (number INTEGER PRIMARY KEY, kind TEXT, id TEXT, topic TEXT, at REAL, content TEXT, digest TEXT);
CREATE UNIQUE INDEX by_id ON line (kind, id);
CREATE INDEX by_topic ON line (topic, kind, number) WHERE topic IS NOT NULL;
CREATE TABLE link (kind TEXT, id TEXT, number INTEGER, PRIMARY KEY (kind, id)) WITHOUT ROWID;
"""


@dataclass
class Piece:
    """A topic with some of its posts and concerns: all of them, but for one longer than a batch.

    `begins`: the first of its topic.
    """

    topic: Line
    begins: bool = True
    posts: list[Line] = field(default_factory=list)
    concerns: list[Line] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """Those that no piece before it had."""
        return [*([self.topic] if self.begins else []), *self.posts, *self.concerns]


class Spool:
    """`with Spool() as spool`: what `keep` was given, found again by id, by topic, in the order of the file."""

    def __init__(self) -> None:
        self._file = tempfile.NamedTemporaryFile(prefix="club-import-")  # noqa: SIM115 - closed by __exit__
        self._db = sqlite3.connect(self._file.name, isolation_level=None)
        self._db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA + "BEGIN;")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._db.close()
        self._file.close()

    def keep(self, number: int, kind: str, key: str, data: Mapping[str, Any], at: float = 0) -> int | None:
        """Keep a checked line; where its id was there before, the number of that line instead."""
        content = json.dumps(data, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(content.encode()).hexdigest()
        row = (number, kind, key, data.get("topic"), at, content, digest)
        try:
            self._db.execute("INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        except sqlite3.IntegrityError:
            return int(self._db.execute("SELECT number FROM line WHERE kind = ? AND id = ?", (kind, key)).fetchone()[0])
        for text in texts_of(kind, data):
            for target, target_id in LINK.findall(text):
                self._db.execute("INSERT OR IGNORE INTO link VALUES (?, ?, ?)", (target, target_id, number))
        return None

    def find(self, kind: str, key: str) -> Line | None:
        """The line of an id."""
        found = self._db.execute(
            "SELECT number, kind, id, content, digest FROM line WHERE kind = ? AND id = ?", (kind, key)
        ).fetchone()
        return _line(found) if found else None

    def latest(self, topic: str) -> float | None:
        """The moment of a topic's last post so far, else its own; None where no such topic came yet."""
        found = (
            self._db.execute(
                "SELECT at FROM line WHERE topic = ? AND kind = 'post' ORDER BY number DESC LIMIT 1", (topic,)
            ).fetchone()
            or self._db.execute("SELECT at FROM line WHERE kind = 'topic' AND id = ?", (topic,)).fetchone()
        )
        return found[0] if found else None

    def of_kind(self, kind: str) -> Iterator[Line]:
        """All lines of a type, in the order of the file."""
        found = self._db.execute(
            "SELECT number, kind, id, content, digest FROM line WHERE kind = ? ORDER BY number", (kind,)
        )
        yield from map(_line, found)

    def links(self) -> Iterator[tuple[str, str, int]]:
        """What texts link to: type, id, and the number of the first line that does."""
        yield from self._db.execute("SELECT kind, id, number FROM link ORDER BY number")

    def count(self, *kinds: str) -> int:
        """How many lines of these types there are."""
        marks = ", ".join("?" * len(kinds))
        found = self._db.execute(f"SELECT count(*) FROM line WHERE kind IN ({marks})", kinds)  # noqa: S608 - marks only
        return int(found.fetchone()[0])

    def batches(self, size: int) -> Iterator[list[Piece]]:
        """Topics with what belongs to them, at most so many lines at a time; a long topic comes in several pieces."""
        batch: list[Piece] = []
        room = size
        for topic in self.of_kind("topic"):
            piece = Piece(topic)
            batch.append(piece)
            room -= 1
            for line in self._below(topic.id):
                if room <= 0:
                    yield batch
                    piece = Piece(topic, begins=False)
                    batch, room = [piece], size
                (piece.posts if line.kind == "post" else piece.concerns).append(line)
                room -= 1
            if room <= 0:
                yield batch
                batch, room = [], size
        if batch:
            yield batch

    def _below(self, topic: str) -> Iterator[Line]:
        for kind in ("post", "concern"):
            yield from map(
                _line,
                self._db.execute(
                    "SELECT number, kind, id, content, digest FROM line WHERE topic = ? AND kind = ? ORDER BY number",
                    (topic, kind),
                ),
            )


def _line(row: tuple[int, str, str, str, str]) -> Line:
    number, kind, key, content, digest = row
    return Line(number, kind, key, json.loads(content), digest)
