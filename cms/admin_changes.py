"""Every POST of Wagtail's administration runs in one change: signals, rows and facts together or not at all.

Wagtail publishes outside transactions (scheduled, revision, administration), and its edit view by-passes
`page.publish()`; hence this wrapper over its addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse

from changes import change
from cms.roles.gate import closed
from members.projection import GROUPS
from members.rules import NotAllowed

View = Callable[..., HttpResponseBase]


def change_on_post(view: View) -> View:
    """Open `change(by=the viewer)` around a POST; a refusal by exception rolls all of it back.

    Raises `NotAllowed` to a signed-in person who has no access to the administration; `cms.roles.gate` says what of it
    is closed to whoever is not of the national office.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        editor = request.viewer.holds_any(GROUPS) or user.is_superuser  # type: ignore[attr-defined]  # see below
        if user.is_authenticated and not (editor and user.has_perm("wagtailadmin.access_admin")):
            # Wagtail would send them to the sign-in page, which would send them back here, for ever
            raise NotAllowed("La rédaction est réservée au bureau national, aux régions et aux auteurs partenaires.")
        if user.is_authenticated and not (request.viewer.is_national_office or user.is_superuser):  # type: ignore[attr-defined]
            answer = closed(request, kwargs)
            if answer is not None:
                return answer
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with change(by=request.viewer):  # type: ignore[attr-defined]  # set by members.middleware
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response

    return wrapped
