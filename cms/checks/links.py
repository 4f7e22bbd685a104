"""Which of a page’s links lead somewhere: asked of the database and of our own addresses, never of another site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from cms.checks.matter import Link, Thing


@dataclass(frozen=True)
class Known:
    """Pages that are published, and addresses of the site (as they were written) that exist."""

    pages: frozenset[int]
    paths: frozenset[str]


def known_of(things: Iterable[Thing]) -> Known:
    """What of these links exists now. Four SQL queries at most."""
    links = [thing for thing in things if isinstance(thing, Link)]
    pages = {link.page for link in links if link.page is not None}
    live = Page.objects.live().filter(pk__in=pages).values_list("pk", flat=True) if pages else []
    paths = {link.address for link in links if link.page is None and link.address.startswith("/")}
    return Known(frozenset(live), frozenset(_existing(paths)))


def _existing(addresses: set[str]) -> set[str]:
    found, of_pages = set(), {}
    for address in addresses:
        path = urlsplit(address).path
        try:
            match = resolve(path)
        except Resolver404:
            continue
        if match.url_name == "wagtail_serve":
            of_pages[address] = path
        else:
            found.add(address)
    return found | _pages(of_pages)


def _pages(addresses: dict[str, str]) -> set[str]:
    """Those at which a page is published, or from which the site leads on."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first() if addresses else None
    if site is None:
        return set()
    root = site.root_page.url_path.rstrip("/")
    ours = {f"{root}{path.rstrip('/')}/" for path in addresses.values()}
    live = set(Page.objects.live().filter(url_path__in=ours).values_list("url_path", flat=True))
    old = {path.rstrip("/") for path in addresses.values()}
    led = set(Redirect.objects.filter(old_path__in=old).values_list("old_path", flat=True))
    return {
        address
        for address, path in addresses.items()
        if f"{root}{path.rstrip('/')}/" in live or path.rstrip("/") in led
    }
