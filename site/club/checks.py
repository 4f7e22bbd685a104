"""System checks of ours: in production an unsafe or missing value stops the start, with the variable's name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured


@register()
def production_values(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Each unsafe value is one sentence that says what to do."""
    if not settings.PRODUCTION:
        return []
    wrong = []
    if len(settings.SECRET_KEY) < 50 or len(set(settings.SECRET_KEY)) < 5 or "insecure" in settings.SECRET_KEY:
        wrong.append(("E001", "SECRET_KEY est absente ou trop courte : donnez 50 caractères tirés au hasard."))
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        wrong.append(("E002", "ALLOWED_HOSTS doit nommer les hôtes du site, sans « * »."))
    if not settings.SITE_URL.startswith("https://") and not _local(settings.SITE_URL):
        wrong.append(("E003", "SITE_URL doit commencer par https:// (http n’est admis que sur cette machine)."))
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        wrong.append(("E004", "DATABASE_URL doit désigner une base PostgreSQL en production."))
    if not settings.EMAIL_URL.startswith(("smtp://", "smtps://", "smtp+tls://")):
        wrong.append(("E005", "EMAIL_URL doit désigner un serveur SMTP (smtp://…, smtp+tls://…)."))
    if len(settings.METRICS_TOKEN) < 20:
        wrong.append(("E006", "METRICS_TOKEN doit compter au moins 20 caractères."))
    missing = [f"LEGAL_{name.upper()}" for name, value in settings.LEGAL.items() if not value]
    if missing:
        wrong.append(("E007", f"La loi demande ces mentions : renseignez {', '.join(missing)}."))
    if settings.DEBUG:
        wrong.append(("E008", "DEBUG est actif : CLUB_ENV doit valoir « production »."))
    return [Error(text, id=f"club.{code}") for code, text in wrong]


def _local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))


def refuse_unsafe() -> None:
    """Stop a server or worker of a production that is not safe (commands run the checks by themselves)."""
    wrong = production_values(None)
    if wrong:
        raise ImproperlyConfigured("\n".join(f"{error.id} : {error.msg}" for error in wrong))
