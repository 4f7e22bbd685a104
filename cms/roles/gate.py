"""What Wagtail’s administration would show of others’ sections, where it asks no right: closed here, before its views.

Wagtail’s explorer, listings and editors ask the rights of groups. Its bulk actions name what they refuse to do, its
choosers take any number, its suggestions of tags and its read API of images and documents know no rights at all.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.roles.limits import choosable, tags_of

UNGUARDED_API = ("/api/main/images/", "/api/main/documents/")
CHOOSERS = {"wagtailadmin_choose_page_child", "wagtailadmin_choose_page_chosen_multiple", "move_confirm"}
OFFICE_ONLY = {"page_types_usage", "page_types_usage_results"}  # it names the page of each kind that was last edited
ANY = ["add", "change", "delete", "choose"]


def closed(request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponseBase | None:
    """An answer in place of Wagtail’s, for whoever is not of the national office; nothing where Wagtail answers well.

    Raises `Http404` where the request names something that this person may not know of.
    """
    match = request.resolver_match
    name = (match.url_name or "") if match is not None else ""
    if name in OFFICE_ONLY or any(part in request.path for part in UNGUARDED_API):
        raise Http404
    if "tag" in name and "autocomplete" in name:
        return JsonResponse(tags_of(request.user, request.GET.get("term", "")), safe=False)
    if name == "wagtail_bulk_action":
        _only_theirs(request, kwargs)
    if name in CHOOSERS:
        asked = {*request.GET.getlist("id"), *(str(value) for value in kwargs.values())}
        _all_of(asked, choosable(Page.objects.all(), request))
    return None


def _only_theirs(request: HttpRequest, kwargs: dict[str, Any]) -> None:
    asked = set(request.GET.getlist("id"))
    if not all(value.isdecimal() for value in asked):  # « all » would list the titles of the whole tree
        raise Http404
    for model in (get_image_model(), get_document_model()):
        if kwargs.get("model_name") == model._meta.model_name:
            policy = policy_registry.get_by_type(model)
            _all_of(asked, policy.instances_user_has_any_permission_for(request.user, ANY))
            return
    _all_of(asked, policy_registry.get_by_type(Page).explorable_instances(request.user))


def _all_of(asked: set[str], known: Any) -> None:
    numbers = {value for value in asked if value.isdecimal() and len(value) < 19}
    if known.filter(pk__in=numbers).count() != len(numbers):
        raise Http404
