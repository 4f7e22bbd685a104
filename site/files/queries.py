"""Reads of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q

from files.models import Upload

Id = TypeVar("Id", int, str)


def attached_to(kind: str, ids: Sequence[Id]) -> dict[Id, list[Upload]]:
    """What is attached to each of these things, in order; each id has its list. One SQL query, none for no ids."""
    found: dict[Id, list[Upload]] = {one: [] for one in ids}
    if not found:
        return found
    by_text = {str(one): one for one in ids}
    for upload in Upload.objects.held_by(kind, ids):
        found[by_text[upload.holder_id]].append(upload)
    return found


def usable(ids: Iterable[str], *, person: Any, holder: tuple[str, object] | None = None) -> dict[str, Upload]:
    """Those of these ids (as a form sent them) that a person may choose: their own, and what the thing that they edit
    holds already. One SQL query.

    Their own also where it is attached by now: a form sent twice must come to its operation, which knows the first
    result. `attach` refuses what another thing holds.
    """
    wanted = [key for key in map(as_uuid, ids) if key]
    if not wanted or person is None:
        return {}
    mine = Q(owner=person.pk)
    if holder:
        mine |= Q(holder_kind=holder[0], holder_id=str(holder[1]))
    return {str(upload.pk): upload for upload in Upload.objects.filter(mine, pk__in=wanted)}


def as_uuid(text: str) -> UUID | None:
    """The id that a form names; None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
