"""`/healthz` (alive), `/readyz` (may receive requests), `/metrics` (behind a token)."""

from __future__ import annotations

import secrets
import socket
import threading
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from changes.facts import backlog
from club import metrics

draining = threading.Event()  # set at stop: the proxy sends nobody here any more, those in hand are answered
_migrated = threading.Event()


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: asks nothing of anybody."""
    return JsonResponse({"status": "ok", "release": settings.RELEASE})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready when the database answers and is migrated; cache and search are reported and do not decide."""
    parts = {
        "database": _database(),
        "migrations": _migrations(),
        "redis": _reachable(settings.REDIS_URL, 6379),
        "elasticsearch": _reachable(settings.ELASTICSEARCH_URL, 9200),
    }
    ready = parts["database"] == "ok" and parts["migrations"] == "ok" and not draining.is_set()
    status = "draining" if draining.is_set() else "ok" if ready else "unavailable"
    return JsonResponse({"status": status, "parts": parts}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unavailable"
    return "ok"


def _migrations() -> str:
    if _migrated.is_set():
        return "ok"
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "pending"
    except DatabaseError:
        return "unknown"
    _migrated.set()
    return "ok"


def _reachable(url: str, default_port: int) -> str:
    """Whether somebody listens there: `not configured`, `ok` or `unavailable`, in at most 0.3 s."""
    if not url:
        return "not configured"
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "", parts.port or default_port), timeout=0.3).close()
    except OSError:
        return "unavailable"
    return "ok"


@require_safe
@never_cache
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for whoever bears the token; 404 to others (and to all where no token is set)."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponseNotFound()
    for consumer, counts in backlog().items():
        metrics.facts_waiting.labels(consumer).set(counts["waiting"])
        metrics.facts_aside.labels(consumer).set(counts["aside"])
    return HttpResponse(metrics.page(), content_type="text/plain; version=0.0.4; charset=utf-8")
