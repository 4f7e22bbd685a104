"""`request.viewer`: made lazily, once, from the signed-in person."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from members.models import Person
from members.viewer import Viewer


class ClubRequest(HttpRequest):
    """What our views receive: Django's request with its viewer."""

    viewer: Viewer


def viewer_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give every request its viewer; a page that never asks for it pays nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        def make() -> Viewer:
            user = request.user
            return Viewer.of(user if isinstance(user, Person) else None)

        request.viewer = SimpleLazyObject(make)  # type: ignore[attr-defined]  # ClubRequest declares it for the views
        return get_response(request)

    return middleware
