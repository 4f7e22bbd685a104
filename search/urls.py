from django.urls import path

from search import views
from search.feeds import SearchFeed

urlpatterns = [
    path("", views.search, name="search"),
    path("suggestions/", views.suggestions, name="search-suggestions"),
    path("proches/", views.near_title, name="search-near-title"),
    path("proches/<int:pk>/", views.near, name="search-near"),
    path("flux/", SearchFeed(), name="search-feed"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
]
