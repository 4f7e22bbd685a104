"""`{% flux topic.stream page.pos %}`: what the client needs to keep this page up to date."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.conf import settings

from realtime.reading import current_epoch

register = template.Library()


@register.inclusion_tag("realtime/flux.html", takes_context=True)
def flux(context: template.Context, *streams_and_positions: Any) -> dict[str, Any]:
    """Streams with the positions at which the page was read, the epoch, the release, and who it was made for.

    A signed-in person's page follows their own stream too.
    """
    pairs = iter(streams_and_positions)
    streams: dict[str, int | None] = dict(zip(pairs, pairs, strict=True))
    viewer = context.get("viewer")
    who = viewer.key if viewer is not None and viewer.person is not None else ""
    if who:
        streams[who] = None
    return {"streams": json.dumps(streams), "epoch": current_epoch(), "release": settings.RELEASE, "who": who}
