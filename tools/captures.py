"""Pictures of every kind of page, as a visitor and as a member see it, and of the editor: `docs/captures/pages/`.

Needs a site that runs with its demo: `python -m tools.captures http://127.0.0.1:8000`. Each picture is cut at 1,600
pixels of height, has few colours and weighs 60 kB at most.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "captures" / "pages"
PASSWORD = "un-quartier-pour-tous"
HIGHEST, HEAVIEST = 1600, 60_000
PAGES = {  # of the starter tree
    "accueil": "/",
    "rubrique": "/bonnes-pratiques/",
    "partenaire": "/partenaires/ademe/",
    "article": "/actualites/chantier-sobre/",
    "bonne-pratique": "/bonnes-pratiques/noues-en-terrain-peu-permeable/",
    "region": "/regions/bretagne/",
    "rencontre": "/regions/bretagne/visite-des-noues-de-redon/",
    "compte-rendu": "/regions/bretagne/restitution-lannion/",
    "page-standard": "/aide/comment-participer/",
    "page-legale": "/accessibilite/",
    "agenda": "/agenda/",
}
EDITOR = {"redaction": "/redaction/", "editeur": "first", "rapport": "/redaction/rapports/sans-engagement/"}


def light(picture: bytes) -> bytes:
    """The picture cut and with as many colours as its weight allows."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, HIGHEST)))
    for colours in (128, 64, 32, 16, 8):
        file = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        if file.tell() <= HEAVIEST:
            break
    return file.getvalue()


def sign_in(page: Page, who: str) -> None:
    """Sign in with an account of the demo."""
    page.goto("/compte/connexion/")
    page.fill("#id_login", who)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "connexion" not in url)


def take(browser: Browser, base: str, who: str, width: int) -> list[str]:
    """All pages as one person sees them at one width; the names of those that did not answer."""
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=base, locale="fr-FR")
    page = context.new_page()
    if who != "visiteur":
        sign_in(page, f"{who}@demo.example")
    missing = []
    for name, address in (EDITOR if who == "bureau" else PAGES).items():
        if name == "editeur":
            page.goto("/redaction/")
            address = page.locator("a[href$='/edit/']").first.get_attribute("href") or ""
        answer = page.goto(address)
        if answer is None or not answer.ok:
            missing.append(f"{name} {address}")
            continue
        page.wait_for_timeout(400)
        picture = page.screenshot(full_page=True)
        (FOLDER / f"{name}-{who}-{width}.png").write_bytes(light(picture))
    context.close()
    return missing


def main() -> int:
    """Take them all; 1 where a page did not answer."""
    base = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        people = [("visiteur", 1280), ("visiteur", 320), ("membre", 1280), ("membre", 320), ("bureau", 1280)]
        missing = [one for who, width in people for one in take(browser, base, who, width)]
        browser.close()
    print("\n".join(missing) or f"Captures dans {FOLDER}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
