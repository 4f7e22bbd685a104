"""What every request passes through: a line of log, figures, headers, and clear pages for what is refused."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from club import errors, metrics
from members.rules import Gone, NotAllowed

log = structlog.get_logger("club.request")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # invented ones would each make a series
Handler = Callable[[HttpRequest], HttpResponse]


def observed(get_response: Handler) -> Handler:
    """Count and time every answer; log refusals and failures in one structured line, without personal data."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        with metrics.in_progress.track_inprogress():
            response = get_response(request)
        seconds = time.perf_counter() - begun
        match = request.resolver_match
        route = match.route if match else "(aucune)"
        method = request.method if request.method in METHODS else "autre"
        metrics.requests.labels(method, route, str(response.status_code)).inc()
        metrics.seconds.labels(route).observe(seconds)
        if response.status_code >= 400:
            level = log.error if response.status_code >= 500 else log.warning
            level("request", method=request.method, route=route, status=response.status_code, ms=round(seconds * 1e3))
        return response

    return middleware


POLICY = "Content-Security-Policy"


def page_headers(get_response: Handler) -> Handler:
    """Permissions-Policy everywhere; `private, no-store` on whatever was made for a signed-in person."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]  # django-csp
            response.headers["X-Frame-Options"] = "SAMEORIGIN"  # the editor's side preview is a frame of ours
            if POLICY in response.headers:  # a page shown by the editor: it came through these layers as a page already
                strict = response.headers[POLICY]
                response.headers[POLICY] = strict.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


class refusals:
    """Turn named refusals of actions and forms into their pages: 403 with the reason, 404 for what is gone, 413 for
    what is too big.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse a body beyond UPLOAD_LIMIT before anything reads it."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.UPLOAD_LIMIT + 100_000:  # a form's other fields
            return errors.too_large(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django for what a view raised."""
        if isinstance(exception, NotAllowed):
            return errors.forbidden(request, exception)
        if isinstance(exception, Gone):
            return errors.not_found(request, exception)
        if isinstance(exception, RequestDataTooBig):
            return errors.too_large(request)
        if isinstance(exception, (OperationalError, InterfaceError)):
            log.error("database away", error=type(exception).__name__)
            return errors.unavailable(request)
        return None
