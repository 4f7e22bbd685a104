"""An import from its lines to its end. Run again after a kill it goes on; run again after that, it changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from changes import Actor, change
from changes.streams import PUBLIC as EVERYBODY
from forum.importing.checking import Checked, Checker
from forum.importing.people import Known, Settler
from forum.importing.refs import reserve_targets
from forum.importing.report import Report
from forum.importing.spool import BATCH, Spool
from forum.importing.topics import Batch
from forum.models import PUBLIC, Imported, Space
from forum.shown import views_of
from projects.models import Commitment

Progress = Callable[[int, int], None]
UNFINISHED = "unfinished"
"""Kind of the row that stands from the first write of an import to its end."""


def import_forum(
    lines: Iterable[str],
    *,
    source: str,
    by: Actor | str,
    shift_to: datetime | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Import JSON lines of a source; the same line again is the row that it became.

    Nothing is written where a line is wrong, nor in a dry run: the report says so. `shift_to` moves all dates so that
    the newest is that moment. Nobody is told of anything; open screens take a snapshot at the end.
    """
    report = Report(dry_run=dry_run)
    with Spool() as spool:
        checked = Checker(spool, may_be_ahead=shift_to is not None).read(lines)
        report.errors = checked.errors
        if not report.errors:
            _write(spool, checked, report, source=source, by=by, shift_to=shift_to, progress=progress)
    return report


def _write(
    spool: Spool,
    checked: Checked,
    report: Report,
    *,
    source: str,
    by: Actor | str,
    shift_to: datetime | None,
    progress: Progress | None,
) -> None:
    shift = shift_to - checked.newest if shift_to and checked.newest else timedelta()
    commitments = dict(Commitment.objects.values_list("number", "pk"))
    known = Known(source=source, shift=shift, projects=checked.projects, commitments=commitments)
    taken_up = _begin(source, by=by) if not report.dry_run else False
    Settler(spool, checked, known, report, by=by).settle()
    if not report.dry_run:
        reserve_targets(((kind, key) for kind, key, _ in spool.links()), source, by=by)
    touched: dict[int, Space] = {space.pk: space for space in known.spaces.values() if space.pk in known.new_spaces}
    done, total = 0, spool.count("topic", "post", "concern")
    for pieces in spool.batches(BATCH):
        batch = Batch(pieces, known, report)
        batch.write(by=by)
        touched |= batch.touched
        done += sum(len(piece.lines) for piece in pieces)
        if progress:
            progress(done, total)
    if taken_up:  # what the killed run wrote was told to nobody
        touched |= {space.pk: space for space in known.spaces.values()}
    if not report.dry_run:
        _end(report, touched.values(), source=source, by=by)


def _begin(source: str, *, by: Actor | str) -> bool:
    """Note that an import is under way; whether one of this source was cut off before."""
    with change(by=by):
        _, made = Imported.objects.get_or_create(source=source, kind=UNFINISHED, source_id="")
    return not made


def _end(report: Report, touched: Iterable[Space], *, source: str, by: Actor | str) -> None:
    """Whoever has a list open takes a snapshot, visitors' pages renew, the search hears once of each space."""
    with change(by=by) as c:
        for space in touched:
            c.renew(space.stream, *views_of(space), snapshot=True)
            c.fact("forum.space_changed", space.pk)
            if space.audience == PUBLIC:
                c.renew(EVERYBODY, EVERYBODY)
        Imported.objects.filter(source=source, kind=UNFINISHED).delete()
        if report.wrote:
            c.log("import", "forum", source, after={kind: asdict(one) for kind, one in report.figures.items()})
