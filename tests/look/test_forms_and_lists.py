"""Forms: labels, hints, an error summary with links; pagination in the address; French plurals."""

import html5lib
import pytest
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from look.forms import ClubForm
from look.pages import page_of
from look.templatetags.look import quantity
from look.views import SampleForm

XHTML = "{http://www.w3.org/1999/xhtml}"


def render(form) -> tuple:
    text = Template('{% include "look/form.html" with verb="Publier" %}').render(Context({"form": form}))
    return html5lib.parse(text, treebuilder="etree"), text


def test_each_field_has_its_label_and_hint():
    tree, _ = render(SampleForm())
    ids = {e.get("id") for e in tree.iter() if e.get("id")}
    for field in (e for e in tree.iter() if str(e.tag).removeprefix(XHTML) in ("input", "select", "textarea")):
        if field.get("type") in ("hidden", "radio"):
            continue
        assert [label for label in tree.iter(XHTML + "label") if label.get("for") == field.get("id")]
        assert set((field.get("aria-describedby") or "").split()) <= ids


def test_errors_are_listed_each_with_a_link_to_its_field():
    tree, text = render(SampleForm({"title": "", "text": "<b>gardé & intact</b>", "region": "", "kind": "x"}))
    assert "3\u00a0champs à corriger" in text
    assert "data-error-summary" in text
    links = [a.get("href")[1:] for a in tree.iter(XHTML + "a")]
    ids = {e.get("id") for e in tree.iter() if e.get("id")}
    assert len(links) == 3
    assert set(links) <= ids
    (title,) = [e for e in tree.iter(XHTML + "input") if e.get("name") == "title"]
    assert title.get("aria-invalid") == "true"
    assert title.get("aria-describedby") in ids
    assert "&lt;b&gt;gardé &amp; intact&lt;/b&gt;" in text, "what was typed is kept"
    assert "autofocus" not in text


def test_an_error_of_the_whole_form_is_said_once():
    form = SampleForm({"title": "Noues", "region": "53", "kind": "d"})
    form.add_error(None, "Cette discussion est fermée : écrivez ailleurs.")
    tree, text = render(form)
    assert text.count("Cette discussion est fermée") == 1
    assert "1\u00a0erreur à corriger" in text
    assert "fermée\u00a0: écrivez" in text
    assert "champ à corriger" not in text
    assert not [one for one in tree.iter(XHTML + "a") if "fermée" in (one.text or "")]


def test_a_form_of_one_field_says_nothing_of_the_others():
    _, text = render(ClubForm())
    assert "facultatif" not in text


def test_a_valid_form_shows_no_summary():
    _, text = render(SampleForm())
    assert "data-error-summary" not in text


def pages(number: str, count: int = 500):
    request = RequestFactory().get("/", {"page": number, "region": "53"})
    page = page_of(list(range(count)), request, 10)
    text = Template("{% load look %}{% pagination page 'Pages' %}").render(RequestContext(request, {"page": page}))
    return page, html5lib.parse(text, treebuilder="etree"), text


def test_pagination_is_a_named_nav_with_the_current_page():
    _, tree, text = pages("7")
    (nav,) = tree.iter(XHTML + "nav")
    assert nav.get("aria-label") == "Pages"
    current = [a for a in tree.iter(XHTML + "a") if a.get("aria-current") == "page"]
    assert ["".join(a.itertext()) for a in current] == ["7"]
    assert 'href="?region=53&amp;page=8"' in text
    ellipses = [e for e in tree.iter(XHTML + "span") if "".join(e.itertext()) == "…"]
    assert len(ellipses) == 2
    assert all(e.get("href") is None and e.get("tabindex") is None for e in ellipses)


@pytest.mark.parametrize(("asked", "given"), [("0", 50), ("-3", 50), ("9999", 50), ("abc", 1), ("", 1)])
def test_a_page_that_is_not_there_gives_the_nearest(asked, given):
    assert pages(asked)[0].number == given


def test_one_page_needs_no_pagination():
    assert "nav" not in pages("1", count=5)[2]


def test_counts_are_words_with_french_plurals():
    assert quantity(0, "projet,projets") == "0\u00a0projet"
    assert quantity(1, "projet,projets") == "1\u00a0projet"
    assert quantity(2, "projet,projets") == "2\u00a0projets"
    assert quantity(None, "projet,projets") == "0\u00a0projet"
    assert Paginator([1], 1).num_pages == 1
