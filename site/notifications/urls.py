"""A person's notifications, and the link of their mails that ends them."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notifications, name="list"),
    path("ne-plus-suivre/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
