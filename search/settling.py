"""An index that is not complete is completed; where that does not help, it is left alone for an hour, and said."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.utils import timezone

from changes import SYSTEM, change
from search import rebuilding
from search.engines.base import Engine, Refused
from search.models import Unsettled

log = structlog.get_logger(__name__)
AGAIN = timedelta(hours=1)
"""Comparing reads every document: no sooner, where it did not help."""


def settle(engine: Engine) -> None:
    """Where the index holds not as many documents as there are, write what differs, at most once an hour in vain.

    Raises `EngineAway`; then nothing is remembered, and the next call tries again.
    """
    row = Unsettled.objects.filter(engine=engine.name).first()
    if _agrees(engine):
        if row is not None:
            with change(by=SYSTEM):
                row.delete()
        return
    if row is not None and row.checked_at > timezone.now() - AGAIN:
        return
    found = rebuilding.compare(engine)
    try:
        rebuilding.repair(found)
    except Refused as refused:
        log.warning("documents refused", engine=engine.name, why=str(refused)[:300])
    if _agrees(engine):
        return
    held, expected = engine.health().documents, rebuilding.total()
    log.warning("index does not settle", engine=engine.name, held=held, expected=expected)
    said = {"checked_at": timezone.now(), "held": held, "expected": expected}
    with change(by=SYSTEM):
        Unsettled.objects.update_or_create(
            engine=engine.name, defaults={**said, "sample": rebuilding.sample(found.keys)[:300]}
        )


def unsettled() -> list[str]:
    """A sentence for each index that does not settle, for who keeps the site. One SQL query."""
    return [
        f"L’index {row.engine} tient {row.held} documents, la base {row.expected}, même réparé le "
        f"{timezone.localtime(row.checked_at):%d/%m/%Y à %H:%M}"
        + (f" (diffèrent : {row.sample})" if row.sample else "")
        + " : `manage.py search check`, sinon `search rebuild`."
        for row in Unsettled.objects.order_by("engine")
    ]


def _agrees(engine: Engine) -> bool:
    return engine.health().documents == rebuilding.total()
