"""Who holds a socket: the session of its handshake's cookies, read anew each time that somebody asks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from members.audiences import rights_of
from members.models import Person
from members.viewer import VISITOR_VIEWER, Viewer
from realtime.viewers import Looker


def session_mark(session_key: str) -> str:
    """Tells sessions apart in the stream of rights without being a way into one."""
    return hashlib.sha256(f"session:{session_key}".encode()).hexdigest()[:32] if session_key else ""


def look_up(cookies: Mapping[str, str]) -> Looker:
    """The looker of these cookies, now. Three SQL queries signed in, and those of rights that are not cached."""
    session_key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    if not session_key:
        return Looker(VISITOR_VIEWER)
    session = SimpleNamespace(session=SessionStore(session_key))
    person = get_user(session)  # type: ignore[arg-type]  # it asks for nothing but the session
    if not isinstance(person, Person) or not person.is_active:
        return Looker(VISITOR_VIEWER)
    rights = rights_of(person)
    expiry = Session.objects.filter(session_key=session_key).values_list("expire_date", flat=True).first()
    ends = [moment for moment in (rights.until, expiry) if moment is not None]
    return Looker(Viewer(person, rights.tokens), person.key, session_mark(session_key), min(ends, default=None))
