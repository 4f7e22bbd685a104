"""The epoch of this database."""

from __future__ import annotations

import uuid

from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from changes.models import Installation
from changes.writing import SYSTEM, change


def epoch() -> uuid.UUID:
    """The epoch, made at the first question. One SQL query."""
    row = Installation.objects.filter(id=1).first()
    return row.epoch if row else renew_epoch()


def _forget() -> None:
    for name in caches:
        caches[name].clear()


def renew_epoch() -> uuid.UUID:
    """Give the installation another epoch (after a restore): clients drop all they held."""
    with change(by=SYSTEM) as c:
        row, _ = Installation.objects.update_or_create(id=1, defaults={"epoch": uuid.uuid4(), "since": timezone.now()})
        transaction.on_commit(_forget)  # what was computed in the other past may bear the same versions
        c.log("renew", "epoch", 1, after=str(row.epoch))
    return row.epoch
