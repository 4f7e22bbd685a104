"""Counters and durations for `/metrics` (Prometheus). With several processes, set PROMETHEUS_MULTIPROC_DIR."""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.core import REGISTRY

requests = Counter("club_requests_total", "Answers by method, route and status", ["method", "route", "status"])
seconds = Histogram(
    "club_request_seconds",
    "Duration of requests by route",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5),
)
in_progress = Gauge("club_requests_in_progress", "Requests being answered", multiprocess_mode="livesum")
facts_waiting = Gauge("club_facts_waiting", "Facts that wait", ["consumer"], multiprocess_mode="mostrecent")
facts_aside = Gauge(
    "club_facts_aside", "Facts set aside after too many failures", ["consumer"], multiprocess_mode="mostrecent"
)


def page() -> bytes:
    """The figures of this process, or of all of them where the multi-process folder is set."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
        return generate_latest(registry)
    return generate_latest(REGISTRY)
