"""Addresses of the projects. A project's own begins with its commune's code, so it meets no other."""

from django.urls import path

from projects import import_views, views

app_name = "projects"
urlpatterns = [
    path("", views.project_list, name="list"),
    path("donnees/projets.csv", views.projects_csv, name="opendata_csv"),
    path("donnees/projets.json", views.projects_json, name="opendata_json"),
    path("donnees/schema.json", views.schema_json, name="opendata_schema"),
    path("imports/", import_views.imports, name="imports"),
    path("imports/<int:pk>/", import_views.report, name="import"),
    path("imports/<int:pk>/importer/", import_views.apply, name="import_apply"),
    path("imports/<int:pk>/lignes/<int:number>/", import_views.line, name="import_line"),
    path("<slug:slug>/", views.project_detail, name="detail"),
]
