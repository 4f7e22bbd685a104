"""Addresses of files. None names a place in the storage."""

from __future__ import annotations

from django.urls import path

from files import views

app_name = "files"
urlpatterns = [
    path("envoyer/", views.send, name="send"),
    path("<uuid:pk>/", views.file, name="file"),
    path("<uuid:pk>/apercu/", views.thumbnail, name="thumbnail"),
    path("<uuid:pk>/retirer/", views.discard, name="discard"),
]
