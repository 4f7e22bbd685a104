"""The editor of messages: by keyboard, by paste, found again, without script, and never heavier for those who read."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessible import violations

MEMBER, OTHER = "membre@demo.example", "elu@demo.example"
AREA = "#id_source"
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{color:red}</style></head>
<body>
<!--StartFragment--><h1 style='color:#2F5496'>Entretien des noues<o:p></o:p></h1>
<p class=MsoNormal style='margin-left:35.4pt'><b style='mso-bidi-font-weight:normal'>Deux fauches</b> par an,
<span style='font-family:"Comic Sans MS";color:red'>en <i>octobre</i></span>, <a href="https://exemple.fr/guide"
 onclick="alert(1)">le guide</a> <a href="javascript:alert(2)">et un piège</a>.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
 style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span></span><![endif]>
la commune</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
 style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span></span><![endif]>
la métropole</p>
<p class=MsoNormal><img src="https://ailleurs.example/pixel.png" onerror="alert(3)"></p>
<!--EndFragment--></body></html>"""
PASTE = """(html) => {
  const data = new DataTransfer();
  data.setData('text/html', html);
  data.setData('text/plain', 'sans forme');
  const told = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', told));
}"""


@pytest.fixture
def topic(open_page) -> str:
    """A fresh topic of the public space; its address."""
    page = open_page(who=MEMBER, script=False)
    page.goto("/forum/national/nouvelle-discussion/")
    page.fill("#id_title", "Qui entretient les noues après la livraison ?")
    page.fill(AREA, "Nous cherchons un **modèle** de convention.")
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/forum/discussions/\d+-[a-z0-9-]+/"))
    return re.sub(r"[?#].*", "", page.url)


def open_editor(page: Page, address: str):
    """The page, its text area focused, its editor there."""
    page.goto(address)
    page.focus(AREA)
    editor = page.locator(f"{AREA}[contenteditable=true]")
    expect(editor).to_be_focused()
    return editor


def publish(page: Page) -> None:
    with page.expect_navigation(url=re.compile(r"#post-\d+")):
        page.click(".composer button[type=submit]:not([name])")


def test_bold_and_a_list_by_the_keyboard_alone(open_page, topic):
    page = open_page(who=OTHER)
    editor = open_editor(page, topic)
    page.keyboard.press("Shift+Tab")
    bar = page.get_by_role("toolbar", name="Mise en forme")
    expect(bar.get_by_role("button", name="Gras")).to_be_focused()
    page.keyboard.press("Space")
    expect(bar.get_by_role("button", name="Gras")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(editor).to_be_focused()
    page.keyboard.type("Deux fauches")
    page.keyboard.press("Control+b")
    page.keyboard.type(" par an :")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(bar.get_by_role("button", name="Liste", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(editor).to_be_focused()
    page.keyboard.type("la commune")
    page.keyboard.press("Enter")
    page.keyboard.type("la métropolee")
    page.keyboard.press("Backspace")
    page.keyboard.press("Tab")
    assert not editor.evaluate("one => one.contains(document.activeElement)"), "Tab leaves it, in a list too"
    for _ in range(6):  # organisation, files
        if page.evaluate("document.activeElement.type") == "submit":
            break
        page.keyboard.press("Tab")
    expect(page.locator(".composer button[type=submit]:not([name])")).to_be_focused()
    with page.expect_navigation(url=re.compile(r"#post-\d+")):
        page.keyboard.press("Enter")
    shown = page.locator(".posts article").last.locator(".post__text")
    expect(shown.locator("strong")).to_have_text("Deux fauches")
    expect(shown.locator("ul > li")).to_have_text(["la commune", "la métropole"])
    assert page.faults == []


def test_a_link_and_its_mistake(open_page, topic):
    page = open_page(who=OTHER)
    editor = open_editor(page, topic)
    page.keyboard.type("Voyez le guide")
    for _ in range(5):
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Adresse du lien")).to_be_focused()
    page.keyboard.type("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Indiquez une adresse")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Adresse du lien").fill("exemple.fr/guide")
    page.keyboard.press("Enter")
    expect(editor).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type(" entier")
    publish(page)
    link = page.locator(".posts article").last.locator(".post__text a")
    expect(link).to_have_attribute("href", "https://exemple.fr/guide")
    expect(link).to_have_text("guide")
    expect(page.locator(".posts article").last).to_contain_text("guide entier")


def test_what_is_pasted_from_word_keeps_what_the_forum_keeps(open_page, topic):
    page = open_page(who=OTHER)
    editor = open_editor(page, topic)
    page.evaluate(PASTE, WORD)
    expect(editor.locator("h3")).to_have_text("Entretien des noues")
    expect(editor.locator("ul > li")).to_have_text(["la commune", "la métropole"])
    expect(page.locator(".editor__told")).to_contain_text("« Joindre »")
    assert editor.locator("[style], [class], img, span, script").count() == 0
    publish(page)
    shown = page.locator(".posts article").last.locator(".post__text")
    expect(shown.locator("strong")).to_have_text("Deux fauches")
    expect(shown.locator("em")).to_have_text("octobre")
    expect(shown.locator("a")).to_have_count(1)
    expect(shown).to_contain_text("et un piège")
    assert shown.evaluate("one => one.querySelectorAll('[style], [onclick], img').length") == 0
    assert page.faults == []


def test_what_is_typed_before_it_is_there_stays_with_its_caret_and_can_be_undone(open_page, topic):
    page = open_page(who=OTHER)
    held = []
    page.route("**/django_prose_editor/editor*.js", lambda route: held.append(route))
    page.goto(topic)
    page.focus(AREA)
    page.keyboard.type("Une fauche tardive ")
    for _ in range(len("tardive ")):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    held[0].continue_()
    editor = page.locator(f"{AREA}[contenteditable=true]")
    expect(editor).to_be_focused()
    page.keyboard.type("très ")
    expect(editor).to_have_text("Une fauche très tardive")
    page.keyboard.press("Control+z")
    expect(editor).to_have_text("Une fauche tardive")
    page.keyboard.press("Control+y")
    page.locator("label[for=id_source]").click()
    expect(editor).to_be_focused()
    publish(page)
    expect(page.locator(".posts article").last).to_contain_text("Une fauche très tardive")


def test_a_draft_of_the_editor_comes_back_in_either(open_page, topic):
    page = open_page(who=OTHER)
    open_editor(page, topic)
    page.keyboard.press("Control+i")
    page.keyboard.type("Octobre")
    page.keyboard.press("Control+i")
    page.keyboard.type(", pas avant.")
    expect(page.locator("[data-draft-status]")).to_contain_text("Brouillon enregistré à")
    page.reload()
    expect(page.locator(AREA)).to_have_value("*Octobre*, pas avant.")
    page.focus(AREA)
    editor = page.locator(f"{AREA}[contenteditable=true]")
    expect(editor.locator("em")).to_have_text("Octobre")
    plain = open_page(who=OTHER, script=False)
    plain.goto(topic)
    expect(plain.locator(AREA)).to_have_value("*Octobre*, pas avant.")
    plain.click(".composer button[type=submit]:not([name])")
    expect(plain.locator(".posts article").last.locator("em")).to_have_text("Octobre")


def test_the_preview_reads_what_the_editor_holds(open_page, topic):
    page = open_page(who=OTHER)
    open_editor(page, topic)
    page.keyboard.press("Control+b")
    page.keyboard.type("Combien ?")
    page.get_by_role("button", name="Aperçu").click()
    expect(page.locator("[data-preview] strong")).to_have_text("Combien\u00a0?")


def test_an_error_is_told_by_the_editor_and_its_link_leads_there(open_page):
    page = open_page(who=OTHER)
    page.goto("/forum/national/nouvelle-discussion/question/")
    page.fill("#id_title", "Court")
    page.focus(AREA)
    editor = page.locator(f"{AREA}[contenteditable=true]")
    expect(editor).to_be_focused()
    page.keyboard.type("Une question **posée**.")
    page.click("main button[type=submit]:not([name])")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator(AREA)).to_have_value("Une question **posée**.")
    page.fill(AREA, "")
    expect(editor).to_be_visible()
    page.click("main button[type=submit]:not([name])")
    page.locator("[data-error-summary] a[href='#id_source']").click()
    expect(editor).to_have_attribute("aria-invalid", "true")
    expect(editor).to_be_focused()
    error = page.locator(f"#{editor.get_attribute('aria-describedby')}")
    expect(error).to_contain_text("à remplir")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_nothing_to_find_for_axe_and_nothing_wider_than_a_phone(open_page, width, scheme):
    page = open_page(width, scheme, who=OTHER)
    page.goto("/forum/national/nouvelle-discussion/difficulte/")
    page.focus("#id_tried")
    expect(page.locator("[contenteditable=true]")).to_have_count(3)
    expect(page.locator("#id_tried")).to_be_focused()
    assert page.get_by_role("textbox", name="Ce que vous avez déjà tenté").get_attribute("contenteditable") == "true"
    page.keyboard.type("- une fauche")
    page.keyboard.press("Control+b")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.faults == []


def test_it_is_fetched_at_the_first_focus_and_by_nobody_else(open_page, topic):
    page = open_page(who=OTHER)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(topic, wait_until="networkidle")
    assert not [url for url in asked if "editor" in url]
    page.focus(AREA)
    expect(page.locator(f"{AREA}[contenteditable=true]")).to_be_focused()
    assert len([url for url in asked if "django_prose_editor" in url]) == 1


def test_where_it_cannot_be_fetched_the_text_area_serves(open_page, topic):
    page = open_page(who=OTHER)
    page.route("**/django_prose_editor/**", lambda route: route.abort())
    page.goto(topic)
    page.focus(AREA)
    page.keyboard.type("Une **fauche**.")
    page.wait_for_timeout(800)
    publish(page)
    expect(page.locator(".posts article").last.locator("strong")).to_have_text("fauche")
