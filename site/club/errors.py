"""Error pages: what happened, what was kept, what to do, whom to ask."""

from __future__ import annotations

import sys
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject

from club.context import last_known_sections, navigation
from cms.accessibility import last_known_status


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the address or the form could not be understood."""
    from django.core.exceptions import RequestDataTooBig

    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: with the reason, where the refusal gives one."""
    return _page(request, 403, reason=str(exception) if exception and str(exception) else "", typed=typed(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose page was open too long."""
    return _page(request, 403, too_old=True, typed=typed(request))


WRITTEN = {"title", "source", "tried", "wanted", "reason", "note", "answer", "description"}
"""Fields that people write, shown however short; of others what is longer than a code or an id."""


def typed(request: HttpRequest) -> list[str]:
    """What a form that fails was sent with, so that its page shows it: secrets and what nobody typed left out."""
    hidden = ("password", "token", "login", "email", "operation")
    try:
        sent = list(request.POST.items())
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):  # too big, cut off, or no form
        return []
    shown = [(name, str(value)) for name, value in sent if not any(part in name.lower() for part in hidden)]
    return [
        text for name, text in shown if text.strip() and (name in WRITTEN or (len(text) > 20 and " " in text.strip()))
    ]


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: offers a search with the words of the address."""
    words = " ".join(w for w in request.path.replace("-", " ").replace("_", " ").split("/") if w.strip())
    return _page(request, 404, words=words[:80], typed=typed(request))


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
    return HttpResponse(render_to_string("errors/500.html", {"typed": typed(request)}), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database is away; rendered without it."""
    page = render_to_string("errors/503.html", {"typed": typed(request)})
    return HttpResponse(page, status=503, headers={"Retry-After": "30"})


def _page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    menu = SimpleLazyObject(lambda: navigation(request, getattr(request, "viewer", None), last_known_sections()))
    context = {"bare_links": True, "ACCESSIBILITY_STATUS": last_known_status(), "NAVIGATION": menu, **context}
    return render(request, f"errors/{status}.html", context, status=status)
