"""The forum's addresses; a topic's and a post's stay the same wherever they go."""

from django.urls import path

from forum import acting_views as acts
from forum import moderation_views as moderation
from forum import views
from forum import writing_views as writing

app_name = "forum"
urlpatterns = [
    path("", views.spaces, name="spaces"),
    path("brouillons/", views.drafts, name="drafts"),
    path("brouillons/enregistrer/", writing.keep_draft, name="keep_draft"),
    path("brouillons/supprimer/", writing.drop_draft, name="drop_draft"),
    path("apercu/", writing.preview, name="preview"),
    path("moderation/", moderation.reports, name="reports"),
    path("moderation/journal/", moderation.journal, name="journal"),
    path("moderation/<int:pk>/", moderation.decide, name="decide"),
    path("espaces/", moderation.keep_spaces, name="keep_spaces"),
    path("espaces/ouvrir/", moderation.keep_space, name="open_space"),
    path("espaces/<int:pk>/", moderation.keep_space, name="keep_space"),
    path("discussions/<int:pk>/", views.topic, name="topic_by_number"),
    path("discussions/<int:pk>-<slug:slug>/", views.topic, name="topic"),
    path("discussions/<int:pk>/aller/", views.go, name="go"),
    path("discussions/<int:pk>/non-lu/", views.unread, name="unread"),
    path("discussions/<int:pk>/lu/", views.read, name="read"),
    path("discussions/<int:pk>/suivre/", views.follow, name="follow"),
    path("discussions/<int:pk>/ecarter/", views.dismiss, name="dismiss"),
    path("discussions/<int:pk>/collectivites/", views.concerned, name="concerned"),
    path("discussions/<int:pk>/nous-aussi/", acts.we_too, name="we_too"),
    path("discussions/<int:pk>/ne-plus-retenir/", acts.withdraw_acceptance, name="withdraw_acceptance"),
    path("discussions/<int:pk>/clore/", acts.close, name="close"),
    path("discussions/<int:pk>/rouvrir/", acts.reopen, name="reopen"),
    path("discussions/<int:pk>/deplacer/", moderation.move, name="move"),
    path("discussions/<int:pk>/masquer/", moderation.hide_topic, name="hide_topic"),
    path("discussions/<int:pk>/en-tete/", moderation.pin, name="pin"),
    path("messages/<int:pk>/", views.post, name="post"),
    path("messages/<int:pk>/modifier/", writing.edit, name="edit"),
    path("messages/<int:pk>/versions/", acts.versions, name="versions"),
    path("messages/<int:pk>/versions/masquer/", acts.hide_version, name="hide_version"),
    path("messages/<int:pk>/retenir/", acts.accept, name="accept"),
    path("messages/<int:pk>/retirer/", acts.delete, name="delete"),
    path("messages/<int:pk>/retablir/", acts.restore, name="restore"),
    path("messages/<int:pk>/signaler/", acts.report, name="report"),
    path("messages/<int:pk>/masquer/", moderation.hide, name="hide"),
    path("messages/<int:pk>/reafficher/", acts.show, name="show"),
    path("<slug:slug>/", views.space, name="space"),
    path("<slug:slug>/suivre/", views.follow_space, name="follow_space"),
    path("<slug:slug>/nouvelle-discussion/", writing.start, name="start_question"),
    path("<slug:slug>/nouvelle-discussion/<slug:nature>/", writing.start, name="start"),
]
