"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name and banners, the viewer. No SQL query but the viewer's own, and only if a template asks."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_TAGLINE": settings.SITE_TAGLINE,
        "MINISTRY": settings.MINISTRY,
        "NOTICE": settings.NOTICE,
        "BETA": settings.BETA,
        "MOURNING": settings.MOURNING,
        "DEVELOPMENT": settings.DEVELOPMENT,
        "ADMIN_PATH": settings.ADMIN_PATH,
        "viewer": getattr(request, "viewer", None),
    }
