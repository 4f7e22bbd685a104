"""CGU and charte de modération: accepted at the first sign-in, and again at each new version.

Who has not accepted is led to one page, from any page that a browser asks for; what is being sent goes through, so that
nothing typed is lost. The session remembers what was accepted: no query for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from cms.legal_versions import to_accept
from members.actions.acceptance import accept_texts
from members.middleware import ClubRequest
from members.models import Acceptance, Person
from members.viewer import Viewer

KEPT = 30  # seconds: a new version is asked for from then on
IN_SESSION = "accepted_texts"
LEGAL = ("/mentions-legales/", "/donnees-personnelles/", "/accessibilite/", "/cookies/", "/plan-du-site/")
FREE = ("/compte/", "/contact/", "/documents/", "/.well-known/", *LEGAL)
"""Signing out, writing to us, reading files and what the law lets everybody read need no acceptance; neither do the
texts themselves."""


class Text(NamedTuple):
    """A text in force, as the page names it."""

    kind: str
    version: int
    title: str
    url: str
    in_force_on: date
    changes: str


def texts_in_force(fresh: bool = False) -> list[Text]:
    """What is to be accepted now; empty where the club has no such text. Asked of the database twice a minute.

    `fresh` asks it now: of two processes the older answer would send whoever accepts round and round.
    """
    kept: list[Text] | None = None if fresh else caches["process"].get("texts-in-force")
    if kept is None:
        kept = [
            Text(str(kind), page.version, page.title, page.url or "/", page.in_force_on, page.changes)
            for kind, page in sorted(to_accept().items())
        ]
        caches["process"].set("texts-in-force", kept, KEPT)
    return kept


def missing(person: Person, texts: Iterable[Text]) -> list[Text]:
    """Those of these texts that the person has not accepted in this version. One SQL query."""
    known = set(Acceptance.objects.filter(person=person).values_list("text", "version"))
    return [text for text in texts if (text.kind, text.version) not in known]


def ask_for_acceptance(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: lead a signed-in person who has not accepted the texts in force to the page that asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _is_asked(request):
            texts = texts_in_force()
            wanted = [[text.kind, text.version] for text in texts]
            viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by members.middleware
            if wanted and viewer.person is not None and request.session.get(IN_SESSION) != wanted:
                if request.path in {text.url for text in texts}:
                    return get_response(request)
                if missing(viewer.person, texts):
                    return redirect(f"{reverse('acceptance')}?{urlencode({'next': request.get_full_path()})}")
                request.session[IN_SESSION] = wanted
        return get_response(request)

    return middleware


def _is_asked(request: HttpRequest) -> bool:
    """Whether this is a page that a browser opens for somebody who may be signed in."""
    return (
        request.method == "GET"
        and "text/html" in request.headers.get("Accept", "")
        and not request.path_info.startswith(FREE)
        and request.path_info != reverse("acceptance")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def acceptance(request: ClubRequest) -> HttpResponse:
    """What is to be accepted and what changed; « J’accepte » leads to the page that was asked."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    onward = asked if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()) else "/"
    person = request.viewer.person
    if person is None:
        return redirect(onward)
    texts = texts_in_force(fresh=True)
    shown = missing(person, texts)
    if request.method == "POST" and shown:
        sent = {key: value for key, _, value in (one.partition(":") for one in request.POST.getlist("text"))}
        if all(sent.get(text.kind) == str(text.version) for text in shown):  # what was read is what is accepted
            accept_texts(person, {text.kind: text.version for text in shown}, by=request.viewer)
            return redirect(onward)
    if not shown:
        return redirect(onward)
    before = Acceptance.objects.filter(person=person).exists()
    return render(request, "directory/acceptance.html", {"texts": shown, "onward": onward, "before": before})
