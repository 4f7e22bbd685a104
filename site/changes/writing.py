"""`change()`: one transaction that carries rows, positions, facts and journal together, or nothing of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from changes.advancing import Due, Moved, Place, advance_heads, write_entries, write_facts
from changes.doorbell import ring

if TYPE_CHECKING:  # the package is imported before Django has its applications
    from changes.models import JournalLine

SYSTEM = "system"


class Actor(Protocol):
    """Whoever acts: anything with a key, such as `person:42`. This app knows no person."""

    @property
    def key(self) -> str: ...


@dataclass
class Change:
    """What one transaction will leave behind besides its rows. Made by `change()` only."""

    by: str
    facts: list[Due] = field(default_factory=list)
    lines: list[JournalLine] = field(default_factory=list)
    narrowed: dict[str, None] = field(default_factory=dict)
    result: str = ""
    """What the operation made (its key), told to whoever sends the same form again."""
    _touched: dict[tuple[str, str, str], tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    _heads: dict[Place, bool] = field(default_factory=dict)
    _operation: str = ""

    def touch(
        self, stream: str, kind: str, object_id: object, *, before: Iterable[str] = (), after: Iterable[str] = ()
    ) -> None:
        """Tell a stream that an object changed: `before` and `after` are the views that show it (`shown_in(row)`).

        Views that show it now get an entry, views that no longer do a `gone` one, the others nothing at all. Touched
        several times in one change, the first `before` and the last `after` count.
        """
        key = (stream, kind, str(object_id))
        first = self._touched[key][0] if key in self._touched else frozenset(before)
        self._touched[key] = (first, frozenset(after))

    def renew(self, stream: str, *views: str, snapshot: bool = False) -> None:
        """Advance views of a stream without an entry: something of it changed that is no object of it.

        With `snapshot`, readers from before take a snapshot: for changes of more objects than are worth telling (a
        topic moves with 5,000 posts, an import).
        """
        for view in views:
            self._heads[stream, view] = self._heads.get((stream, view), False) or snapshot

    def once(self, operation: str, payload: object) -> str | None:
        """Begin the operation of a form: None for the first time, else the `result` of the first.

        Raises `OperationReused` where this actor sent another payload under the same id. Two at the same time wait
        for each other here: the second one sees what the first did. Without an id nothing is remembered.
        """
        if not operation:
            return None
        if self._operation:
            raise RuntimeError("one change carries out one operation")
        text = json.dumps(payload, sort_keys=True, ensure_ascii=False, default=str)
        digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO changes_operation (actor, operation, payload, result, at) VALUES (%s, %s, %s, '', %s) "
                "ON CONFLICT (actor, operation) DO NOTHING",
                [self.by, operation, digest, connection.ops.adapt_datetimefield_value(timezone.now())],
            )
            if cursor.rowcount == 1:
                self._operation = operation
                return None
        from changes.models import Operation

        first = Operation.objects.get(actor=self.by, operation=operation)
        if first.payload != digest:
            raise OperationReused(first.result)
        return first.result

    def fact(
        self,
        kind: str,
        object_id: object,
        *,
        not_before: datetime | None = None,
        payload: dict[str, Any] | None = None,
    ) -> None:
        """Tell the workers, once the commit is there, that `kind` happened to `object_id`.

        One row per consumer whose patterns in `settings.FACT_CONSUMERS` meet the kind; `not_before` delays it.
        Raises `UnheardFact` where no consumer listens and `settings.FACTS_ANNOUNCED` does not name the kind either: a
        fact nobody takes is a mistake.
        """
        heard = [name for name, kinds in settings.FACT_CONSUMERS.items() if any(fnmatchcase(kind, k) for k in kinds)]
        if not heard and kind not in settings.FACTS_ANNOUNCED:
            raise UnheardFact(f"no consumer of settings.FACT_CONSUMERS listens to {kind!r}")
        due = not_before or timezone.now()
        self.facts += [Due(consumer, kind, str(object_id), json.dumps(payload or {}), due) for consumer in heard]

    def narrow(self, kind: str, object_id: object) -> None:
        """Some may no longer read this object, or what stands in it: from this commit on the search keeps it back.

        The consumer of the search lifts that once its index has confirmed the new version (docs/decisions/0029).
        """
        self.narrowed[f"{kind}:{object_id}"] = None

    def log(
        self,
        verb: str,
        kind: str,
        object_id: object,
        before: object = None,
        after: object = None,
        reason: str = "",
    ) -> None:
        """Write one line of the journal (append-only): who did `verb` to `kind` `object_id`, from what to what, why."""
        from changes.models import JournalLine

        self.lines.append(
            JournalLine(
                by=self.by,
                verb=verb,
                kind=kind,
                object_id=str(object_id),
                before=before,
                after=after,
                reason=reason,
            )
        )

    def _write(self) -> None:
        """Facts, journal, the operation's result; heads last, because every other change waits for them."""
        from changes.models import Embargo, JournalLine, Operation

        if self.narrowed:
            Embargo.objects.bulk_create([Embargo(key=key) for key in self.narrowed], batch_size=500)
        if self.facts:
            write_facts(self.facts, timezone.now())
        if self.lines:
            JournalLine.objects.bulk_create(self.lines, batch_size=500)
        if self._operation:
            Operation.objects.filter(actor=self.by, operation=self._operation).update(result=self.result)
        moved = list(self._moved())
        for one in moved:
            self._heads.setdefault((one.stream, one.view), False)
        if not self._heads:
            return
        positions = advance_heads(self._heads)
        if moved:
            write_entries(moved, positions, timezone.now())
        transaction.on_commit(ring)

    def _moved(self) -> Iterator[Moved]:
        for (stream, kind, object_id), (before, after) in self._touched.items():
            for view in after:
                yield Moved(stream, view, kind, object_id, gone=False)
            for view in before - after:
                yield Moved(stream, view, kind, object_id, gone=True)


class HalfDone(RuntimeError):
    """An inner change failed, somebody swallowed its error: the whole is rolled back, and that must be heard."""


class UnheardFact(LookupError):
    """A fact was recorded that no consumer listens to and that no list announces."""


class OperationReused(Exception):
    """The form was carried out before with another content; `result` is what it made then. Nothing was changed."""

    def __init__(self, result: str) -> None:
        super().__init__(result)
        self.result = result


_open: ContextVar[Change | None] = ContextVar("open_change", default=None)


def is_writing() -> bool:
    """Whether a change is open here: what writes outside one is refused by the tests."""
    return _open.get() is not None


@contextmanager
def change(*, by: Actor | str) -> Iterator[Change]:
    """Open the one transaction of an action; a nested one joins it (its `by` is the outer's).

    Everything written inside, the facts and the journal are committed together or not at all. If an inner part fails
    and its caller swallows the error, the whole is rolled back all the same and `HalfDone` is raised: half an action
    is never kept.
    """
    outer = _open.get()
    if outer is not None:
        with transaction.atomic(savepoint=False):
            yield outer
        return
    made = Change(by=by if isinstance(by, str) else by.key)
    token = _open.set(made)
    try:
        with transaction.atomic():
            yield made
            if transaction.get_rollback():
                raise HalfDone("an inner change failed and its error was swallowed: nothing was kept")
            made._write()
    finally:
        _open.reset(token)
