"""Old addresses lead to new ones, as far as whoever asks may read what is there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect

from cms.reading.privacy import may_read


class ReadableRedirectMiddleware(RedirectMiddleware):
    """Wagtail's redirects, where an old address does not tell the new name of a page that is private.

    Two SQL queries more than a page that is not found; none for the others.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Answer a 404 with the redirect of its address, if there is one for this viewer."""
        if response.status_code != 404:
            return response
        target = _target(request)
        if target is not None and not _may_follow(target, request):
            return response
        answer: HttpResponse = super().process_response(request, response)
        return answer


def _target(request: HttpRequest) -> Any:
    path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    return get_redirect(request, path) or get_redirect(request, urlsplit(path).path)


def _may_follow(redirect: Any, request: HttpRequest) -> bool:
    page = redirect.redirect_page
    return page is None or (page.live and may_read(page, request.viewer))  # type: ignore[attr-defined]  # a middleware’s
