"""Headers of every answer, error pages, health, metrics, unsafe settings."""

import subprocess
import sys

import pytest
from django.core.checks import Error
from django.db import OperationalError, connection
from django.test import RequestFactory, override_settings

from club import checks, errors, health
from cms.tree import plant_tree

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/projets/", "/contact/", "/cookies/", "/recherche/", "/compte/connexion/",
                                  "/accessibilite/", "/plan-du-site/", "/style/", "/nulle-part/"])  # fmt: skip
def test_headers(client, referential, path):
    plant_tree()
    answer = client.get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_the_editor_s_relaxed_policy_is_on_its_own_path_only(as_office, referential):
    plant_tree()
    answer = as_office.get("/redaction/", follow=True)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy, "the side preview"
    assert "unsafe" not in as_office.get("/contact/").headers["Content-Security-Policy"]


def test_the_editor_s_menu_has_no_people_and_no_outside_help(as_office, referential):
    plant_tree()
    page = as_office.get("/redaction/", follow=True).content.decode()
    for hidden in ("/redaction/users/", "/redaction/groups/", "wagtail.org", "gravatar"):
        assert hidden not in page


def test_the_editor_is_closed_to_members(client, member):
    client.force_login(member)
    for path in ("/redaction/", "/redaction/users/", "/redaction/pages/"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "réservée au bureau national" in answer.content.decode()


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (lambda r: errors.bad_request(r), 400, "Demande incomprise"),
        (lambda r: errors.forbidden(r), 403, "Accès refusé"),
        (lambda r: errors.not_found(r), 404, "Page introuvable"),
        (lambda r: errors.too_large(r), 413, "Envoi trop volumineux"),
        (lambda r: errors.too_many(r), 429, "Trop d’essais"),
        (lambda r: errors.failed(r), 500, "Erreur inattendue"),
        (lambda r: errors.unavailable(r), 503, "Site momentanément indisponible"),
    ],
)
def test_each_error_says_what_to_do_and_asks_the_database_nothing(
    answer, status, words, django_assert_num_queries, settings
):
    from django.contrib.auth.models import AnonymousUser

    from members.viewer import Viewer

    request = RequestFactory().get("/gestion-des-noues/")
    request.user, request.viewer = AnonymousUser(), Viewer.of(None)
    from django.core.cache import caches

    caches["process"].set("first-content", [])
    with django_assert_num_queries(0):
        response = answer(request)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    if status == 404:
        assert 'value="gestion des noues"' in page, "it offers a search with the words of the address"


def test_a_body_beyond_the_limit_is_413(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/compte/connexion/", {"login": "x" * 5000})
    assert answer.status_code == 413


def test_an_old_page_s_form_keeps_what_was_typed():
    from django.test import Client

    text = "La noue déborde à chaque orage depuis la livraison du quartier."
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/compte/connexion/", {"text": text, "password": "ne doit pas paraître ici"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert text in page
    assert "ne doit pas" not in page


def test_without_its_database_the_site_says_503(client, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("away")

    monkeypatch.setattr("search.answering.search", away)
    answer = client.get("/recherche/?q=eau")
    assert answer.status_code == 503
    assert "Rien de ce qui était enregistré" in answer.content.decode()
    assert answer.headers["Retry-After"] == "30"


def test_health_is_told(client, monkeypatch, settings):
    assert client.get("/healthz").json()["status"] == "ok"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["parts"]["database"]) == (200, "ok")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    reported = client.get("/readyz")
    assert (reported.status_code, reported.json()["parts"]["redis"]) == (200, "unavailable"), "reported, not decisive"
    monkeypatch.setattr(health, "_database", lambda: "unavailable")
    cut = client.get("/readyz")
    assert (cut.status_code, cut.json()["parts"]["database"]) == (503, "unavailable")
    assert "127.0.0.1" not in cut.content.decode()


def test_a_stopping_process_says_so(client, monkeypatch):
    health.draining.set()
    try:
        answer = client.get("/readyz")
    finally:
        health.draining.clear()
    assert (answer.status_code, answer.json()["status"]) == (503, "draining")


def test_metrics_need_their_token(client, settings):
    assert client.get("/metrics").status_code == 404, "no token set: nobody reads them"
    settings.METRICS_TOKEN = "un-jeton-assez-long-pour-cela"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer faux"}).status_code == 404
    page = client.get("/metrics", headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"}).content.decode()
    assert "club_requests_total" in page
    assert 'club_facts_waiting{consumer="mail"}' in page


SAFE = {
    "PRODUCTION": True,
    "DEBUG": False,
    "SECRET_KEY": "abcdefghij" * 6,
    "ALLOWED_HOSTS": ["club.example"],
    "SITE_URL": "https://club.example",
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
    "EMAIL_URL": "smtp://mail.example",
    "METRICS_TOKEN": "un-jeton-assez-long-pour-cela",
    "LEGAL": {"editor": "x", "director": "y"},
}


def wrong(**changes: object) -> list[str]:
    from types import SimpleNamespace
    from unittest.mock import patch

    with patch.object(checks, "settings", SimpleNamespace(**{**SAFE, **changes})):
        return [str(error.id) for error in checks.production_values(None) if isinstance(error, Error)]


def test_a_safe_production_starts():
    assert wrong() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"SECRET_KEY": "short"}, "club.E001"),
        ({"SECRET_KEY": "a" * 60}, "club.E001"),
        ({"ALLOWED_HOSTS": ["*"]}, "club.E002"),
        ({"ALLOWED_HOSTS": []}, "club.E002"),
        ({"SITE_URL": "http://club.example"}, "club.E003"),
        ({"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}}, "club.E004"),
        ({"EMAIL_URL": "mailbox://"}, "club.E005"),
        ({"METRICS_TOKEN": "court"}, "club.E006"),
        ({"LEGAL": {"editor": "", "director": "y"}}, "club.E007"),
        ({"DEBUG": True}, "club.E008"),
    ],
)
def test_production_refuses_each_unsafe_value(changes, code):
    assert wrong(**changes) == [code]


PRODUCTION = {
    "CLUB_ENV": "production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "club.example",
    "SITE_URL": "https://club.example",
    "DATABASE_URL": "postgres://club:club@127.0.0.1:1/club",
    "EMAIL_URL": "smtp://mail.example",
    "METRICS_TOKEN": "un-jeton-assez-long-pour-cela",
    **{
        f"LEGAL_{name}": "renseigné"
        for name in ("EDITOR", "DIRECTOR", "HOST_NAME", "HOST_ADDRESS", "HOST_PHONE", "DPO", "CONTACT")
    },
}


def run(tmp_path, *command: str, **changes: str) -> subprocess.CompletedProcess[str]:
    import os

    environ = {"PATH": os.environ["PATH"], "CLUB_STATE": str(tmp_path), "PYTHONPATH": "site:.", **PRODUCTION, **changes}
    return subprocess.run([sys.executable, *command], env=environ, capture_output=True, text=True, timeout=60)


@pytest.mark.slow
def test_check_deploy_is_clean(tmp_path):
    done = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "0 silenced" in done.stdout


@pytest.mark.slow
def test_a_server_process_refuses_to_start_on_an_unsafe_value(tmp_path):
    done = run(tmp_path, "-c", "import club.wsgi", METRICS_TOKEN="")
    assert done.returncode != 0
    assert "METRICS_TOKEN doit compter" in done.stderr
    assert run(tmp_path, "-c", "import club.wsgi").returncode == 0


IN_PRODUCTION = """
import json, logging, django
django.setup()
from django.conf import settings
from django.urls import resolve
print(json.dumps({
    "hsts": [settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS],
    "https": [settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
    "views": [resolve(path).view_name for path in ("/style/", "/courriels/")],
}))
logging.getLogger("club").warning("essai")
"""


@pytest.mark.slow
def test_production_has_hsts_for_a_year_no_page_of_development_and_logs_in_json(tmp_path):
    import json

    done = run(tmp_path, "-c", IN_PRODUCTION, DJANGO_SETTINGS_MODULE="club.settings", DEBUG="true")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["hsts"] == [31_536_000, True]
    assert said["https"] == [True, True, True]
    assert said["views"] == ["wagtail_serve", "wagtail_serve"], "what is not there is a page that nobody wrote: 404"
    line = json.loads(done.stderr.splitlines()[-1])
    assert (line["event"], line["level"], line["logger"]) == ("essai", "warning", "club")
    assert line["timestamp"].endswith("Z")


def test_logs_hold_no_address_and_no_text(client, caplog):
    import logging

    with caplog.at_level(logging.WARNING):
        client.get("/nulle-part/claire.aubry@ville.example/?q=secret")
    lines = " ".join(record.getMessage() for record in caplog.records)
    assert "status" in lines
    assert "claire" not in lines
    assert "secret" not in lines


@override_settings()
def test_readiness_knows_pending_migrations(client, monkeypatch):
    health._migrated.clear()
    monkeypatch.setattr(health, "_migrations", lambda: "pending")
    assert client.get("/readyz").status_code == 503
    assert connection.is_usable()


def test_the_bureau_manages_pages_images_and_documents(as_office, referential):
    plant_tree()
    for path in ("/redaction/pages/", "/redaction/images/", "/redaction/documents/", "/redaction/images/add/"):
        assert as_office.get(path, follow=True).status_code == 200, path
    page = as_office.get("/redaction/", follow=True).content.decode()
    assert "/redaction/images/" in page


def test_a_publication_in_the_administration_is_one_change_of_the_person(as_office, referential, office):
    from wagtail.models import PageLogEntry

    from changes import is_writing
    from cms.models import HomePage

    home = plant_tree()
    seen = []
    from wagtail.signals import page_published

    def listen(**kwargs: object) -> None:
        seen.append(is_writing())

    page_published.connect(listen)
    try:
        answer = as_office.post(
            f"/redaction/pages/{home.pk}/edit/",
            {"title": "Accueil", "slug": "accueil", "introduction": "Une autre phrase.", "region": "", "review_on": "",
             "action-publish": "1", "seo_title": "", "search_description": "", "comments-TOTAL_FORMS": "0",
             "comments-INITIAL_FORMS": "0"},
        )  # fmt: skip
    finally:
        page_published.disconnect(listen)
    assert answer.status_code == 302, answer.content.decode()[:500]
    assert HomePage.objects.get().introduction == "Une autre phrase."
    assert seen == [True]
    assert PageLogEntry.objects.filter(action="wagtail.publish", user=office).exists()
