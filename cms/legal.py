"""What the law asks of a public site: a first true text for each page, made from settings."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cms.accessibility import plans, state
from cms.legal_versions import in_force
from cms.models import LegalPage
from cms.reading.menus import outline

# Every cookie of the site, with its purpose and life: the page shows this list, a test compares it with the jar.
COOKIES = [
    (settings.SESSION_COOKIE_NAME, "Vous garder connecté après votre connexion", "14 jours"),
    (settings.CSRF_COOKIE_NAME, "Vérifier qu’un formulaire vient bien de ce site (connexion, envoi)", "1 an"),
]


def _page(request: HttpRequest, name: str, title: str, kind: str = "", **context: object) -> HttpResponse:
    """The text that the bureau wrote and put in force, at the address that the law made known; else ours."""
    crumbs = [(title, "")]
    written = in_force(kind) if kind else None
    if written is not None:
        context = {**context, "page": written, "current": written, "is_current": True}
        return render(request, "cms/legal_page.html", {"crumbs": crumbs, **context})
    return render(request, f"cms/legal/{name}.html", {"crumbs": crumbs, "legal": settings.LEGAL, **context})


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Plan du site: the pages that the viewer may read, as the tree has them. One SQL query for the tree."""
    return _page(request, "sitemap", "Plan du site", tree=outline(request.viewer))  # type: ignore[attr-defined]


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The declaration of the RGAA: « non conforme » until a person has audited the site."""
    return _page(request, "accessibility", "Déclaration d’accessibilité", state=state(), plans=plans())


@require_safe
def legal_notice(request: HttpRequest) -> HttpResponse:
    """Mentions légales: editor, director of publication, host."""
    return _page(request, "legal_notice", "Mentions légales", LegalPage.Kind.NOTICE)


@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    """What is kept about persons, why, how long, and their rights."""
    return _page(request, "personal_data", "Données personnelles", LegalPage.Kind.PERSONAL_DATA)


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """The technical cookies, which need no banner."""
    return _page(request, "cookies", "Gestion des cookies", LegalPage.Kind.COOKIES, cookies=COOKIES)


def _expiry(now: datetime) -> str:
    """Less than a year ahead, as RFC 9116 asks; the first day of a month, so that the file is stable."""
    ahead = (now + timedelta(days=300)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return ahead.strftime("%Y-%m-%dT%H:%M:%SZ")


@require_safe
@cache_control(public=True, max_age=3600)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a vulnerability (RFC 9116)."""
    address = settings.LEGAL["contact"]
    where = f"mailto:{address}" if address else f"{settings.SITE_URL}{reverse('contact')}"
    lines = [
        f"Contact: {where}",
        f"Expires: {_expiry(timezone.now())}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{reverse('security-txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def robots_txt(request: HttpRequest) -> HttpResponse:
    """What search engines need not read."""
    hidden = ["/compte/", "/membres/", "/recherche/", f"/{settings.ADMIN_PATH}"]
    text = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in hidden)
    text += f"Sitemap: {settings.SITE_URL}{reverse('sitemap-index')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
