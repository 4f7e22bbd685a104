"""Reading streams: where a view stands, what changed in it since a position; and pruning what nobody asks for."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from changes.models import Entry, Head, Operation
from changes.ticks import tick
from changes.writing import SYSTEM, change

KEEP_DAYS = 30
PUBLIC = "public"
"""The stream that every change a visitor can see advances: visitors' pages are kept under its position."""
RIGHTS = "rights"
"""The stream of rights, in one view: whoever holds a socket open asks it, and asks again for whom it concerns.

Its objects: `person` (their key: a role, a mandate, the account), `session` (its mark: signed out), `stream` (its name:
other viewers), `streams` (a prefix: all streams of a kind).
"""
ALL = "all"


class Stand(NamedTuple):
    """Where a view of a stream stands: its position, and the lowest one from which changes can be told."""

    pos: int
    floor: int


class Seen(NamedTuple):
    """One object that changed in a view: `gone` where the view no longer shows it."""

    kind: str
    object_id: str
    gone: bool


NOWHERE = Stand(0, 0)
# One parameter, whatever their number: a hub asks each second, and at each bell, for those of all who are connected.
_POSTGRESQL = "SELECT stream, view, pos, floor FROM changes_head WHERE stream = ANY(%s)"
_SQLITE = "SELECT stream, view, pos, floor FROM changes_head WHERE stream IN (SELECT value FROM json_each(%s))"


def stands(streams: Collection[str]) -> dict[tuple[str, str], Stand]:
    """Where every view of these streams stands; a view that never moved is missing (`NOWHERE`). One SQL query."""
    if not streams:
        return {}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL, [list(streams)])
        else:
            cursor.execute(_SQLITE, [json.dumps(list(streams))])
        return {(stream, view): Stand(pos, floor) for stream, view, pos, floor in cursor.fetchall()}


def stand(stream: str, view: str) -> Stand:
    """Where one view stands. One SQL query."""
    return stands([stream]).get((stream, view), NOWHERE)


def seen_since(stream: str, view: str, since: int, limit: int) -> list[Seen] | None:
    """What changed after `since`, oldest first; None where that is more than `limit` objects. One SQL query.

    Ask for the stand first and for this second: what is committed between the two is told again next time, and
    telling twice changes nothing.
    """
    rows = (
        Entry.objects.filter(stream=stream, view=view, pos__gt=since)
        .order_by("pos", "kind", "object_id")
        .values_list("kind", "object_id", "gone")[: limit + 1]
    )
    found = [Seen(*row) for row in rows]
    return found if len(found) <= limit else None


@tick(every=3600)
def prune() -> None:
    """Entries older than 30 days go, a hundred views at a time; readers from before take a snapshot."""
    while prune_some(100):
        pass


def prune_some(views: int) -> int:
    """Prune up to so many views; returns how many. Heads are taken in their order, as every change does."""
    limit = timezone.now() - timedelta(days=KEEP_DAYS)
    places = list(Entry.objects.filter(at__lt=limit).order_by().values_list("stream", "view").distinct()[:views])
    with change(by=SYSTEM):
        for stream, view in sorted(places):
            heads = Head.objects.filter(stream=stream, view=view)
            if connection.features.has_select_for_update:
                heads = heads.select_for_update()
            floor = heads.values_list("floor", flat=True).get()
            old = Entry.objects.filter(stream=stream, view=view, at__lt=limit)
            highest = old.aggregate(highest=Max("pos"))["highest"]
            if highest is None:
                continue
            old.filter(pos__lte=highest).delete()
            Head.objects.filter(stream=stream, view=view).update(floor=max(floor, highest))
    return len(places)


@tick(every=3600)
def purge_operations() -> None:
    """A form older than 30 days is not sent again."""
    with change(by=SYSTEM):
        Operation.objects.filter(at__lt=timezone.now() - timedelta(days=KEEP_DAYS)).delete()
