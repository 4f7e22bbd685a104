"""Addresses of the agenda. A meeting's own stays the same whatever its title becomes."""

from django.urls import path

from meetings import desk_views as desk
from meetings import programme_views as programme
from meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.agenda, name="list"),
    path("mois/", views.this_month, name="this_month"),
    path("mois/<str:month>/", views.month, name="month"),
    path("calendrier.ics", views.calendar, name="calendar"),
    path("region/<slug:code>/calendrier.ics", views.region_calendar, name="region_calendar"),
    path("etre-prevenu/", views.follow, name="follow"),
    path("organiser/", desk.desk, name="desk"),
    path("organiser/nouvelle/", desk.create, name="create"),
    path("<int:pk>.ics", views.ics, name="ics"),
    path("<int:pk>/", views.meeting, name="meeting_by_number"),
    path("<int:pk>-<slug:slug>/", views.meeting, name="meeting"),
    path("<int:pk>/inscription/", views.register, name="register"),
    path("<int:pk>/desinscription/", views.leave, name="leave"),
    path("<int:pk>/modifier/", desk.edit, name="edit"),
    path("<int:pk>/annoncer/", desk.announce, name="announce"),
    path("<int:pk>/ouvrir/", desk.open_registration, name="open"),
    path("<int:pk>/annuler/", desk.cancel, name="cancel"),
    path("<int:pk>/supprimer/", desk.discard, name="discard"),
    path("<int:pk>/compte-rendu/", desk.report, name="report"),
    path("<int:pk>/inscriptions/", desk.registrations, name="registrations"),
    path("<int:pk>/inscriptions.csv", desk.export, name="export"),
    path("<int:pk>/documents/", programme.documents, name="documents"),
    path("<int:pk>/programme/", programme.programme, name="programme"),
    path("<int:pk>/programme/ajouter/", programme.item, name="add_item"),
    path("<int:pk>/programme/<int:item_id>/", programme.item, name="item"),
    path("<int:pk>/programme/<int:item_id>/deplacer/", programme.move, name="move_item"),
    path("<int:pk>/programme/<int:item_id>/retirer/", programme.remove, name="remove_item"),
    path("<int:pk>/intervenants/ajouter/", programme.speaker, name="add_speaker"),
    path("<int:pk>/intervenants/<int:speaker_id>/", programme.speaker, name="speaker"),
    path("<int:pk>/intervenants/<int:speaker_id>/retirer/", programme.remove_speaker, name="remove_speaker"),
]
