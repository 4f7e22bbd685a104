"""Addresses of the projects."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "projects"


def _soon(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [
    path("", _soon, name="list"),
    path("donnees/projets.csv", _soon, name="opendata_csv"),
    path("imports/", _soon, name="imports"),
    path("<slug:slug>/", _soon, name="detail"),
]
