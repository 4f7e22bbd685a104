"""Pages to which the numbers of a home and the results of the search lead."""

from django.urls import path

from directory import people, views

app_name = "directory"
urlpatterns = [
    path("difficultes-sans-reponse/", views.waiting, name="waiting"),
    path("problemes-d-acces/", views.complaints, name="complaints"),
    path("organisations/<int:pk>/", people.organisation, name="organisation"),
    path("personnes/<int:pk>/", people.person, name="person"),
]
