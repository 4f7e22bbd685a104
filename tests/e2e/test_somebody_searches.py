"""Somebody searches: by keyboard from the header, with filters, without script, and asks where nothing is found."""

from __future__ import annotations

import pytest

from tests.e2e.accessible import violations

WORDS = "zzzqqq xyloquet"


@pytest.fixture(autouse=True)
def _indexed(open_page) -> None:
    """The site has begun a moment ago: its worker is given the time to index what there is."""
    page = open_page()
    for _ in range(90):
        if page.request.get("/recherche/suggestions/?q=noues").json()["results"]:
            return
        page.wait_for_timeout(1000)
    raise AssertionError("nothing was indexed in ninety seconds")


def results(page) -> int:
    return page.locator(".search__line").count()


def test_by_keyboard_from_the_header_to_what_was_looked_for(open_page):
    page = open_page()
    page.goto("/contact/")
    box = page.locator("#recherche-mots")
    box.focus()
    assert box.get_attribute("aria-expanded") == "false"
    box.press_sequentially("noues")
    options = page.locator("#recherche ~ .club-suggestions [role=option]")
    options.first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert f"{options.count()} proposition" in page.locator("#recherche ~ .club-suggestions [role=status]").inner_text()
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert options.first.get_attribute("aria-selected") == "true"
    assert violations(page) == []
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") == "", "back in the words"
    page.keyboard.press("Escape")
    assert not options.first.is_visible()
    assert box.input_value() == "noues"
    box.press_sequentially(" ")
    box.press("Backspace")
    options.first.wait_for()
    title = options.first.evaluate("option => option.firstChild.textContent")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/contact/" not in url)
    assert page.locator("h1").inner_text() == title
    assert not page.faults


def test_by_keyboard_past_the_filters_to_the_first_result(open_page):
    page = open_page()
    page.goto("/recherche/?q=eau")
    for key in ("Tab", "Tab", "Enter", "Tab"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.querySelector('.search__line a')")
    page.goto("/recherche/?q=" + WORDS)
    assert page.locator(".fr-skiplinks a[href='#resultats']").count() == 0, "no link to what is not there"


def test_a_filter_is_chosen_and_removed(open_page):
    page = open_page()
    page.goto("/recherche/?q=eau")
    all_of_them = page.locator("h2", has_text="résultats pour « eau »").inner_text()
    page.locator("#filtres a", has_text="Discussion").click()
    page.wait_for_url("**nature=topic**")
    assert page.locator("h2", has_text="pour « eau »").inner_text() != all_of_them
    assert set(page.locator(".search__badges .fr-badge:first-child").all_inner_texts()) == {"DISCUSSION"}
    assert page.locator(".search__line mark").count() > 0
    page.locator(".search__active a", has_text="Discussion").click()
    page.wait_for_url(lambda url: "nature" not in url)
    assert page.locator("h2", has_text="pour « eau »").inner_text() == all_of_them
    page.locator(".search__orders a").click()
    page.wait_for_url("**tri=date**")
    assert results(page) > 0


def test_nothing_found_leads_to_a_question(open_page):
    page = open_page(who="membre@demo.example")
    page.goto("/")
    page.fill("#recherche-mots", WORDS)
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/**")
    assert page.locator("h2", has_text="Aucun résultat").is_visible()
    page.locator("a", has_text="Posez la question").click()
    page.wait_for_url("**/nouvelle-discussion/**")
    assert page.input_value("#id_title") == WORDS
    page.fill("#id_title", "Qui entretient les noues après la livraison ?")
    near = page.locator("[data-near-title] a")
    near.first.wait_for()
    assert "à la vôtre" in page.locator("[data-near-told]").inner_text()
    assert page.evaluate("document.activeElement.id") == "id_title", "it never takes the place of writing"
    assert violations(page) == []


def test_own_searches_stay_in_the_browser_and_are_forgotten(open_page):
    page = open_page()
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    for words in ("toiture", "ombre"):
        page.goto("/recherche/")
        page.fill("#mots", words)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**q={words}")
    page.goto("/contact/")
    sent.clear()
    page.locator("#recherche-mots").focus()
    page.keyboard.press("ArrowDown")
    options = page.locator("#recherche ~ .club-suggestions [role=option]")
    assert [one.split("\n")[0] for one in options.all_inner_texts()] == ["ombre", "toiture"]
    page.locator("#recherche ~ .club-suggestions button").click()
    assert options.count() == 0
    assert page.evaluate("localStorage.recherches") == "[]"
    assert sent == []


def test_what_is_near_comes_when_one_has_read_down_to_it(open_page):
    page = open_page()
    page.goto("/forum/discussions/1/")
    page.locator("[data-near]").scroll_into_view_if_needed()
    page.locator("[data-near] h2", has_text="Discussions proches").wait_for()
    assert 1 <= page.locator("[data-near] li").count() <= 5
    assert violations(page) == []


def test_without_script_it_searches_filters_and_leads_to_what_is_near(open_page):
    page = open_page(320, script=False)
    page.goto("/recherche/?q=eau")
    page.locator("#filtres a", has_text="Discussion").click()
    assert "nature=topic" in page.url
    page.locator(".search__active a", has_text="Discussion").click()
    assert "nature" not in page.url
    page.goto("/forum/discussions/1/")
    page.locator("a", has_text="Discussions proches").click()
    assert page.locator("main .club-line").count() > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_overflows(open_page, width, scheme):
    found = {}
    page = open_page(width, scheme)
    for path in ("", "?q=noues", "?q=eau&nature=topic&region=53", f"?q={WORDS}", "?region=53"):
        page.goto(f"/recherche/{path}")
        page.wait_for_function("document.documentElement.dataset.frJs === 'true'")
        if width == 320 and page.locator(".search__filters button").count():
            page.locator(".search__filters button").click()
            page.locator("#filtres.fr-collapse--expanded").wait_for()
        if problems := violations(page):
            found[path] = problems
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[f"{path} overflows"] = [page.evaluate("document.documentElement.scrollWidth")]
    assert found == {}
    assert not page.faults
