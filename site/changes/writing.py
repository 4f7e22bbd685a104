"""`change()`: one transaction that carries rows, facts and journal together, or nothing of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

if TYPE_CHECKING:  # the package is imported before Django has its applications
    from changes.models import Fact, JournalLine

SYSTEM = "system"


class Actor(Protocol):
    """Whoever acts: anything with a key, such as `person:42`. This app knows no person."""

    @property
    def key(self) -> str: ...


@dataclass
class Change:
    """What one transaction will leave behind besides its rows. Made by `change()` only."""

    by: str
    facts: list[Fact] = field(default_factory=list)
    lines: list[JournalLine] = field(default_factory=list)

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
        Raises `UnheardFact` where no consumer listens: a fact nobody takes is a mistake.
        """
        heard = [name for name, kinds in settings.FACT_CONSUMERS.items() if any(fnmatchcase(kind, k) for k in kinds)]
        if not heard:
            raise UnheardFact(f"no consumer of settings.FACT_CONSUMERS listens to {kind!r}")
        from changes.models import Fact

        for consumer in heard:
            self.facts.append(
                Fact(
                    consumer=consumer,
                    kind=kind,
                    object_id=str(object_id),
                    payload=payload or {},
                    not_before=not_before or timezone.now(),
                )
            )

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
        from changes.models import Fact, JournalLine

        Fact.objects.bulk_create(self.facts, batch_size=500)
        JournalLine.objects.bulk_create(self.lines, batch_size=500)


class HalfDone(RuntimeError):
    """An inner change failed, somebody swallowed its error: the whole is rolled back, and that must be heard."""


class UnheardFact(LookupError):
    """A fact was recorded that no consumer listens to."""


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
