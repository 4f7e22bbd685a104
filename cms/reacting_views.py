"""The page on which a reaction is written."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from wagtail.models import Page

from changes import OperationReused
from cms.models import ClubPage
from cms.reacting import discussion_of, react, space_for
from cms.reading.privacy import readable
from forum.forms import TextField, TextForm
from forum.rules import may_write
from forum.writing import EmptyText
from look.forms import OperationField
from members.middleware import ClubRequest


class ReactionForm(TextForm):
    """A message about a page."""

    source = TextField("Votre réaction", min_length=5)
    operation = OperationField()


@require_http_methods(["GET", "HEAD", "POST"])
def reaction(request: ClubRequest, page_id: int) -> HttpResponse:
    """Write the first message of a page's discussion; where there is one already, lead there."""
    page = _page(request, page_id)
    if request.viewer.person is None:
        return redirect_to_login(reverse("reaction", args=[page.pk]))
    found = discussion_of(page, request.viewer)
    space = space_for(page)
    if found.topic is not None and request.method != "POST":
        return redirect(found.topic)
    if found.topic is None and not (found.may_open and space is not None and may_write(request.viewer, space)):
        raise Http404
    form = ReactionForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        try:
            return redirect(react(page, source=data["source"], operation=data["operation"], by=request.viewer))
        except EmptyText as empty:
            form.add_error("source", str(empty))
        except OperationReused:
            form.add_error(None, "Un autre message est déjà parti de cette page : ouvrez la discussion pour le lire.")
            status = 409
    context = {"form": form, "about": page, "space": space, "crumbs": [(page.title, page.url), ("Réagir", "")]}
    return render(request, "cms/react.html", context, status=status)


def _page(request: ClubRequest, page_id: int) -> ClubPage:
    found = readable(Page.objects.live().filter(pk=page_id), request.viewer).specific().first()
    if not isinstance(found, ClubPage) or not found.takes_reactions:
        raise Http404
    return found
