"""Files in a real browser: sent as they are chosen, described, removed; without script; axe, both widths, both themes.

On a page of a little app of the tests, served beside the suite.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as site_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from files import registry
from files.models import Upload
from files.queries import attached_to
from look import bundle
from tests.e2e.accessible import violations
from tests.e2e.conftest import close
from tests.files.conftest import PDF, picture

pytestmark = [pytest.mark.django_db(transaction=True)]
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs a loop in this thread
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def open_note(
    browser: Browser, live_server, client, make_person, settings, tmp_path, monkeypatch
) -> Iterator[Callable[..., Page]]:
    """`open_note(width=320, scheme="dark", script=False)`: the page of note 1, as a member."""
    bundle.write(settings.STATE / "bundle")  # not by several threads of the server at once
    settings.ROOT_URLCONF = "tests.files.notes"
    backend = {**settings.STORAGES["files"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "files": backend}
    monkeypatch.setitem(registry._readers, "note", lambda viewer, holder_id: viewer.is_member)
    client.force_login(make_person("claire@collectivite.example"))
    session = client.cookies[site_settings.SESSION_COOKIE_NAME].value
    contexts: list[BrowserContext] = []

    def make(width: int = 1280, scheme: str = "light", script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            base_url=live_server.url,
            locale="fr-FR",
        )
        contexts.append(context)
        context.add_cookies([{"name": site_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.faults = []
        page.on("console", lambda m: page.faults.append(m.text) if m.type == "error" and "/ws/" not in m.text else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto("/note/1/")
        return page

    yield make
    for context in contexts:
        close(context)


def given(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def sound(page: Page) -> None:
    """Nothing for axe, nothing wider than the screen, no complaint of the console."""
    assert violations(page, runOnly=["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing overflows"


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_files_are_sent_described_and_removed(open_note, width, scheme):
    page = open_note(width, scheme)
    chooser = page.get_by_label("Joindre un plan, une photo")
    sent = [
        given("Noue pleine.jpg", picture(size=(1600, 900))),
        given("Plan de gestion.pdf", PDF),
        given("a.svg", b"<svg/>"),
    ]
    chooser.set_input_files(sent)
    rows = page.locator("[data-file]")
    expect(rows).to_have_count(2)
    expect(page.locator("[data-files-list] .fr-message--error")).to_contain_text("Ce type de fichier n’est pas accepté")
    expect(page.get_by_text("(PDF, 1\u00a0ko)")).to_be_visible()
    expect(page.locator("[data-files] [role=status]")).to_have_count(1)
    expect(page.locator("[data-file] img")).not_to_have_js_property("naturalWidth", 0)
    assert page.locator("strong[data-file-name]").all_inner_texts() == ["Noue pleine.jpg", "Plan de gestion.pdf"]
    sound(page)
    shot(page, f"chosen-{width}")
    page.get_by_role("button", name="Retirer Plan de gestion.pdf").click()
    expect(rows).to_have_count(1)
    expect(page.locator("[data-files] [role=status]")).to_have_text("Plan de gestion.pdf : retiré")
    assert page.evaluate("document.activeElement.id") == "id_attachments-choisir", "the focus is not lost"
    page.get_by_label("Votre note").fill("Voici la noue.")
    page.get_by_role("button", name="Publier").click()
    expect(page.locator("#erreurs")).to_contain_text("Décrivez cette image")
    sound(page)
    shot(page, f"error-{width}")
    page.get_by_label("Ce que montre l’image").fill("Une noue pleine après l’orage")
    page.get_by_role("button", name="Publier").click()
    image = page.get_by_role("img", name="Une noue pleine après l’orage")
    expect(image).to_be_visible()
    (upload,) = attached_to("note", [1])[1]
    assert (upload.name, upload.alt) == ("Noue pleine.jpg", "Une noue pleine après l’orage")
    assert Upload.objects.count() == 1, "what was removed is gone at once"
    shot(page, f"published-{width}")
    assert not [fault for fault in page.faults if "400" not in fault], "the refused file alone is heard"


def test_a_picture_and_a_pdf_under_a_note(open_note, client):
    first = open_note()
    first.get_by_label("Joindre un plan, une photo").set_input_files(
        [given("Noue.png", picture("PNG", size=(900, 600))), given("Plan de gestion.pdf", PDF)]
    )
    expect(first.locator("[data-file]")).to_have_count(2)
    first.get_by_text("Image décorative").click()
    first.get_by_label("Votre note").fill("Voici.")
    first.get_by_role("button", name="Publier").click()
    expect(first.get_by_role("link", name="Plan de gestion.pdf (PDF, 1\u00a0ko)")).to_be_visible()
    uploads = attached_to("note", [1])[1]
    assert [upload.decorative for upload in uploads] == [upload.is_picture for upload in uploads]
    for width, scheme in ((1280, "light"), (320, "dark")):
        page = open_note(width, scheme)
        sound(page)
        shot(page, f"edit-{width}")
        assert page.faults == []
    with first.expect_download() as download:
        first.get_by_role("link", name="Plan de gestion.pdf").click()
    assert download.value.suggested_filename == "Plan de gestion.pdf"


def test_a_picture_of_one_s_own_is_seen_alone_under_its_closed_policy(open_note):
    page = open_note()
    page.get_by_label("Joindre un plan, une photo").set_input_files(given("noue.jpg", picture()))
    expect(page.locator("[data-file]")).to_have_count(1)
    answer = page.goto(Upload.objects.get().get_absolute_url())
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert page.evaluate("document.images[0].naturalWidth") == 640


def test_the_form_waits_for_what_is_on_its_way(open_note):
    page = open_note()
    held = []
    page.route("**/fichiers/envoyer/", lambda route: held.append(route))
    page.get_by_label("Joindre un plan, une photo").set_input_files(given("plan.pdf", PDF))
    expect(page.get_by_role("progressbar", name="Envoi de plan.pdf")).to_be_visible()
    page.get_by_label("Votre note").fill("Voici.")
    page.get_by_role("button", name="Publier").click()
    expect(page.locator("[data-files] [role=status]")).to_have_text("Attendez la fin de l’envoi des fichiers.")
    held[0].continue_()
    expect(page.locator("[data-file]")).to_have_count(1)
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("link", name="plan.pdf (PDF")).to_be_visible()


def test_a_connection_that_breaks_is_said_and_tried_again(open_note):
    page = open_note()
    page.route("**/fichiers/envoyer/", lambda route: route.abort())
    page.get_by_label("Joindre un plan, une photo").set_input_files(given("plan.pdf", PDF))
    expect(page.locator("[data-files-list] .fr-message--error")).to_contain_text("essayez de nouveau")
    page.unroute("**/fichiers/envoyer/")
    page.get_by_label("Joindre un plan, une photo").set_input_files(given("plan.pdf", PDF))
    expect(page.locator("[data-file]")).to_have_count(1)
    expect(page.locator("[data-files-list] .fr-message--error")).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (320, "light")])
def test_without_script_the_form_carries_them(open_note, width, scheme):
    page = open_note(width, scheme, script=False)
    page.get_by_text("Joindre un plan, une photo").first.click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing overflows"
    shot(page, f"plain-{width}")
    page.get_by_label("Choisir un fichier").nth(0).set_input_files(given("plan.pdf", PDF))
    page.get_by_label("Choisir un fichier").nth(1).set_input_files(given("noue.jpg", picture()))
    page.get_by_label("Votre note").fill("Voici.")
    page.get_by_role("button", name="Publier").click()
    shot(page, f"plain-error-{width}")
    expect(page.locator("#erreurs")).to_contain_text("Décrivez cette image")
    page.locator("[data-file]").nth(1).get_by_label("Ce que montre l’image").fill("Une noue")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("img", name="Une noue")).to_be_visible()
    expect(page.get_by_role("link", name="plan.pdf (PDF")).to_be_visible()
