from django.urls import path

from members import views

app_name = "members"
urlpatterns = [
    path("", views.people, name="list"),
    path("organisations/", views.organisations, name="organisations"),
    path("inviter/", views.invite, name="invite"),
    path("invitation/<str:token>/", views.accept, name="accept"),
    path("invitations/<int:pk>/retirer/", views.withdraw, name="withdraw"),
    path("<int:pk>/", views.person, name="person"),
    path("mandats/<int:pk>/fin/", views.end_mandate, name="end-mandate"),
    path("roles/<int:pk>/fin/", views.end_role, name="end-role"),
]
