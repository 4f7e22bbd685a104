"""Public pages of the projects."""

from __future__ import annotations

from typing import TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from look.pages import page_of
from projects import opendata, queries
from projects.filters import Filters

LIST = "Projets"


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """The list with its filters and the map. Everybody; SQL queries: 5."""
    filters = Filters.of(request.GET.dict())
    drawn = queries.map_of(filters)
    choices = queries.choices(drawn)
    return render(
        request,
        "projects/list.html",
        {
            "filters": filters,
            "page": page_of(queries.listed(filters), request, 20),
            "map": drawn,
            "choices": choices,
            "active": queries.active(filters, choices),
            "crumbs": [(LIST, "")],
        },
    )


@require_safe
def project_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One project. Everybody, once it is published; 404 before."""
    project = queries.project_page(slug)
    if project is None:
        raise Http404
    department = project.commune.department
    return render(
        request,
        "projects/detail.html",
        {
            "project": project,
            "marks": queries.line_of(project),
            "others": queries.neighbours(project),
            "other_communes": [one for one in project.communes.all() if one.pk != project.commune_id],
            "canonical": settings.SITE_URL + project.get_absolute_url(),
            "crumbs": [
                (LIST, reverse("projects:list")),
                (department.name, f"{reverse('projects:list')}?departement={department.code}"),
                (project.name, ""),
            ],
        },
    )


@require_safe
def projects_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Open data, CSV: streamed."""
    response = StreamingHttpResponse(opendata.csv_lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="projets-ecoquartiers.csv"'
    return _dated(response)


@require_safe
def projects_json(request: HttpRequest) -> StreamingHttpResponse:
    """Open data, JSON: streamed."""
    return _dated(StreamingHttpResponse(opendata.json_parts(), content_type="application/json; charset=utf-8"))


@require_safe
def schema_json(request: HttpRequest) -> JsonResponse:
    """Open data: the Table Schema of the CSV."""
    response = JsonResponse(opendata.schema(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    return _dated(response)


R = TypeVar("R", bound=HttpResponseBase)


def _dated(response: R) -> R:
    latest = opendata.latest()
    if latest:
        response.headers["Last-Modified"] = http_date(latest.timestamp())
    return response
