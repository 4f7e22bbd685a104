"""End to end: a partner writes, a check stops them, the bureau asks for a change, then publishes; a visitor reads it at
once, and an author of another partner never saw anything of it.
"""

from __future__ import annotations

import re
from io import BytesIO
from uuid import uuid4

from PIL import Image
from playwright.sync_api import Page, expect

PARTNER, OFFICE = "partenaire@demo.example", "bureau@demo.example"
ALT = "[name$='-alt_text']"


def picture() -> bytes:
    """A picture of its own, which Wagtail does not take for one that it has."""
    file = BytesIO()
    Image.new("RGB", (800, 400), f"#{uuid4().hex[:6]}").save(file, "PNG")
    return file.getvalue()


def insert(page: Page, block: str) -> None:
    """Add a block at the end of the body."""
    body = page.locator("#panel-child-contenu-body-section, #panel-child-content-body-section").first
    body.locator("button[title='Insérer un bloc']").last.click()
    page.get_by_role("option", name=block, exact=True).first.click()


def write(page: Page, title: str) -> None:
    """A partner’s article, with a text, a picture without its words, and a table; its address is the page’s then."""
    page.goto("/redaction/pages/")
    address = page.locator("a[href*='add_subpage']").first.get_attribute("href") or ""
    number = re.search(r"\d+", address)
    assert number
    page.goto(f"/redaction/pages/add/cms/articlepage/{number[0]}/")
    page.fill("#id_title", title)
    page.fill("#id_summary", "Trois hivers d’entretien par les habitants, et ce que cela a coûté.")
    page.select_option("#id_organisation", label="ADEME")
    insert(page, "Texte")
    page.locator(".public-DraftEditor-content, [contenteditable=true]").last.fill("Quatre noues plantées.")
    insert(page, "Image")
    expect(page.locator(ALT)).to_be_visible()  # else the button would be that of the page’s own picture
    page.get_by_role("button", name="Choisir une image").last.click()
    page.get_by_role("tab", name="Transférer").click()
    page.set_input_files(
        "[name='image-chooser-upload-file']", {"name": "noue.png", "mimeType": "image/png", "buffer": picture()}
    )
    page.fill("[name='image-chooser-upload-title']", "Une noue")
    page.locator("[name='image-chooser-upload-title'] >> xpath=ancestor::form").locator("button[type=submit]").click()
    expect(page.locator(ALT).last).to_have_value("Une noue")  # Wagtail proposes the title of the picture
    page.locator(ALT).last.fill("")
    insert(page, "Tableau")
    page.locator("[name='table-header-choice']").last.select_option("row")
    page.locator("[name='handsontable-col-caption']").last.fill("Coût par mètre")
    page.locator(".handsontable td").first.dblclick()
    page.keyboard.type("Poste")
    page.keyboard.press("Enter")


def press(page: Page, words: str) -> None:
    """Press a button of the bar under the editor, wherever it is in its menu."""
    button = page.get_by_role("button", name=words, exact=False)
    bar = page.locator("footer, .footer").last
    if not button.first.is_visible():
        bar.locator("button[aria-label], button.w-dropdown__toggle, [data-w-dropdown-target=toggle]").last.click()
    button.first.click()


def comment(page: Page, field: str, words: str) -> None:
    """Comment on a field of the editor; it is kept with the draft, by itself."""
    page.locator(f"[data-comment-add][aria-describedby='id_{field}-label']").click()
    box = page.locator("#comments textarea").last
    box.fill(words)
    with page.expect_response(lambda answer: "/edit/" in answer.url and answer.request.method == "POST"):
        page.get_by_role("button", name="Commenter", exact=True).last.click()


def test_a_partner_publishes_through_the_bureau(open_page):
    title = f"Des noues entretenues {uuid4().hex[:6]}"
    partner = open_page(who=PARTNER)
    write(partner, title)
    press(partner, "Envoyer en relecture")
    expect(partner.get_by_text("dites ce que montre l’image").first).to_be_visible()
    expect(partner.locator("#id_title")).to_have_value(title)
    partner.locator(ALT).last.fill("Une noue plantée de joncs, entre deux rangs de maisons")
    press(partner, "Envoyer en relecture")
    expect(partner.get_by_text(re.compile("soumise?|envoyée")).first).to_be_visible()

    office = open_page(who=OFFICE)
    office.goto("/redaction/")
    expect(office.get_by_role("heading", name="À relire")).to_be_visible()
    office.get_by_role("link", name=title).first.click()
    edit = office.url
    comment(office, "summary", "Trois hivers, ou quatre ?")
    partner.goto("/notifications/")
    told = partner.get_by_role("link", name=f"Un commentaire sur une page : « {title} »")
    for _ in range(10):  # the worker tells it
        if told.is_visible():
            break
        partner.reload()
    told.click()
    partner.locator("[data-side-panel-toggle=comments]").click()
    expect(partner.get_by_text("Trois hivers, ou quatre ?").first).to_be_visible()
    press(office, "Demander une modification")
    office.get_by_label("Ce qu’il faut changer").fill("Citez la source des coûts.")
    office.locator(".modal-dialog button[type=submit], [role=dialog] button[type=submit]").last.click()
    office.wait_for_url(lambda address: "edit" not in address)

    partner.goto(edit)
    expect(partner.get_by_text("Citez la source des coûts.").first).to_be_visible()
    partner.fill("#id_summary", "Trois hivers d’entretien par les habitants. Source : ville de Vendenheim.")
    press(partner, "Renvoyer en relecture")
    partner.wait_for_url(lambda address: "edit" not in address)

    visitor = open_page()
    section, address = "/partenaires/ademe/", f"/partenaires/ademe/{title.lower().replace(' ', '-')}/"
    visitor.goto(section)
    expect(visitor.get_by_text(title)).to_have_count(0)
    assert visitor.goto(address).status == 404
    office.goto("/redaction/")
    office.get_by_role("row", name=title).get_by_role("link", name="Comparer").click()
    expect(office.get_by_text("Source : ville de Vendenheim").first).to_be_visible()
    office.goto(edit)
    press(office, "Publier maintenant")
    office.wait_for_url(lambda address: "edit" not in address)
    visitor.goto(section)
    visitor.get_by_role("link", name=title).first.click()
    expect(visitor.get_by_role("heading", name=title)).to_be_visible()
    assert visitor.url.endswith(address)


def test_an_editor_of_elsewhere_sees_nothing_of_a_draft(open_page):
    title = f"Un brouillon {uuid4().hex[:6]}"
    partner = open_page(who=PARTNER)
    write(partner, title)
    partner.get_by_text("Enregistré").first.wait_for()
    partner.wait_for_url(re.compile(r"/pages/\d+/edit/"))
    number = re.search(r"/pages/(\d+)/", partner.url)
    assert number
    elsewhere = open_page(who="correspondante@demo.example")
    for address in ("edit/", "history/", "view_draft/", "usage/", ""):
        elsewhere.goto(f"/redaction/pages/{number[1]}/{address}")
        assert title not in elsewhere.content()
    for address in ("/redaction/", f"/redaction/pages/search/?q={title[-6:]}", "/redaction/reports/site-history/"):
        elsewhere.goto(address)
        assert "Un brouillon" not in elsewhere.content()
