"""Error pages: what happened, what was kept, what to do, whom to ask."""

from __future__ import annotations

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or the form could not be understood."""
    from django.core.exceptions import RequestDataTooBig

    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: with the reason, where the refusal gives one."""
    return _page(request, 403, reason=str(exception) if exception and str(exception) else "")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose page was open too long: what was typed is shown, so that it can be copied."""
    secret = ("password", "token", "login", "email")
    kept = [
        value
        for name, value in request.POST.items()
        if not any(part in name.lower() for part in secret) and len(str(value)) > 20
    ]
    return _page(request, 403, reason="Votre page était ouverte depuis trop longtemps.", kept=kept)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: offers a search with the words of the address."""
    words = " ".join(w for w in request.path.replace("-", " ").replace("_", " ").split("/") if w.strip())
    return _page(request, 404, words=words[:80])


def too_large(request: HttpRequest) -> HttpResponse:
    """413: what was sent is beyond the limit."""
    return _page(request, 413)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: too many tries in a short time."""
    response = _page(request, 429)
    response.headers["Retry-After"] = "300"
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """500: rendered without context processors and without the database.

    Where it is the database that is away (a session that cannot be read, another error page that asked it), the 503.
    """
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database is away; rendered without it."""
    return HttpResponse(render_to_string("errors/503.html"), status=503, headers={"Retry-After": "30"})


def _page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    return render(request, f"errors/{status}.html", {"bare_links": True, **context}, status=status)
