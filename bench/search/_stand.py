"""Servers and settings on which a measure of the search stands."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tools.services.elasticsearch import Elasticsearch
from tools.services.manager import services


@contextmanager
def standing(needed: Sequence[str], heap: str) -> Iterator[None]:
    """Django on a state of its own, these servers beside (a started Elasticsearch with so much heap), all gone after.

    Without a server of rows (PostgreSQL, or the one that the environment names) they are in SQLite.
    """
    with tempfile.TemporaryDirectory(prefix="search-bench-") as state, services(needed, start=False) as found:
        if found.missing:
            sys.exit("\n".join(found.missing.values()))
        if "elasticsearch" in found.servers:
            found.server(Elasticsearch).heap = heap
        found.start()
        if not needed:
            os.environ.pop("DATABASE_URL", None)
        os.environ.update(CLUB_ENV="test", CLUB_STATE=state, DJANGO_SETTINGS_MODULE="club.settings", **found.environ)
        os.environ.setdefault("SECRET_KEY", "a key of a measure, which protects nothing at all, long enough")
        import django

        django.setup()
        yield
