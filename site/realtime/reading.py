"""What a client that stood at a position has to hear: the same answer for sockets and for polling.

Position first, data second, in every read and without a transaction: what is committed between the two is told again
the next time, and hearing it twice changes nothing.
"""

from __future__ import annotations

from django.core.cache import caches

from changes.installation import epoch
from changes.streams import NOWHERE, Stand, seen_since, stands
from realtime import frames, kinds
from realtime.frames import Frame
from realtime.kinds import Key

MOST = 100
"""Objects in one delta; where more changed, a snapshot says it shorter."""
EPOCH_KEPT = 5


def current_epoch(fresh: bool = False) -> str:
    """The installation's epoch; asked of the database every five seconds."""
    kept: str | None = None if fresh else caches["process"].get("realtime-epoch")
    if kept is None:
        kept = str(epoch())
        caches["process"].set("realtime-epoch", kept, EPOCH_KEPT)
    return kept


def usable(since: int | None, stand: Stand) -> bool:
    """Whether what changed after this position can be told."""
    return since is not None and stand.floor <= since <= stand.pos


def frame_since(ep: str, stream: str, view: str, since: int | None, stand: Stand) -> Frame | None:
    """The frame that brings a client of this view from `since` to where the view stands; None if it is there.

    A delta where that can be told, else a snapshot. At most two SQL queries and those of the kind's content.
    """
    found = kinds.kind_of(stream)
    if found is None:
        raise LookupError(stream)
    kind, object_id = found
    if kind.own:
        return None if since == stand.pos else frames.me(ep, stream, stand.pos)
    if since is not None and usable(since, stand):
        if since == stand.pos:
            return None
        seen = seen_since(stream, view, since, MOST)
        if seen is not None:
            keys: list[Key] = [(one.kind, one.object_id) for one in seen if not one.gone]
            shown = kind.contents(object_id, view, keys)
            gone: list[Key] = [(one.kind, one.object_id) for one in seen]
            return frames.delta(ep, stream, since, stand.pos, shown, [key for key in gone if key not in shown])
    state = kind.snapshot(object_id, view)
    return frames.snap(ep, stream, view, stand.pos, state.objects if state.whole else {}, whole=state.whole)


def read(stream: str, view: str, since: int | None) -> tuple[Frame | None, int]:
    """The same for one view, with its stand read first; the frame and the position it leads to."""
    stand = stands([stream]).get((stream, view), NOWHERE)
    return frame_since(current_epoch(), stream, view, since, stand), stand.pos
