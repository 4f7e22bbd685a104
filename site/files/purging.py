"""What nothing took within 24 hours goes: files that wait, and bytes that no row names."""

from __future__ import annotations

from functools import partial

import structlog
from django.db import transaction
from django.utils import timezone

from changes import SYSTEM, change
from changes.ticks import tick
from files import store
from files.actions import DAY
from files.models import Upload

log = structlog.get_logger(__name__)
BATCH = 200


@tick(every=3600)
def purge_waiting() -> None:
    """Files that have waited for more than 24 hours. One that is being attached just now is waited for, and stays."""
    while _purge_batch() == BATCH:
        pass


def _purge_batch() -> int:
    with change(by=SYSTEM):
        late = Upload.objects.waiting().filter(created_at__lt=timezone.now() - DAY)
        rows = list(late.order_by("pk").select_for_update()[:BATCH])
        Upload.objects.filter(pk__in=[row.pk for row in rows]).delete()
        transaction.on_commit(partial(store.delete, [name for row in rows for name in row.stored_names]))
    return len(rows)


@tick(every=86_400)
def purge_orphans() -> None:
    """Stored bytes that no row names and that are older than 24 hours: what a crash or a failed removal left.

    A file is stored before its row is written; a younger one may be just on its way.
    """
    limit = timezone.now() - DAY
    for folder, names in store.folders():
        keys = {name.partition(".")[0] for name in names}
        known = set(Upload.objects.filter(key__in=keys).values_list("key", flat=True))
        lost = [f"{folder}/{name}" for name in names if name.partition(".")[0] not in known]
        old = [name for name in lost if store.modified(name) < limit]
        if old:
            log.warning("stored files without a row removed", count=len(old))
            store.delete(old)
