"""`request.viewer`: made lazily, once, from the signed-in person."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, cached_property

from members.models import Person
from members.viewer import Viewer


class ClubRequest(HttpRequest):
    """What our views receive: Django's request with its viewer."""

    viewer: Viewer


class RequestViewer(Viewer):
    """The viewer of a request, found out at the first question; then as quick to ask as any other."""

    def __init__(self, request: HttpRequest) -> None:
        self.__dict__["_request"] = request

    @cached_property
    def _known(self) -> Viewer:
        request = self.__dict__["_request"]
        user = request.user
        if isinstance(user, SimpleLazyObject):  # the person, without the wrapper: each question would go through it
            user = get_user(request)
        return Viewer.of(user if isinstance(user, Person) else None)

    @cached_property
    def person(self) -> Person | None:
        return self._known.person

    @cached_property
    def tokens(self) -> frozenset[str]:
        return self._known.tokens

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Viewer) and (self.person, self.tokens) == (other.person, other.tokens)

    def __hash__(self) -> int:
        return hash((self.person, self.tokens))


def viewer_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give every request its viewer; a page that never asks for it pays nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.viewer = RequestViewer(request)  # type: ignore[attr-defined]  # ClubRequest declares it for the views
        return get_response(request)

    return middleware
