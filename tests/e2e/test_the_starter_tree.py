"""The starter tree in a real browser: every page in both widths and themes, its weight, without script, printed."""

from __future__ import annotations

import re

import pytest

from tests.e2e.accessible import violations

KINDS = [
    "/bonnes-pratiques/",
    "/bonnes-pratiques/noues-en-terrain-peu-permeable/",
    "/actualites/chantier-sobre/",
    "/regions/bretagne/",
    "/regions/bretagne/restitution-lannion/",
    "/partenaires/ademe/",
    "/aide/comment-participer/",
    "/aide/cgu-1/",
]


def addresses(page) -> list[str]:
    """Every page of the tree, as the plan of the site names them."""
    page.goto("/plan-du-site/")
    links = page.locator("main .club-text a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    inside = re.compile(r"/(le-club|bonnes-pratiques|actualites|regions|partenaires|aide)/")
    return [link for link in links if inside.match(link)]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_overflows(open_page, width, scheme):
    page = open_page(width, scheme)
    found = {}
    tree = addresses(page)
    assert len(tree) >= 45
    for address in tree:
        page.goto(address)
        wrong = violations(page)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wrong or over > 0:
            found[address] = (wrong, over)
    assert found == {}
    assert page.faults == []


def test_pages_keep_to_their_weight_and_ask_nobody_else(open_page, site):
    for address in KINDS:
        page = open_page()
        taken: list[tuple[str, int]] = []
        page.on("requestfinished", lambda r, taken=taken: taken.append((r.url, r.sizes()["responseBodySize"])))
        page.goto(address, wait_until="networkidle")
        assert [url for url, _ in taken if not url.startswith(site.url)] == []
        assert len(taken) <= 25
        assert sum(size for _, size in taken) <= 250_000, address
        assert page.evaluate("document.querySelectorAll('*').length") <= 1_000
        images = [size for url, size in taken if "/images/" in url]
        assert all(size <= 100_000 for size in images)


def test_without_script_all_is_read(open_page):
    page = open_page(script=False)
    page.goto("/aide/comment-participer/")
    assert page.locator("text=Chaque courriel porte un lien de désabonnement").is_visible()


def test_printed_it_is_a_sheet(open_page):
    page = open_page()
    page.goto("/bonnes-pratiques/noues-en-terrain-peu-permeable/")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.locator(".cms-facts").is_visible()
    assert not page.locator(".fr-header__menu").is_visible()
    assert not page.locator(".fr-breadcrumb").is_visible()
