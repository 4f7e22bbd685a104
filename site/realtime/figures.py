"""Figures of the sockets for `/metrics`."""

from __future__ import annotations

import collections

from prometheus_client import Counter, Gauge, Histogram

sockets = Gauge("club_sockets", "Open sockets", multiprocess_mode="livesum")
followed = Gauge("club_streams_followed", "Views of streams that somebody follows", multiprocess_mode="livesum")
sent = Counter("club_frames_sent_total", "Frames sent by kind", ["kind"])
closed = Counter("club_sockets_closed_total", "Sockets that the site closed, by code", ["code"])
passes = Histogram(
    "club_hub_pass_seconds",
    "From the first look to the last socket, for passes that had something to tell",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2),
)

said: collections.Counter[str] = collections.Counter()
"""Frames by kind since the last `tell()`: one shared counter for each of a thousand sends is felt."""


def tell() -> None:
    """Add what was said to the counter of `/metrics`; the hub does each second."""
    for kind, count in said.items():
        sent.labels(kind).inc(count)
    said.clear()
