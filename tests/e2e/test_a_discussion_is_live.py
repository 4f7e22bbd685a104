"""Two browsers and one without JavaScript: what one writes the second sees without reload, the third on reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

MEMBER, OTHER, OFFICE = "membre@demo.example", "elu@demo.example", "bureau@demo.example"


@pytest.fixture
def topic(open_page) -> str:
    """A fresh topic of the public space; its address."""
    page = open_page(who=MEMBER)
    page.goto("/forum/national/nouvelle-discussion/")
    page.fill("#id_title", "Combien coûte l’entretien d’une noue ?")
    page.fill("#id_source", "Nous cherchons un **ordre de grandeur** par mètre.")
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/forum/discussions/\d+-[a-z0-9-]+/"))
    address = re.sub(r"[?#].*", "", page.url)
    page.goto("/contact/")  # an open page would read what comes
    return address


def say(page: Page, text: str) -> None:
    page.fill("#id_source", text)
    with page.expect_navigation(url=re.compile(r"#post-\d+")):  # the address may have one already
        page.click(".composer button[type=submit]")


def test_what_one_writes_the_second_sees_without_reload_and_the_third_on_reload(open_page, topic):
    writer, reader, plain = open_page(who=MEMBER), open_page(who=OTHER), open_page(script=False)
    for page in (writer, reader, plain):
        page.goto(topic)
    marked = reader.evaluate("window.kept = 'the same page'")
    say(writer, "Environ quatre euros par mètre et par an chez nous.")
    expect(reader.locator(".posts article")).to_have_count(2)
    expect(reader.locator(".posts article").last).to_contain_text("quatre euros par mètre")
    expect(reader.locator(".topic-head__facts")).to_contain_text("1 réponse")
    assert reader.evaluate("window.kept") == marked
    expect(reader.locator(".posts time").last).to_have_text(re.compile("à l’instant|il y a 1 minute"))
    assert re.match(r"\d+ \w+ 20\d\d à \d+\sh\s\d\d", plain.locator(".posts time").first.inner_text())
    expect(reader.locator("[data-flux-pill]")).to_be_hidden()
    expect(plain.locator(".posts article")).to_have_count(1)
    plain.reload()
    expect(plain.locator(".posts article")).to_have_count(2)
    assert reader.faults == [] == writer.faults


def test_an_edit_a_withdrawal_and_its_undoing_appear_on_the_other_screen(open_page, topic):
    writer, reader = open_page(who=MEMBER), open_page(who=OTHER)
    writer.goto(topic)
    reader.goto(topic)
    say(writer, "Une première version.")
    shown = reader.locator(".posts article").nth(1)
    expect(shown).to_contain_text("première version")
    writer.locator(".row").nth(1).get_by_role("link", name="Modifier").click()
    writer.fill("#id_source", "Une version corrigée.")
    writer.click("main button[type=submit]")
    expect(shown).to_contain_text("version corrigée")
    expect(shown).to_contain_text("modifié")
    writer.locator(".row").nth(1).get_by_role("button", name="Retirer").click()
    expect(shown).to_contain_text("Réponse retirée")
    expect(shown).not_to_contain_text("corrigée")
    writer.locator(".row").nth(1).get_by_role("button", name="Rétablir").click()
    expect(shown).to_contain_text("version corrigée")


def test_a_hidden_message_leaves_the_other_screen_and_comes_back_in_its_place(open_page, topic):
    writer, reader, office = open_page(who=MEMBER), open_page(), open_page(who=OFFICE)
    for page in (writer, reader, office):
        page.goto(topic)
    say(writer, "Le premier.")
    say(writer, "Le deuxième.")
    expect(reader.locator(".posts article")).to_have_count(3)
    office.reload()
    office.locator(".row").nth(1).get_by_role("link", name="Masquer").click()
    office.fill("#id_reason", "Un essai de modération")
    office.click("main button[type=submit]")
    expect(reader.locator(".posts article")).to_have_count(2)
    expect(reader.locator(".posts")).not_to_contain_text("Le premier.")
    office.get_by_role("button", name="Réafficher").click()
    expect(reader.locator(".posts article")).to_have_count(3)
    expect(reader.locator(".posts article").nth(1)).to_contain_text("Le premier.")


def test_nothing_moves_under_somebody_who_writes(open_page, topic):
    writer, reader = open_page(who=MEMBER), open_page(who=OTHER, width=320)
    writer.goto(topic)
    reader.goto(topic)
    reader.fill("#id_source", "Je suis en train d’écrire")
    expect(reader.locator(".editor")).to_be_visible()
    before = reader.locator("#id_source").bounding_box()
    say(writer, "Arrivé pendant ce temps.")
    say(writer, "Et encore un.")
    pill = reader.locator("[data-flux-pill]")
    expect(pill).to_have_text("2 nouvelles réponses pendant que vous écriviez")
    assert reader.locator("#id_source").bounding_box() == before
    assert reader.evaluate("document.activeElement.id") == "id_source"
    expect(reader.locator("[data-flux-announce]")).to_have_text(re.compile("nouvelle"))
    pill.click()
    expect(reader.locator(".posts article")).to_have_count(3)
    expect(reader.locator("#id_source")).to_have_text("Je suis en train d’écrire")
    assert "Arrivé pendant ce temps." in reader.evaluate("document.activeElement.textContent")


def test_the_list_of_a_space_tells_of_a_new_discussion_without_moving(open_page):
    reader, writer = open_page(who=OTHER), open_page(who=MEMBER)
    reader.goto("/forum/national/")
    lines = reader.locator(".club-line")
    expect(lines.first).to_be_visible()
    before = lines.count()
    writer.goto("/forum/national/nouvelle-discussion/")
    writer.fill("#id_title", "Une discussion toute nouvelle")
    writer.fill("#id_source", "Bonjour à tous.")
    writer.click("main button[type=submit]")
    expect(reader.locator("[data-flux-pill]")).to_have_text("1 discussion nouvelle ou mise à jour")
    assert lines.count() == before
    reader.locator("[data-flux-pill]").click()
    expect(reader.locator(".club-line").first).to_contain_text("Une discussion toute nouvelle")


def test_a_topic_that_leaves_for_members_leaves_the_visitors_screen(open_page, topic):
    visitor, office = open_page(), open_page(who=OFFICE)
    visitor.goto(topic)
    office.goto(topic)
    expect(visitor.locator(".posts")).to_contain_text("ordre de grandeur")
    office.get_by_role("link", name="Déplacer la discussion").click()
    office.select_option("#id_target", label="Entre membres")
    office.click("main button[type=submit]")
    expect(visitor.locator("[data-flux-away]")).to_contain_text("n’est plus visible. Revenir à l’espace")
    expect(visitor.locator("main")).not_to_contain_text("ordre de grandeur")
    assert visitor.goto(topic).status == 404


def test_signing_out_ends_the_sockets_of_the_session_on_other_pages(open_page, topic):
    page = open_page(who=OTHER)
    page.goto(topic)
    expect(page.locator(".posts article")).to_have_count(1)
    other = page.context.new_page()
    other.goto("/forum/")
    other.evaluate("document.querySelector('form[action*=deconnexion]').submit()")
    expect(page.locator("[data-flux-away]")).to_contain_text("session est terminée")


def test_where_no_socket_passes_the_page_asks_and_says_when_the_network_is_away(open_page, topic):
    writer, reader = open_page(who=MEMBER), open_page(who=OTHER)
    reader.route_web_socket(re.compile("/ws/"), lambda socket: socket.close())
    reader.goto(topic)
    writer.goto(topic)
    say(writer, "Lu par simple demande.")
    expect(reader.locator(".posts")).to_contain_text("Lu par simple demande.", timeout=20_000)
    reader.fill("#id_source", "Un texte que rien ne doit perdre")
    reader.route("**/flux/**", lambda route: route.abort())
    expect(reader.locator("[data-flux-away]")).to_contain_text("Connexion perdue", timeout=20_000)
    say(writer, "Écrit pendant la coupure.")
    reader.unroute("**/flux/**")
    expect(reader.locator("[data-flux-away]")).to_be_hidden(timeout=20_000)
    expect(reader.locator("[data-flux-pill]")).to_contain_text("1 nouvelle réponse")
    expect(reader.locator("#id_source")).to_have_text("Un texte que rien ne doit perdre")


def test_the_tabs_of_a_browser_share_one_socket_and_take_over_from_each_other(open_page, topic):
    writer, first = open_page(who=MEMBER), open_page(who=OTHER)
    sockets: list[str] = []
    asked: list[str] = []

    def opened(socket) -> None:
        sockets.append("first")
        socket.on("framesent", lambda text: asked.append(str(text)))

    first.on("websocket", opened)
    first.goto(topic)
    stream = "topic:" + topic.rstrip("/").rpartition("/")[2]
    for _ in range(100):  # the page before had a socket too: this page's is there once it asked for its topic
        if any(stream in text for text in asked):
            break
        first.wait_for_timeout(100)
    sockets.clear()
    expect(first.locator(".posts article")).to_have_count(1)
    second = first.context.new_page()
    second.on("websocket", lambda socket: sockets.append("second"))
    second.goto(topic)
    writer.goto(topic)
    say(writer, "Pour les deux onglets.")
    for page in (first, second):
        expect(page.locator(".posts")).to_contain_text("Pour les deux onglets.")
    assert sockets == []
    first.close()
    say(writer, "Pour celui qui reste.")
    expect(second.locator(".posts")).to_contain_text("Pour celui qui reste.")
    assert sockets == ["second"]


def test_everything_works_without_script(open_page, topic):
    page = open_page(who=OTHER, script=False, width=320)
    page.goto(topic)
    say(page, "Écrit sans script.")
    row = page.locator(".row").nth(1)
    row.get_by_role("link", name="Modifier").click()
    assert page.input_value("#id_source") == "Écrit sans script."
    page.fill("#id_source", "Modifié sans script.")
    page.click("main button[type=submit]")
    expect(page.locator(".row").nth(1)).to_contain_text("Modifié sans script.")
    page.locator(".row").nth(1).get_by_role("button", name="Retirer").click()
    expect(page.locator("main")).to_contain_text("Vous pouvez la rétablir pendant 24 heures")
    page.locator(".row").nth(1).get_by_role("button", name="Rétablir").click()
    expect(page.locator(".row").nth(1)).to_contain_text("Modifié sans script.")


def test_the_buttons_of_a_reply_that_came_by_socket_come_too(open_page, topic):
    writer, office = open_page(who=MEMBER), open_page(who=OFFICE)
    office.goto(topic)
    writer.goto(topic)
    say(writer, "À modérer, peut-être.")
    expect(office.locator(".row").nth(1).get_by_role("link", name="Masquer")).to_be_visible()
    writer_row = writer.locator(".row").nth(1)
    expect(writer_row.get_by_role("button", name="Retirer")).to_be_visible()
    expect(writer_row).to_contain_text("Votre message")


def test_a_long_message_is_fetched_and_focus_stays_where_it_was(open_page, topic):
    writer, reader = open_page(who=MEMBER), open_page(who=OTHER)
    writer.goto(topic)
    reader.goto(topic)
    reader.locator(".posts article .post__date").first.focus()
    say(writer, "Un long développement, phrase après phrase. " * 150)
    expect(reader.locator(".posts article").last).to_contain_text("Un long développement")
    writer.locator(".row").first.get_by_role("link", name="Modifier").click()
    writer.fill("#id_source", "Le premier message, corrigé.")
    writer.click("main button[type=submit]")
    expect(reader.locator(".posts article").first).to_contain_text("corrigé")
    assert reader.evaluate("document.activeElement.className") == "post__date"


def test_the_bell_rings_on_every_tab_and_is_silent_once_the_topic_was_read(open_page, topic):
    asker = open_page(who=MEMBER)
    asker.goto("/projets/")
    bell = asker.locator("[data-strip='bell-0']").first
    before = int((re.search(r"\((\d+)\)", bell.inner_text()) or ["", "0"])[1])
    other = asker.context.new_page()
    other.goto("/forum/")
    helper = open_page(who=OTHER)
    helper.goto(topic)
    say(helper, "Quatre euros, chez nous.")
    for page in (asker, other):
        expect(page.locator("[data-strip='bell-0']").first).to_contain_text(
            f"Notifications ({before + 1})", timeout=20_000
        )
    asker.goto("/notifications/")
    number = re.search(r"/discussions/(\d+)", topic)[1]
    asker.locator(f"main a[href*='/discussions/{number}/']").first.click()
    expect(asker.locator(".posts")).to_contain_text("Quatre euros, chez nous.")
    expect(asker.locator("[data-strip='bell-0']").first).not_to_contain_text(f"({before + 1})")
    expect(other.locator("[data-strip='bell-0']").first).not_to_contain_text(f"({before + 1})")


def test_what_arrives_while_one_looks_is_read(open_page, topic):
    reader, writer = open_page(who=OTHER), open_page(who=MEMBER)
    reader.goto(topic)
    writer.goto(topic)
    with reader.expect_response(re.compile("/lu/")):
        say(writer, "Vu aussitôt.")
    reader.goto("/forum/national/")
    expect(reader.locator("[data-row]").first).not_to_contain_text("nouveau")


def lengthen(page: Page, topic: str, to: int) -> None:
    """More replies, so that the topic has two pages."""
    page.goto(topic)
    for n in range(to):
        say(page, f"Réponse numéro {n}.")


def test_what_is_being_written_survives_another_page_of_the_topic_and_a_reload(open_page, topic):
    reader, writer = open_page(who=OTHER), open_page(who=MEMBER)
    lengthen(writer, topic, 20)
    reader.goto(topic)
    reader.fill("#id_source", "Un texte long à écrire")
    say(writer, "Une de plus.")
    reader.locator("[data-flux-pill]").click()
    reader.wait_for_url(re.compile("page=2"))
    expect(reader.locator("#id_source")).to_have_value("Un texte long à écrire")
    reader.reload()
    expect(reader.locator("#id_source")).to_have_value("Un texte long à écrire")
    reader.click(".composer button[type=submit]")
    reader.wait_for_url(re.compile(r"#post-\d+"))
    expect(reader.locator("#id_source")).to_have_value("")
    expect(reader.locator(".posts article").last).to_contain_text("Un texte long à écrire")


def test_a_sending_whose_answer_was_lost_is_put_back_and_published_once(open_page, topic):
    writer = open_page(who=MEMBER)
    writer.goto(topic)
    say(writer, "Une première réponse.")  # the address has a fragment from now on

    def cut(route):
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    writer.route("**/forum/discussions/**", cut)
    writer.fill("#id_source", "Reçu, mais personne ne l’a su.")
    writer.click(".composer button[type=submit]")
    writer.wait_for_timeout(1000)
    writer.unroute("**/forum/discussions/**")
    writer.goto(topic)
    expect(writer.locator("#id_source")).to_have_value("Reçu, mais personne ne l’a su.")
    writer.click(".composer button[type=submit]")
    writer.wait_for_url(re.compile(r"#post-\d+"))
    expect(writer.locator(".posts article")).to_have_count(3)
    expect(writer.locator("#id_source")).to_have_value("")


def test_a_published_discussion_does_not_come_back_to_its_form(open_page):
    writer = open_page(who=MEMBER)
    form = "/forum/national/nouvelle-discussion/question/"
    writer.goto(form)
    writer.fill("#id_title", "Une question publiée une seule fois")
    writer.fill("#id_source", "Ce texte ne doit pas revenir.")
    writer.click("main button[type=submit]:not([name])")
    writer.wait_for_url(re.compile(r"/forum/discussions/\d+-[a-z0-9-]+/"))
    published = writer.url
    for back in (True, False):
        if back:
            writer.go_back()
        else:
            writer.goto(published)
            writer.goto(form)
        expect(writer.locator("#id_title")).to_have_value("")
        expect(writer.locator("#id_source")).to_have_value("")
        writer.wait_for_timeout(600)
        assert writer.input_value("#id_title") == writer.input_value("#id_source") == ""
    writer.goto("/forum/brouillons/")
    expect(writer.locator("main")).not_to_contain_text("Ce texte ne doit pas revenir.")


def test_a_discussion_whose_sending_failed_keeps_its_text_and_is_published_once(open_page):
    writer = open_page(who=MEMBER)
    form = "/forum/national/nouvelle-discussion/question/"
    writer.goto(form)
    operation = writer.input_value("[name=operation]")
    writer.route(f"**{form}", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    writer.fill("#id_title", "Une question que le réseau a perdue")
    writer.fill("#id_source", "Ce texte doit revenir.")
    writer.click("main button[type=submit]:not([name])")
    writer.wait_for_timeout(1000)
    writer.unroute(f"**{form}")
    writer.goto(form)
    expect(writer.locator("#id_title")).to_have_value("Une question que le réseau a perdue")
    expect(writer.locator("#id_source")).to_have_value("Ce texte doit revenir.")
    assert writer.input_value("[name=operation]") == operation
    writer.click("main button[type=submit]:not([name])")
    writer.wait_for_url(re.compile(r"/forum/discussions/\d+-[a-z0-9-]+/"))
    expect(writer.locator(".posts")).to_contain_text("Ce texte doit revenir.")


def test_an_edit_that_was_saved_does_not_come_back_to_its_form(open_page, topic):
    writer = open_page(who=MEMBER)
    writer.goto(topic)
    say(writer, "Une première version.")
    writer.locator(".row").nth(1).get_by_role("link", name="Modifier").click()
    writer.wait_for_url(re.compile("/modifier/"))
    form = writer.url
    writer.fill("#id_source", "Une version corrigée.")
    writer.click("main button[type=submit]:not([name])")
    writer.wait_for_url(re.compile(r"#post-\d+"))
    for address in (form, None):
        writer.goto(address) if address else writer.reload()
        expect(writer.locator("#id_source")).to_have_value("Une version corrigée.")
        expect(writer.locator("[data-draft-status]")).to_have_text("")
    writer.fill("#id_source", "Une version corrigée deux fois.")
    writer.click("main button[type=submit]:not([name])")
    writer.wait_for_url(re.compile(r"#post-\d+"))
    expect(writer.locator(".posts article").nth(1)).to_contain_text("corrigée deux fois")


def test_who_writes_in_a_discussion_that_is_closed_is_told_beside_the_text(open_page, topic):
    writer, office = open_page(who=OTHER), open_page(who=OFFICE)
    writer.goto(topic)
    writer.fill("#id_source", "J’allais justement répondre")
    office.goto(topic)
    office.get_by_role("link", name="Clore la discussion").click()
    office.fill("#id_reason", "Réglé entre-temps")
    office.click("main button[type=submit]")
    expect(writer.locator("[data-flux-closed]")).to_contain_text("votre texte est gardé")
    expect(writer.locator("#id_source")).to_have_text("J’allais justement répondre")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_filters_of_a_space_stay_in_their_box_and_each_can_be_removed(open_page, width):
    page = open_page(width=width, who=OTHER)
    page.goto("/forum/national/")
    page.locator("summary", has_text="Filtrer").click()
    expect(page.locator("#f-engagement")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    right = "getBoundingClientRect().right"
    inside = f"all => all.every((one) => one.{right} <= one.parentElement.{right} + 1)"
    assert page.locator(".filters__form .fr-select").evaluate_all(inside)
    page.goto("/forum/national/?nature=questions&etape=2")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".filters__active a", has_text="Question").click()
    page.wait_for_url(re.compile(r"\?etape=2$"))
    page.goto("/une-page/qui-n-existe-pas/")
    box, field = (page.locator(one).bounding_box() for one in ("main .fr-search-bar", "main .fr-search-bar button"))
    assert field["x"] + field["width"] <= box["x"] + box["width"] + 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_long_message_that_could_not_be_fetched_comes_later(open_page, topic):
    writer, reader = open_page(who=MEMBER), open_page(who=OTHER)
    reader.goto(topic)
    expect(reader.locator(".posts article")).to_have_count(1)
    reader.route("**/flux/objets/**", lambda route: route.abort())
    writer.goto(topic)
    say(writer, "Un long développement, phrase après phrase. " * 150)
    expect(reader.locator(".topic-head__facts")).to_contain_text("1 réponse")
    reader.wait_for_timeout(1000)
    expect(reader.locator(".posts article")).to_have_count(1)
    reader.unroute("**/flux/objets/**")
    expect(reader.locator("main")).to_contain_text("Un long développement", timeout=20_000)


def test_a_network_that_the_browser_knows_to_be_away_is_said_at_once(open_page, topic):
    reader = open_page(who=OTHER)
    reader.goto(topic)
    expect(reader.locator("[data-flux-away]")).to_be_hidden()
    reader.wait_for_timeout(1000)
    reader.context.set_offline(True)
    expect(reader.locator("[data-flux-away]")).to_contain_text("Connexion perdue", timeout=12_000)
    reader.context.set_offline(False)
    expect(reader.locator("[data-flux-away]")).to_be_hidden(timeout=12_000)


def test_a_list_that_begins_elsewhere_shows_its_own_numbers(open_page, topic):
    writer = open_page(who=MEMBER)
    writer.goto(topic)
    say(writer, "2024. Une belle année.")
    marker = "getComputedStyle(document.querySelector('.post__text ol li'), '::marker').content"
    assert writer.locator(".post__text ol").get_attribute("start") == "2024"
    assert writer.evaluate(marker) == "normal"


def test_on_a_page_that_is_not_the_last_what_is_shown_again_comes_back_in_its_place(open_page, topic):
    writer, reader, office = open_page(who=MEMBER), open_page(), open_page(who=OFFICE)
    lengthen(writer, topic, 21)
    reader.goto(topic)
    office.goto(topic)
    shown = reader.locator(".posts article")
    numbers = "all => all.map((one) => one.dataset.n).join()"
    whole = shown.evaluate_all(numbers)
    for row in (4, 19):  # in the middle, and the last of its page
        office.goto(topic)
        office.locator(".row").nth(row).get_by_role("link", name="Masquer").click()
        office.fill("#id_reason", "Un essai de modération")
        office.click("main button[type=submit]")
        expect(shown).to_have_count(19)
        office.get_by_role("button", name="Réafficher").click()
        expect(shown).to_have_count(20)
        assert shown.evaluate_all(numbers) == whole
    expect(reader.locator("[data-flux-pill]")).to_be_hidden()
    say(writer, "Une nouvelle, sur l’autre page.")
    expect(reader.locator("[data-flux-pill]")).to_have_text("1 nouvelle réponse")


def test_what_comes_after_the_line_of_the_new_is_added_too(open_page, topic):
    reader, writer = open_page(who=OTHER), open_page(who=MEMBER)
    reader.goto(topic)
    reader.goto("/contact/")
    writer.goto(topic)
    say(writer, "Pendant votre absence.")
    reader.goto(topic)
    expect(reader.locator(".new-line")).to_have_text("Nouveau depuis votre visite")
    say(writer, "Sous vos yeux.")
    expect(reader.locator(".posts article").last).to_contain_text("Sous vos yeux.")
    assert reader.faults == []
