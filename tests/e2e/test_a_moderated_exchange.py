"""A difficulty from its guided form to its accepted answer and its moderation: desktop, phone, keyboard, no script.

With CLUB_CAPTURES=<folder> it leaves screenshots there.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessible import violations

ASKER, HELPER, OFFICE = "membre@demo.example", "elu@demo.example", "bureau@demo.example"
CAPTURES = os.environ.get("CLUB_CAPTURES", "")
PDF = (
    b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj\n"
    b"xref\n0 3\ntrailer << /Root 1 0 R /Size 3 >>\nstartxref\n115\n%%EOF\n"
)
FORM = "/forum/national/nouvelle-discussion/difficulte/"


def capture(page: Page, name: str) -> None:
    if CAPTURES:
        page.screenshot(path=Path(CAPTURES) / f"{name}.png", full_page=True)


def publish(page: Page) -> None:
    page.get_by_role("button", name="Publier", exact=True).click()
    page.wait_for_url(re.compile(r"/forum/discussions/\d+-"))


def told(page: Page, words: str) -> None:
    """The worker tells after the commit: the page of notifications says it a moment later."""
    for _ in range(30):
        page.goto("/notifications/")
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(500)
    pytest.fail(f"« {words} » was never told")


@pytest.fixture
def difficulty(open_page) -> str:
    page = open_page(who=ASKER)
    page.goto(FORM)
    page.fill("#id_title", "La haie plantée en novembre est morte à moitié")
    page.fill("#id_source", "Quatre-vingts mètres, paillage de copeaux, deux arrosages.")
    publish(page)
    return re.sub(r"[?#].*", "", page.url)


def test_from_the_guided_form_to_the_accepted_answer_on_desktop_and_phone(open_page):
    asker, phone, office = open_page(who=ASKER), open_page(width=320, who=HELPER), open_page(who=OFFICE)
    asker.goto(FORM)
    asker.fill("#id_title", "Nos noues débordent à chaque orage depuis la tranche deux")
    asker.fill("#id_source", "La tranche deux a ajouté **1 200 m²** de toitures.")
    asker.fill("#id_tried", "Un curage en mars, sans effet.")
    asker.fill("#id_wanted", "Une méthode de recalage du volume.")
    asker.select_option("#id_step", "3")
    asker.locator(".commitments summary").click()
    asker.locator("label[for=id_commitments-19]").click()
    expect(asker.locator("[data-draft-status]")).to_contain_text("Brouillon enregistré à", timeout=10_000)
    asker.set_input_files(
        "[data-files-picker] input", {"name": "Plan.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(asker.locator("[data-file]")).to_contain_text("Plan.pdf")
    capture(asker, "1-formulaire-guide")
    asker.get_by_role("button", name="Aperçu").click()
    expect(asker.locator("[data-preview]")).to_contain_text("Déjà tenté")
    publish(asker)
    address = re.sub(r"[?#].*", "", asker.url)
    expect(asker.locator(".posts")).to_contain_text("Plan.pdf")

    phone.goto(address)
    expect(phone.locator(".topic-head__state")).to_contain_text("Difficulté")
    phone.get_by_role("button", name="Nous aussi").click()
    expect(phone.locator(".topic-head__facts").first).to_contain_text("1 autre collectivité concernée")
    phone.fill("#id_source", "Refaites le calcul avec la pluie de projet du PLUi, pas celle de 2014.")
    capture(phone, "2-repondre-au-telephone")
    phone.click(".composer button[type=submit]:not([name])")
    answer = asker.locator(".row").nth(1)
    expect(answer).to_contain_text("pluie de projet")
    answer.get_by_role("button", name="Retenir comme réponse").click()
    expect(asker.locator(".answer__box")).to_contain_text("pluie de projet")
    expect(asker.locator(".topic-head__state")).to_contain_text("Répondue")
    expect(phone.locator(".answer__box")).to_contain_text("pluie de projet")  # live on the other screen
    capture(asker, "3-reponse-retenue")
    capture(phone, "4-reponse-retenue-au-telephone")

    phone.fill("#id_source", "Appelez le 06 00 00 00 00, le voisin du lot 12 vous dira tout.")
    phone.click(".composer button[type=submit]:not([name])")
    asker.locator(".row").nth(2).get_by_role("link", name="Signaler").click()
    asker.locator("label", has_text="Données personnelles").click()
    asker.fill("#id_note", "Un numéro de téléphone et un voisin reconnaissable.")
    capture(asker, "5-signaler")
    asker.get_by_role("button", name="Signaler").click()
    office.goto("/forum/moderation/")
    capture(office, "6-signalements")
    office.locator("main .club-line__title").first.click()
    expect(office.locator("main")).to_contain_text("06 00 00 00 00")
    office.fill("#id_answer", "Le numéro d’une personne qui n’a rien demandé.")
    capture(office, "7-decider")
    office.get_by_role("button", name="Masquer le message").click()
    expect(phone.locator(".posts")).not_to_contain_text("06 00 00 00 00")  # gone from the open page
    expect(asker.locator("main")).not_to_contain_text("06 00 00 00 00")
    told(phone, "n’a rien demandé")
    capture(phone, "8-l-auteur-sait-pourquoi")
    told(asker, "Message masqué")
    office.goto("/forum/moderation/journal/")
    expect(office.locator("main")).to_contain_text("a décidé d’un signalement")
    for page in (asker, phone, office):
        assert page.faults == []
        assert violations(page) == []


def test_a_draft_survives_the_closed_tab_and_is_found_on_another_machine(open_page, difficulty):
    first = open_page(who=HELPER)
    first.goto(difficulty)
    first.locator("#id_source").press_sequentially("Nous avons replanté en mars,", delay=5)
    expect(first.locator("[data-draft-status]")).to_contain_text("Brouillon enregistré à", timeout=10_000)
    first.close()
    other = open_page(width=320, who=HELPER)
    other.goto(difficulty)
    expect(other.locator("#id_source")).to_have_value("Nous avons replanté en mars,")
    other.goto("/forum/brouillons/")
    expect(other.locator("main")).to_contain_text("Nous avons replanté en mars,")
    other.goto(difficulty)
    other.fill("#id_source", "Nous avons replanté en mars, sans perte.")
    other.click(".composer button[type=submit]:not([name])")
    other.wait_for_url(re.compile("#post-"))
    other.goto("/forum/brouillons/")
    expect(other.locator("main")).not_to_contain_text("Nous avons replanté")


def test_two_tabs_that_write_the_same_reply_never_overwrite_each_other(open_page, difficulty):
    first = open_page(who=HELPER)
    first.goto(difficulty)
    second = first.context.new_page()
    second.goto(difficulty)
    first.locator("#id_source").press_sequentially("Version une", delay=5)
    expect(first.locator("[data-draft-status]")).to_contain_text("Brouillon enregistré à", timeout=10_000)
    second.locator("#id_source").press_sequentially("Version deux", delay=5)
    expect(second.locator("[data-draft-status]")).to_contain_text("plus récent", timeout=10_000)
    expect(second.locator("[name=source]")).to_have_value(re.compile("Version deux"))


def test_all_of_it_without_script_and_by_keyboard(open_page):
    asker, helper = open_page(script=False, who=ASKER), open_page(script=False, width=320, who=HELPER)
    asker.goto(FORM)
    asker.locator("#id_title").focus()
    asker.keyboard.type("Qui ramasse les feuilles dans les noues en automne ?")
    asker.keyboard.press("Tab")
    asker.keyboard.type("Le prestataire dit que ce n’est pas dans son lot.")
    asker.get_by_role("button", name="Aperçu").focus()
    asker.keyboard.press("Enter")
    expect(asker.locator("#apercu")).to_contain_text("pas dans son lot")
    asker.get_by_role("button", name="Publier", exact=True).focus()
    asker.keyboard.press("Enter")
    asker.wait_for_url(re.compile(r"/forum/discussions/\d+-"))
    helper.goto(asker.url)
    helper.fill("#id_source", "Chez nous, les espaces verts, en deux passages.")
    helper.click(".composer button[type=submit]:not([name])")
    asker.reload()
    asker.get_by_role("button", name="Retenir comme réponse").focus()
    asker.keyboard.press("Enter")
    expect(asker.locator(".answer__box")).to_contain_text("en deux passages")
    asker.get_by_role("link", name="Clore la discussion").click()
    asker.fill("#id_reason", "Réglé, merci.")
    asker.keyboard.press("Enter")
    expect(asker.locator(".topic-head__closed")).to_contain_text("Réglé, merci.")
    helper.reload()
    expect(helper.locator("main")).to_contain_text("on n’y répond plus")
