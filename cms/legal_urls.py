"""The legal pages, under the names that django-dsfr's footer knows."""

from django.urls import path

from cms import legal

urlpatterns = [
    path("plan-du-site/", legal.sitemap, name="footer-sitemap"),
    path("accessibilite/", legal.accessibility, name="footer-accessibility-status"),
    path("mentions-legales/", legal.legal_notice, name="footer-legal-notice"),
    path("donnees-personnelles/", legal.personal_data, name="footer-personal-data"),
    path("cookies/", legal.cookies, name="footer-cookie-management"),
]
