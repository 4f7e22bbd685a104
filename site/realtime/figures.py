"""Figures of the sockets for `/metrics`."""

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
