"""Every change of files: received, attached, taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Protocol
from uuid import UUID

import structlog
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from changes import Change, change
from files import store
from files.content import MAX_BYTES, TOO_LARGE, Examined, examine
from files.models import ALT_LONGEST, PER_HOLDER, Upload
from files.names import clean_line, clean_name
from files.refusal import FileRefused
from files.scanning import scan

log = structlog.get_logger(__name__)
WAITING_BYTES = 50_000_000
WAITING_FILES = 60
DAY = timedelta(hours=24)
MEMBERS_ONLY = "Connectez-vous en tant que membre du club pour joindre un fichier."
GONE = "Un fichier joint n’est plus disponible : joignez-le de nouveau."
TOO_MANY = f"Joignez {PER_HOLDER} fichiers au plus."
DESCRIBE = "Décrivez cette image, ou cochez « Image décorative »."
ALT_TOO_LONG = f"Décrivez l’image en {ALT_LONGEST} caractères au plus."


class Sender(Protocol):
    """Whoever acts: a key, the person behind it, and whether they are a member. This app knows no more of people."""

    @property
    def key(self) -> str: ...
    @property
    def person(self) -> Any: ...
    @property
    def is_member(self) -> bool: ...


@dataclass(frozen=True)
class Chosen:
    """A file as a form chose it: which, and what stands in place of the picture."""

    id: UUID
    alt: str = ""
    decorative: bool = False
    fingerprint: str = ""
    """What it holds: the same for the same file sent twice, so that an operation's payload stays the same."""


def receive(*, file: UploadedFile, by: Sender) -> Upload:
    """Keep a file that waits for its form: looked at, made anew, stored; purged after 24 hours if nothing takes it.

    Who may: members. Raises `FileRefused`. Looked at outside any transaction. The bytes are stored before the row is
    written: what fails between leaves at most bytes that nothing names, which the purge removes.
    """
    try:
        person = _sender(by)
        _refuse_without_room(person, 0)
        if (file.size or 0) > MAX_BYTES:
            raise FileRefused(TOO_LARGE, "size")
        data = file.read(MAX_BYTES + 1)
        scan(data)
        found = examine(data)
    except FileRefused as refusal:
        log.warning("file refused", why=refusal.why, size=file.size)
        raise
    return _keep(found, file.name or "", by)


def _keep(found: Examined, name: str, by: Sender) -> Upload:
    upload = Upload(
        owner_id=by.person.pk,
        kind=found.kind,
        name=clean_name(name, found.extension),
        extension=found.extension,
        size=len(found.content),
        sha256=hashlib.sha256(found.content).hexdigest(),
        width=found.width,
        height=found.height,
    )
    try:
        store.write(upload.stored, found.content)
        if found.thumbnail:
            store.write(upload.stored_thumbnail, found.thumbnail)
        with change(by=by):
            # two at once count each other; what else the person writes meanwhile does not wait
            get_user_model()._default_manager.select_for_update(no_key=True).get(pk=by.person.pk)
            _refuse_without_room(by.person, upload.size)
            upload.save(force_insert=True)
    except BaseException:
        store.delete(upload.stored_names)
        raise
    return upload


def _sender(by: Sender) -> Any:
    if by.person is None or not by.is_member:
        raise FileRefused(MEMBERS_ONLY, "not-a-member")
    return by.person


def _refuse_without_room(person: Any, more: int) -> None:
    waiting = Upload.objects.waiting().filter(owner=person.pk, created_at__gt=timezone.now() - DAY)
    held = waiting.aggregate(size=Sum("size"), count=Count("id"))
    if (held["size"] or 0) + more > WAITING_BYTES or held["count"] >= WAITING_FILES:
        raise FileRefused(
            "Vous avez envoyé beaucoup de fichiers sans les publier : publiez-les ou revenez demain.", "quota"
        )


def attach(chosen: Sequence[Chosen], *, holder_kind: str, holder_id: object, by: Sender) -> None:
    """Attach files to a thing, in this order, after those it has. Twice is once.

    Called inside the change of the app that holds the thing, which has checked the right to write there and locked it
    (two at once would each count up to five). Takes one's own waiting files and those that the thing has already.
    Raises `FileRefused`: gone or somebody else's (not told apart), a sixth one, a picture without its text.
    """
    if not chosen:
        return
    with change(by=by):
        held = Upload.objects.held_by(holder_kind, [holder_id])
        places = {upload.pk: upload.position for upload in held}
        following = max(places.values(), default=-1) + 1
        if len(places.keys() | {one.id for one in chosen}) > PER_HOLDER:
            raise FileRefused(TOO_MANY, "too-many")
        rows = _locked(one.id for one in chosen)
        for one in chosen:
            row = rows.get(one.id)
            if row is None or not _attachable(row, holder_kind, str(holder_id), by):
                raise FileRefused(GONE, "gone")
            if row.pk in places:
                position = places[row.pk]
            else:
                position, following = following, following + 1
                places[row.pk] = position
            _write_holder(row, one, holder_kind, str(holder_id), position)


def settle(
    chosen: Sequence[Chosen], *, holder_kind: str, holder_id: object, by: Sender, seen: Collection[UUID] | None = None
) -> None:
    """Let a thing hold exactly these files, in this order: the others are taken away. Otherwise as `attach`.

    With `seen`, the files that were on the screen where they were chosen: what came since stays, behind them.
    """
    with change(by=by):
        wanted = {one.id for one in chosen}
        held = list(Upload.objects.held_by(holder_kind, [holder_id]))
        if seen is not None:
            since = [Chosen(row.pk, row.alt, row.decorative) for row in held if row.pk not in {*wanted, *seen}]
            chosen, wanted = [*chosen, *since], wanted | {one.id for one in since}
        detach([upload.pk for upload in held if upload.pk not in wanted], holder_kind=holder_kind,
               holder_id=holder_id, by=by)  # fmt: skip
        attach(chosen, holder_kind=holder_kind, holder_id=holder_id, by=by)
        for position, one in enumerate(chosen):
            Upload.objects.filter(pk=one.id).exclude(position=position).update(position=position)


def _locked(ids: Iterable[UUID]) -> dict[UUID, Upload]:
    return {row.pk: row for row in Upload.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk")}


def _attachable(row: Upload, kind: str, holder_id: str, by: Sender) -> bool:
    if row.is_waiting:
        return by.person is not None and row.owner_id == by.person.pk
    return (row.holder_kind, row.holder_id) == (kind, holder_id)


def _write_holder(row: Upload, one: Chosen, kind: str, holder_id: str, position: int) -> None:
    decorative = row.is_picture and one.decorative
    alt = clean_line(one.alt) if row.is_picture and not decorative else ""
    if row.is_picture and not alt and not decorative:
        raise FileRefused(DESCRIBE, "no-alt")
    if len(alt) > ALT_LONGEST:
        raise FileRefused(ALT_TOO_LONG, "alt-too-long")
    before = (row.holder_kind, row.holder_id, row.alt, row.decorative, row.position)
    after = (kind, holder_id, alt, decorative, position)
    if before == after:
        return
    row.holder_kind, row.holder_id, row.alt, row.decorative, row.position = after
    row.save(update_fields=["holder_kind", "holder_id", "alt", "decorative", "position"])


def discard(upload_id: UUID, *, by: Sender) -> None:
    """Take away a file of one's own that still waits. Twice is once: one that is gone already is as wanted.

    Raises `FileRefused` for somebody else's and for one that is attached.
    """
    with change(by=by):
        row = _locked([upload_id]).get(upload_id)
        if row is None:
            return
        if not row.is_waiting or by.person is None or row.owner_id != by.person.pk:
            raise FileRefused(GONE, "gone")
        _remove([row])


def detach(ids: Iterable[UUID] | None = None, *, holder_kind: str, holder_id: object, by: Sender | str) -> int:
    """Take files away from a thing (all of them without `ids`) for ever; how many. Twice is once.

    Called inside the change of the app that holds the thing (a message edited, its text erased): the right is checked
    there.
    """
    with change(by=by) as c:
        held = Upload.objects.held_by(holder_kind, [holder_id]).select_for_update()
        rows = list(held if ids is None else held.filter(pk__in=set(ids)))
        _remove(rows)
        _log_removed(c, rows)
    return len(rows)


def _log_removed(c: Change, rows: Sequence[Upload]) -> None:
    for row in rows:
        c.log("detach", "file", row.pk, before={"holder": [row.holder_kind, row.holder_id]})


def _remove(rows: Sequence[Upload]) -> None:
    """Delete rows, and their bytes once that is committed."""
    if rows:
        Upload.objects.filter(pk__in=[row.pk for row in rows]).delete()
        names = [name for row in rows for name in row.stored_names]
        transaction.on_commit(partial(store.delete, names))
