"""Long work with progress: `start_job()` in an action, `@job("kind")` on the function the worker calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from changes.facts import handles
from changes.models import Fact, Job
from changes.writing import Actor, change, is_writing

Work = Callable[["Run"], dict[str, Any] | None]
_works: dict[str, Work] = {}
EVERY = 0.4  # seconds between two progress rows: a bar moves, the database does not notice


class JobRefused(Exception):
    """The work cannot be done and trying again will not help; the message is for the person (French)."""


@dataclass
class Run:
    """A job being done: its payload, and `progress()` for whoever watches."""

    job: Job
    listener: Callable[[Job], None] | None = None
    _last: float = field(default=0.0)

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Say how far the work is, at most every 0.4 s. Inside a transaction only the listener hears: nobody else
        could read the row before the commit."""
        self.job.done, self.job.total = done, total
        self.job.message = message or self.job.message
        now = time.monotonic()
        if now - self._last < EVERY and done < total:
            return
        self._last = now
        if not is_writing():
            with change(by=self.job.by):
                Job.objects.filter(id=self.job.id).update(done=done, total=total, message=self.job.message[:200])
        if self.listener:
            self.listener(self.job)


def job(kind: str) -> Callable[[Work], Work]:
    """Register the work of jobs of `kind`. It must be safe to run again from its start: a killed worker's job is."""

    def register(work: Work) -> Work:
        _works[kind] = work
        return work

    return register


def start_job(kind: str, title: str, *, by: Actor | str, payload: dict[str, Any] | None = None) -> Job:
    """Queue a job for the worker, in the caller's change if one is open."""
    with change(by=by) as c:
        row = Job.objects.create(kind=kind, title=title, by=c.by, payload=payload or {})
        c.fact("job.run", row.id)
    return row


def run_job(row: Job, listener: Callable[[Job], None] | None = None) -> Job:
    """Do a job now, in this process. Its end, result and refusal are kept on the row; other errors are raised."""
    run = Run(job=row, listener=listener)
    with change(by=row.by):
        Job.objects.filter(id=row.id).update(state=Job.State.RUNNING, started_at=timezone.now())
    try:
        result = _works[row.kind](run) or {}
        state, message = Job.State.DONE, row.message
    except JobRefused as refusal:
        result, state, message = {}, Job.State.FAILED, str(refusal)
    except Exception:
        with change(by=row.by):
            Job.objects.filter(id=row.id).update(state=Job.State.FAILED, message="Erreur imprévue : nouvel essai prévu")
        raise
    with change(by=row.by):
        Job.objects.filter(id=row.id).update(state=state, result=result, message=message[:200], ended_at=timezone.now())
    row.refresh_from_db()
    if listener:
        listener(row)
    return row


_listener: Callable[[Job], None] | None = None


def listen(listener: Callable[[Job], None] | None) -> None:
    """Let one function of this process hear the progress of every job it runs (the worker's screen)."""
    global _listener
    _listener = listener


@handles("jobs", "job.run")
def _run(fact: Fact) -> None:
    row = Job.objects.get(id=int(fact.object_id))
    if row.state != Job.State.DONE:
        run_job(row, _listener)
