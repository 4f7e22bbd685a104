"""The progress of a job on a screen: one line, redrawn in place on a terminal."""

from __future__ import annotations

import sys

from changes.models import Job


def show(job: Job) -> None:
    """Print how far a job is; the last line of a job stays."""
    filled = job.percent // 5
    bar = "█" * filled + "░" * (20 - filled)
    ended = job.state in (Job.State.DONE, Job.State.FAILED)
    terminal = sys.stdout.isatty()
    line = f"  {bar} {job.percent:3d} %  {job.message}"
    sys.stdout.write(f"\r{line:<90}" if terminal else line)
    sys.stdout.write("\n" if ended or not terminal else "")
    sys.stdout.flush()
