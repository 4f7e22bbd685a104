"""What a stream of an app shows, and to whom: each app registers its kinds of streams here (`streams.py`).

A stream's name is its kind's prefix and an id: `topic:9`. The viewer is whatever `settings.REALTIME_VIEWER` gives;
this app only hands it on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

Key = tuple[str, str]
"""The kind and id of an object: ("post", "12")."""


@dataclass(frozen=True)
class Content:
    """An object as one view shows it now: revision, neutral HTML, and fields for the client (order, counts)."""

    rev: int
    html: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """What a view shows now. `whole` is False where that is too much for a frame: the page fetches its own part."""

    objects: Mapping[Key, Content]
    whole: bool = True


class StreamKind:
    """The base of an app's kind of stream. Every method may query; none may write."""

    prefix: ClassVar[str]
    interval: ClassVar[float] = 0.04
    """Seconds between two frames at least."""
    own: ClassVar[bool] = False
    """A person's own stream: its frames say only that something of theirs changed (`me`)."""

    def view_of(self, viewer: Any, object_id: str) -> str | None:
        """The one view of this stream that the viewer has; None where they may not follow it."""
        raise NotImplementedError

    def contents(self, object_id: str, view: str, keys: Sequence[Key]) -> Mapping[Key, Content]:
        """Those of the objects that the view shows now (`shown_in` is asked again here), in the order of the page."""
        raise NotImplementedError

    def snapshot(self, object_id: str, view: str) -> Snapshot:
        """Everything that the view shows now, in the order of the page."""
        raise NotImplementedError

    def with_presence(self, object_ids: Collection[str]) -> set[str]:
        """Those of these whose streams tell how many are looking (a rounded number): asked once for all."""
        return set()


_kinds: dict[str, StreamKind] = {}


def register(kind: type[StreamKind]) -> type[StreamKind]:
    """Make a kind known (a class decorator)."""
    _kinds[kind.prefix] = kind()
    return kind


def kind_of(stream: str) -> tuple[StreamKind, str] | None:
    """The kind and the object's id of a stream's name; None where no app knows it or the name is not one."""
    prefix, _, object_id = stream.partition(":")
    kind = _kinds.get(prefix)
    if kind is None or not object_id or len(stream) > 80:
        return None
    return kind, object_id


def view_of(viewer: Any, stream: str) -> str | None:
    """The view of a stream that a viewer has; None for what they may not read and for what does not exist, alike."""
    found = kind_of(stream)
    return found[0].view_of(viewer, found[1]) if found else None


def number_of(object_id: str) -> int:
    """An object's id as a primary key; 0, which no row has, for what cannot be one (clients name what they like)."""
    fits = object_id.isascii() and object_id.isdecimal() and len(object_id) <= 18
    return int(object_id) if fits else 0


def dom_id(key: Key) -> str:
    """The id of an object's fragment in pages and frames: `post-12`."""
    return f"{key[0]}-{key[1]}"
