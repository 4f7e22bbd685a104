"""From a fact to the index: documents built from the rows as they are now, written to every engine."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from changes import SYSTEM, change
from changes.models import Embargo
from search import sources
from search.core.matter import Matter
from search.engines import choosing
from search.engines.base import EngineAway, Refused

BATCH = 500


def version_now() -> int:
    """Microseconds of the database's clock, read before the rows: who reads later never writes an older text over."""
    if connection.vendor != "postgresql":
        return time.time_ns() // 1000
    with connection.cursor() as cursor:
        cursor.execute("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")
        return int(cursor.fetchone()[0])


def renew(keys: Iterable[str], *, containers: Sequence[str] = (), refresh: bool = False) -> int:
    """Write the documents of these keys as the rows are now, remove those that have none any more; returns how many.

    What narrowed before (an embargo on one of the keys, or on `containers`) is shown again once every engine has
    confirmed it. Raises `EngineAway` where one was away, `Refused` where one did not take a document; the others have.
    """
    count = 0
    lifted = list(Embargo.objects.filter(key__in=containers).values_list("pk", flat=True)) if containers else []
    for part in batched_keys(keys):
        lifted += Embargo.objects.filter(key__in=part).values_list("pk", flat=True)
        count += _write(part, refresh=refresh or bool(lifted))
    if lifted:
        with change(by=SYSTEM):
            Embargo.objects.filter(pk__in=lifted).delete()
    return count


def batched_keys(keys: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Each key once within its batch, at most `BATCH` of them."""
    part: dict[str, None] = {}
    for key in keys:
        part[key] = None
        if len(part) == BATCH:
            yield tuple(part)
            part = {}
    if part:
        yield tuple(part)


def read_now(keys: Sequence[str]) -> tuple[list[Matter], list[str], int]:
    """Documents of these keys as the rows are now, keys that have none any more, the version of this reading."""
    version = version_now()
    matters = sources.build(keys)
    built = {one.key for one in matters}
    return matters, [key for key in keys if key not in built], version


def _write(keys: Sequence[str], *, refresh: bool) -> int:
    matters, gone, version = read_now(keys)
    away: EngineAway | None = None
    refused: list[str] = []
    for engine in choosing.written():
        if choosing.rests(engine):  # no failure: nothing was asked, and its rest ends when it was to end
            away = EngineAway(f"{engine.name} ne répond pas")
            continue
        try:
            results = [engine.bulk(matters, version, refresh=refresh), engine.delete(gone, version, refresh=refresh)]
            choosing.succeeded(engine)
            refused += [reason for one in results for reason in one.failed]
        except EngineAway as error:
            choosing.failed(engine)
            away = error
    if away is not None:
        raise away
    if refused:
        raise Refused(" ; ".join(refused[:5]))
    return len(keys)
