"""Wagtail's administration as the club has it: no user and group screens, no outside requests."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from wagtail import hooks
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from cms import editing  # noqa: F401 - registers the editor’s hooks
from cms.audits import AuditViewSet
from cms.facts import tell
from cms.models import ClubDocument
from cms.reading.privacy import closed_collections, is_closed, may_read
from cms.reports import menu  # noqa: F401 - registers the reports
from cms.roles.gate import OFFICE_ONLY

HIDDEN = {"users", "groups", "sites", "locales"}


@hooks.register("construct_settings_menu")
def hide_people(request: HttpRequest, menu_items: list[Any]) -> None:
    """People and rights are the club's own pages; Django groups are only a projection of them."""
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN]


@hooks.register("construct_help_menu")
def hide_help(request: HttpRequest, menu_items: list[Any]) -> None:
    """Wagtail's help links lead to other sites, in English."""
    menu_items[:] = []


@hooks.register("construct_reports_menu")
def hide_closed_reports(request: HttpRequest, menu_items: list[Any]) -> None:
    """No report whose page would answer that it is not there."""
    if not (request.viewer.is_national_office or request.user.is_superuser):  # type: ignore[attr-defined]
        menu_items[:] = [item for item in menu_items if resolve(item.url).url_name not in OFFICE_ONLY]


@hooks.register("construct_homepage_panels")
def no_upgrade_panel(request: HttpRequest, panels: list[Any]) -> None:
    """No question to another server about versions."""
    panels[:] = [panel for panel in panels if "Upgrade" not in type(panel).__name__]


@hooks.register("before_serve_page", order=-100)
def private_page_is_not_there(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> None:
    """A page answers 404 to whoever may not read it, where Wagtail would say that there is something to sign in for."""
    if getattr(request, "page_was_asked", None) != page.pk and not may_read(page, request.viewer):  # type: ignore[attr-defined]
        raise Http404


@hooks.register("before_serve_document", order=-100)
def private_document_is_not_there(document: Any, request: HttpRequest) -> None:
    """So does a document; the right is asked at each download."""
    if document.collection_id in closed_collections(request.viewer, request):  # type: ignore[attr-defined]
        raise Http404


@hooks.register("before_move_page")
def no_restriction_under_another(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Refuse to move what is reserved to where all is reserved already: one would have to be in both groups."""
    below = is_closed(Page.objects.filter(path__startswith=page.path))
    above = is_closed(destination.get_ancestors(inclusive=True))
    if below and above:
        messages.error(
            request,
            f"« {page.title} » ne peut pas aller sous « {destination.title} » : les deux sont réservées à des groupes. "
            "Levez d’abord l’une des deux restrictions.",
        )
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None


@hooks.register("before_bulk_action")
def nor_in_bulk(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> HttpResponse | None:
    """The same for several pages at once."""
    if action_type != "move" or not all(isinstance(one, Page) for one in objects):
        return None
    destination = action.cleaned_form.cleaned_data["chooser"]
    refusals = (no_restriction_under_another(request, page, destination) for page in objects)
    return next((refusal for refusal in refusals if refusal is not None), None)


@hooks.register("after_bulk_action")
def told_in_bulk(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Wagtail changes the collection of many by one UPDATE, which sends no signal."""
    if action_type == "add_to_collection":
        for one in objects:
            tell("document.saved" if isinstance(one, ClubDocument) else "image.saved", one.pk)


register_snippet(AuditViewSet)
