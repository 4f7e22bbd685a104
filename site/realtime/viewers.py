"""Who is looking: `settings.REALTIME_VIEWER` names the function that knows, so that this app knows no person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Looker:
    """Whoever holds a socket: their viewer, the actor's key (empty: a visitor), and until when this answer holds.

    `session` tells which session it is without being a way into it; empty where nobody is signed in.
    """

    viewer: Any
    key: str = ""
    session: str = ""
    until: datetime | None = None


def look_up(cookies: Mapping[str, str]) -> Looker:
    """The looker of a handshake's cookies, now. Called in a thread: it reads the database."""
    function: Callable[[Mapping[str, str]], Looker] = import_string(settings.REALTIME_VIEWER)
    return function(cookies)
