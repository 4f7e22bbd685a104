"""The forum's addresses; a post's stays the same wherever its topic goes."""

from django.urls import path

from forum import views

app_name = "forum"
urlpatterns = [
    path("", views.spaces, name="spaces"),
    path("discussions/<int:pk>/", views.topic, name="topic_by_number"),
    path("discussions/<int:pk>-<slug:slug>/", views.topic, name="topic"),
    path("discussions/<int:pk>/deplacer/", views.move, name="move"),
    path("discussions/<int:pk>/non-lu/", views.unread, name="unread"),
    path("discussions/<int:pk>/lu/", views.read, name="read"),
    path("discussions/<int:pk>/suivre/", views.follow, name="follow"),
    path("messages/<int:pk>/", views.post, name="post"),
    path("messages/<int:pk>/modifier/", views.edit, name="edit"),
    path("messages/<int:pk>/retirer/", views.delete, name="delete"),
    path("messages/<int:pk>/retablir/", views.restore, name="restore"),
    path("messages/<int:pk>/masquer/", views.hide, name="hide"),
    path("messages/<int:pk>/reafficher/", views.show, name="show"),
    path("<slug:slug>/", views.space, name="space"),
    path("<slug:slug>/suivre/", views.follow_space, name="follow_space"),
    path("<slug:slug>/nouvelle-discussion/", views.start, name="start"),
]
