"""Feeds, the sitemap and the sizes of pictures."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import path

from cms import media_views, reacting_views
from cms.feeds import LatestPages
from cms.sitemaps import SITEMAPS

ARTICLES, PRACTICES = LatestPages("articles"), LatestPages("practices")
urlpatterns = [
    path("actualites.rss", ARTICLES, name="feed-articles"),
    path("bonnes-pratiques.rss", PRACTICES, name="feed-practices"),
    path("regions/<str:region>/actualites.rss", ARTICLES, name="feed-region-articles"),
    path("regions/<str:region>/bonnes-pratiques.rss", PRACTICES, name="feed-region-practices"),
    path("engagements/<int:commitment>/actualites.rss", ARTICLES, name="feed-commitment-articles"),
    path("engagements/<int:commitment>/bonnes-pratiques.rss", PRACTICES, name="feed-commitment-practices"),
    path(
        "sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap-part"}, name="sitemap-index"
    ),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap-part"),
    path("reagir/<int:page_id>/", reacting_views.reaction, name="reaction"),
    path("images/<str:name>", media_views.picture, name="picture"),
]
