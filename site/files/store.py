"""The storage of files (`STORAGES["files"]`: a folder, or a bucket that nobody reads but the site)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

log = structlog.get_logger(__name__)


def storage() -> Storage:
    return storages["files"]


def write(name: str, content: bytes) -> None:
    """Keep bytes under a name that nothing has yet."""
    kept = storage().save(name, ContentFile(content))
    if kept != name:
        storage().delete(kept)
        raise FileExistsError(name)


def read(name: str) -> bytes | None:
    """The bytes of a name; None, and an error in the log, where they are gone."""
    try:
        with storage().open(name) as file:
            return bytes(file.read())
    except OSError:
        log.error("stored file is gone", name=name)
        return None


def delete(names: Iterable[str]) -> None:
    """Remove what is no longer wanted. Never raises: what stays is removed by the purge."""
    for name in names:
        try:
            storage().delete(name)
        except Exception:
            log.exception("stored file not removed", name=name)


def folders() -> Iterator[tuple[str, list[str]]]:
    """Every folder with the names of the files in it."""
    try:
        found = storage().listdir("")[0]
    except FileNotFoundError:  # nothing was ever kept
        return
    for folder in found:
        yield folder, storage().listdir(folder)[1]


def modified(name: str) -> datetime:
    return storage().get_modified_time(name)
