"""Every address of the site. What is private answers 404 to those who may not know that it exists."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.urls import serve_pattern
from wagtail.utils.urlpatterns import decorate_urlpatterns

from club import errors, health, operations
from cms import legal, views
from cms.admin_changes import change_on_post
from directory import acceptance, contact_views

decorate_urlpatterns(wagtailadmin_urls.urlpatterns, change_on_post)

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics_page, name="metrics"),
    path(".well-known/security.txt", legal.security_txt, name="security-txt"),
    path(".well-known/change-password", RedirectView.as_view(pattern_name="account_reset_password")),
    path("robots.txt", legal.robots_txt, name="robots-txt"),
    path("compte/", include("members.account_urls")),
    path("membres/", include("members.urls")),
    path("territoires/", include("territories.urls")),
    path("notifications/", include("notifications.urls")),
    path("forum/", include("forum.urls")),
    path("agenda/", include("meetings.urls")),
    path("regles-du-club/", acceptance.acceptance, name="acceptance"),
    path("contact/", contact_views.contact, name="contact"),
    path("contact/envoye/", contact_views.sent, name="contact_sent"),
    path("", include("directory.urls")),
    path("exploitation/", operations.facts_page, name="operations"),
    path("", include("realtime.urls")),
    path("projets/", include("projects.urls")),
    path("recherche/", include("search.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("fichiers/", include("files.urls")),
    # One way in, with its limits: Wagtail's own sign-in, account and forgotten-password pages lead to ours.
    path(f"{settings.ADMIN_PATH}login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path(f"{settings.ADMIN_PATH}account/", RedirectView.as_view(pattern_name="account")),
    re_path(rf"^{settings.ADMIN_PATH}password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path(settings.ADMIN_PATH, include(wagtailadmin_urls)),
    path("", include("cms.urls")),
    path("", include("cms.legal_urls")),
]
if settings.DEVELOPMENT or settings.TESTING:
    from notifications.views import mailbox

    urlpatterns += [
        path("courriels/", mailbox, name="mailbox"),
        path("style/", include("look.urls")),
    ]
urlpatterns += [re_path(serve_pattern, views.page, name="wagtail_serve"), path("", include(wagtail_urls))]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many  # allauth looks for it here; else it answers in English
handler500 = errors.failed
