"""The bell in the header: a slot of every page, and a strip that the person's own stream renews on every tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from members.viewer import Viewer
from notifications import queries
from realtime.strips import strips_of
from slots import fills


def rendered(viewer: Viewer) -> str:
    """« Notifications (3) »."""
    return render_to_string("notifications/bell.html", {"count": queries.bell(viewer)}).strip()


@fills("header.tools")
def in_the_header(*, viewer: Any) -> str:
    """The bell's place in the header of signed-in people."""
    if viewer is None or viewer.person is None:
        return ""
    return f'<li data-strip="bell-0">{rendered(viewer)}</li>'


@strips_of("bell")
def strip(request: HttpRequest, ids: Sequence[str]) -> Mapping[str, str]:
    """The bell again, when something of the person's changed."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by members.middleware
    return {"0": rendered(viewer)} if viewer.person is not None and "0" in ids else {}
