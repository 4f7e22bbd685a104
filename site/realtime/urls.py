"""Catching up by HTTP."""

from django.urls import path

from realtime import views

app_name = "realtime"
urlpatterns = [
    path("flux/", views.since, name="since"),
    path("flux/objets/", views.objects, name="objects"),
    path("me/", views.me, name="me"),
]
