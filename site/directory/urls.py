"""Pages to which the numbers of a home lead."""

from django.urls import path

from directory import views

app_name = "directory"
urlpatterns = [path("difficultes-sans-reponse/", views.waiting, name="waiting")]
