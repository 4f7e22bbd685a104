"""The bureau invites somebody, who gets the mail, makes their account; the bureau ends the mandate."""

from __future__ import annotations

import re


def invite(page, email: str, organisation: str, typed: bool) -> None:
    page.goto("/membres/inviter/")
    page.fill("#id_email", email)
    if typed:
        page.locator("#id_organisation").press_sequentially(organisation[:8], delay=30)
        page.locator("[role=option]", has_text=organisation).first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.input_value("#id_organisation") == organisation
    else:
        page.fill("#id_organisation", organisation)
    page.fill("#id_function", "chargé de mission")
    page.click("main button[type=submit]")


def link_of(page, email: str) -> str:
    for _ in range(20):
        page.goto("/courriels/")
        box = page.locator(".club-mail", has_text=email).first
        if box.count():
            return re.search(r"/membres/invitation/[\w-]+/", box.inner_text())[0]
        page.wait_for_timeout(500)
    raise AssertionError("no mail")


def test_from_invitation_to_the_end_of_the_mandate(open_page):
    office = open_page(who="bureau@demo.example")
    invite(office, "lou@vendenheim.example", "Vendenheim", typed=True)
    assert office.locator("text=Invitation envoyée à lou@vendenheim.example").is_visible()
    link = link_of(office, "lou@vendenheim.example")

    newcomer = open_page(320)
    newcomer.goto(link)
    newcomer.fill("#id_given_name", "Lou")
    newcomer.fill("#id_family_name", "Caron")
    newcomer.fill("#id_password", "court")
    newcomer.click("main button[type=submit]")
    assert newcomer.locator("[data-error-summary]").is_visible()
    assert newcomer.input_value("#id_given_name") == "Lou", "what was typed is kept"
    newcomer.fill("#id_password", "trois noues et un platane")
    newcomer.click("main button[type=submit]")
    assert newcomer.locator("text=Bienvenue au club, Lou").is_visible()
    newcomer.goto("/forum/")
    assert newcomer.locator("h1", has_text="Les règles du club").is_visible(), "asked once, before anything else"
    newcomer.click("text=J’ai lu et j’accepte")
    newcomer.wait_for_url("**/forum/")
    newcomer.goto("/compte/")
    assert newcomer.locator("main", has_text="Vendenheim").is_visible()
    newcomer.goto(link)
    assert newcomer.locator("h1", has_text="Ce lien ne sert plus").is_visible()

    office.goto("/membres/?q=Caron")
    office.click("text=Lou Caron")
    office.click("text=Mettre fin")
    office.fill("#id_reason", "essai terminé")
    office.click("text=Mettre fin maintenant")
    assert office.locator("text=a pris fin").is_visible()
    newcomer.goto("/compte/")
    assert newcomer.locator("text=Aucun mandat en cours").is_visible()


def test_without_script_several_organisations_are_choices(open_page):
    office = open_page(320, script=False, who="bureau@demo.example")
    invite(office, "sam@strasbourg.example", "Strasbourg", typed=False)
    office.locator("label", has_text="Strasbourg (Bas-Rhin").click()
    office.click("main button[type=submit]")
    assert office.locator("text=Invitation envoyée à sam@strasbourg.example").is_visible()
