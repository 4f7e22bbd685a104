"""Pages by their address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from wagtail.views import serve

from cms.models import HomePage


def page(request: HttpRequest, path: str) -> HttpResponseBase:
    """The page of an address, by Wagtail’s own view; what is below the home page is found by the home page.

    There is one site: to ask for the site of the request first, and for its root, would be two SQL queries more.
    Raises `Http404`.
    """
    home = HomePage.objects.first()
    if home is not None:
        components = [component for component in path.split("/") if component]
        request._wagtail_route_for_request = home.route(request, components)  # type: ignore[attr-defined]  # Wagtail’s
    answer: HttpResponseBase = serve(request, path)
    return answer
