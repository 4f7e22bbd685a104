"""Demo content."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[int, int, str], None]


def make_demo_projects(report: Report | None = None) -> int:
    """Make the demo projects."""
    return 0
