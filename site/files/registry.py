"""Who may read a file: whoever may read what holds it. Each app says so for its kinds of things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from files.models import Upload

MayRead = Callable[[Any, str], bool]
_readers: dict[str, MayRead] = {}


def readable(kind: str) -> Callable[[MayRead], MayRead]:
    """Register the function that says whether a viewer may read the thing of this kind: (viewer, id) → bool.

    It is asked at each download, before anything is told. It must answer False for what is not there.
    """

    def register(function: MayRead) -> MayRead:
        _readers[kind] = function
        return function

    return register


def may_read(viewer: Any, upload: Upload) -> bool:
    """While it waits: its owner alone. Attached: as its holder's app says. A kind that no app answers for: nobody."""
    if upload.is_waiting:
        person = viewer.person
        return person is not None and upload.owner_id is not None and upload.owner_id == person.pk
    function = _readers.get(upload.holder_kind)
    return function is not None and function(viewer, upload.holder_id) is True
