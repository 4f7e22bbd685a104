"""The frames of the protocol, as dictionaries and as the text that is sent; and the reasons to close."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any

from django.utils import timezone

from realtime.kinds import Content, Key, dom_id

VERSION = 1
HTML_LIMIT = 4096
"""Bytes of one object's HTML in a frame; beyond, the client fetches it."""
FRAME_LIMIT = 1024 * 1024
"""Bytes of a frame at most: a hundred objects of `HTML_LIMIT`, and what JSON adds to them."""
Frame = dict[str, Any]


class Code(IntEnum):
    """Why a socket, or one stream of it, ends: 4000–4499 come back, 4500–4999 stop."""

    RESTART = 4001
    TOO_SLOW = 4008
    RESYNCHRONISE = 4010
    TOO_MANY = 4029
    PROTOCOL = 4500
    LOGIN_EXPIRED = 4501
    RIGHT_WITHDRAWN = 4503
    SESSION_OVER = 4504
    NEWER_TAB = 4509
    RELOAD = 4526


# How long a client waits before it comes back, in milliseconds (at random between the two).
RETRY = {
    Code.RESTART: (500, 8000),
    Code.TOO_SLOW: (1000, 5000),
    Code.RESYNCHRONISE: (0, 3000),
    Code.TOO_MANY: (20_000, 60_000),
}


def _frame(kind: str, epoch: str, **fields: Any) -> Frame:
    return {"v": VERSION, "k": kind, "ep": epoch, **fields}


def _now() -> int:
    return int(timezone.now().timestamp() * 1000)


def objects(contents: Mapping[Key, Content], *, whole: bool = False) -> list[dict[str, Any]]:
    """Objects as frames carry them; `far` instead of an HTML beyond the limit, unless `whole`."""
    listed = []
    for key, content in contents.items():
        one = {"id": dom_id(key), "rev": content.rev, **content.fields}
        if whole or len(content.html.encode()) <= HTML_LIMIT:
            one["html"] = content.html
        else:
            one["far"] = True
        listed.append(one)
    return listed


def snap(epoch: str, stream: str, view: str, pos: int, contents: Mapping[Key, Content], *, whole: bool) -> Frame:
    """The state of a view; where it is not `whole` the page fetches what it shows."""
    up = objects(contents)
    return _frame("snap", epoch, s=stream, view=view, pos=pos, t=_now(), up=up, whole=whole)


def delta(epoch: str, stream: str, since: int, to: int, contents: Mapping[Key, Content], gone: Iterable[Key]) -> Frame:
    """What changed between two positions, as it is now."""
    ids = [dom_id(key) for key in gone]
    return _frame("delta", epoch, **{"s": stream, "from": since, "to": to, "up": objects(contents), "del": ids})


def me(epoch: str, stream: str, pos: int) -> Frame:
    """Something of the person's own changed: read `/me/`."""
    return _frame("me", epoch, s=stream, to=pos)


def heartbeat(epoch: str, positions: Mapping[str, int]) -> Frame:
    """Alive, and where each followed stream stands: catches what was lost in silence."""
    return _frame("hb", epoch, pos=dict(positions), t=_now())


def here(epoch: str, stream: str, count: int) -> Frame:
    """About how many are looking at a stream."""
    return _frame("here", epoch, s=stream, n=count)


def bye(epoch: str, code: Code, why: str, stream: str = "") -> Frame:
    """Said before any deliberate close; with a stream's name only that stream ends."""
    frame = _frame("bye", epoch, code=int(code), why=why, retry_ms=list(RETRY.get(code, ())))
    if stream:
        frame["s"] = stream
    return frame


def text(frame: Frame) -> str:
    """A frame as it is sent."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
