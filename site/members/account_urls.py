"""Sign-in, sign-out, forgotten password: allauth's views under French addresses; the others are not reachable."""

from allauth.account import views
from django.urls import path, re_path

from members.views import account

urlpatterns = [
    path("", account, name="account"),
    path("connexion/", views.login, name="account_login"),
    path("deconnexion/", views.logout, name="account_logout"),
    path("mot-de-passe/", views.password_reset, name="account_reset_password"),
    path("mot-de-passe/envoye/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/lien/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("mot-de-passe/change/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("inactif/", views.account_inactive, name="account_inactive"),
    # allauth resolves these names; joining is by invitation, addresses are not changed here
    path("inscription/", views.signup, name="account_signup"),
]
