"""What is shown where a link to a public page is shared (OpenGraph)."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class Picture(NamedTuple):
    """A picture of a shared link: its address without host, its size, what it shows."""

    url: str
    width: int
    height: int
    alt: str


def club_picture() -> Picture:
    """The picture of what has none of its own."""
    alt = "Dessin d’un quartier : trois immeubles, des arbres et un soleil, avec le nom du club"
    return Picture(static("look/partage.png"), 1200, 630, alt)


def sharing(
    title: str, description: str, address: str, *, kind: str = "website", picture: Picture | None = None
) -> SafeString:
    """The elements of the head that say it; `address` is whole."""
    shown = picture or club_picture()
    pairs = [
        ("og:site_name", settings.SITE_NAME),
        ("og:locale", "fr_FR"),
        ("og:type", kind),
        ("og:title", title),
        ("og:description", description or settings.SITE_TAGLINE),
        ("og:url", address),
        ("og:image", f"{settings.SITE_URL}{shown.url}"),
        ("og:image:width", str(shown.width)),
        ("og:image:height", str(shown.height)),
        ("og:image:alt", shown.alt),
    ]
    return format_html("{}", format_html_join("", '<meta property="{}" content="{}">', pairs))
