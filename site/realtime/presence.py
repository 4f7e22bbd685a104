"""About how many are looking: each process says its number with a time to live, nobody counts up or down.

A process that dies without a word is forgotten after some seconds; the sum is rounded, so that it tells nobody who
came or left.
"""

from __future__ import annotations

import os
import socket
from datetime import timedelta

from django.db.models import Sum
from django.utils import timezone

from changes import SYSTEM, change
from realtime import kinds
from realtime.models import Presence

TIME_TO_LIVE = timedelta(seconds=15)
PROCESS = f"{socket.gethostname()[:40]}:{os.getpid()}"


def rounded(count: int) -> int:
    """Up to nine as it is, then to the nearest five, then to two digits."""
    if count < 10:
        return count
    step = 5 if count < 100 else 10 ** (len(str(count)) - 2)
    return step * round(count / step)


def exchange(counts: dict[str, int]) -> dict[str, int]:
    """Say this process's numbers and hear everybody's, for the streams that tell presence.

    One SQL query per kind of stream, and three more where a stream does.
    """
    asked: dict[kinds.StreamKind, dict[str, str]] = {}
    for stream in counts:
        if (found := kinds.kind_of(stream)) is not None:
            asked.setdefault(found[0], {})[found[1]] = stream
    told = {ids[one]: counts[ids[one]] for kind, ids in asked.items() for one in kind.with_presence(ids)}
    if not told:
        return {}
    now = timezone.now()
    rows = [
        Presence(stream=stream, process=PROCESS, count=count, until=now + TIME_TO_LIVE)
        for stream, count in told.items()
    ]
    with change(by=SYSTEM):
        Presence.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["stream", "process"], update_fields=["count", "until"]
        )
        Presence.objects.filter(until__lt=now).delete()
    sums = Presence.objects.filter(stream__in=told, until__gte=now).order_by().values("stream").annotate(n=Sum("count"))
    return {row["stream"]: rounded(row["n"]) for row in sums}
