"""Markdown in, a closed list of HTML out; whatever is typed, nothing runs, nothing breaks, nothing takes long."""

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.markdown import markdown_of
from forum.text import TAGS, plain, written


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "[clic](javascript:alert(1))",
        "[clic](JaVaScRiPt:alert(1))",
        "[clic](data:text/html;base64,PHNjcmlwdD4=)",
        "<img src=x onerror=alert(1)>",
        "![](https://ailleurs.example/pixel.png)",
        "<a href='x' onclick='y'>z</a>",
        '<https://exemple.fr/"onmouseover=alert(1)>',
    ],
)
def test_nothing_runs_and_nothing_is_asked_of_another_site(typed):
    tree = html5lib.parseFragment(written(typed).html, namespaceHTMLElements=False)
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag != "DOCUMENT_FRAGMENT":
            assert element.tag in TAGS
            assert set(element.attrib) <= {"href", "rel"}
            assert element.attrib.get("href", "https://").startswith(("http://", "https://", "mailto:"))


def test_what_members_use_is_kept():
    kept = written("# Titre\n\n**gras** et *italique*\n\n- un\n- deux\n\n> cité\n\n[lien](https://exemple.fr/)")
    assert "<h3>Titre</h3>" in kept.html
    assert "<strong>gras</strong>" in kept.html
    assert '<a href="https://exemple.fr/" rel="nofollow ugc noopener">lien</a>' in kept.html
    assert kept.text.split("\n") == ["Titre", "gras et italique", "un", "deux", "cité", "lien"]


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=150)
def test_any_text_is_kept_as_safe_html_and_cleaning_again_changes_nothing(typed):
    kept = written(typed)
    assert "<script" not in kept.html.lower()
    assert plain(kept.html) == kept.text
    assert written(markdown_of(kept.html)).html.count("<script") == 0


def test_french_typography_is_put_in_by_the_machine_outside_code():
    assert written("Combien ? « beaucoup » ; `a ; b`").text == "Combien\u00a0? «\u00a0beaucoup\u00a0»\u00a0; a ; b"


def test_a_round_trip_through_the_text_area_keeps_what_it_says():
    once = written("Bonjour **à tous**\n\n- un\n- deux\n\n> cité")
    assert written(markdown_of(once.html)) == once


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2024. Ce fut une belle année", '<ol start="2024">'),
        ("3. trois\n4. quatre", '<ol start="3">'),
        ("1. un", "<ol>"),
    ],
)
def test_a_number_that_begins_a_line_is_kept(typed, shown):
    kept = written(typed)
    assert shown in kept.html
    assert written(markdown_of(kept.html)) == kept


def test_spaces_in_their_thousands_are_one_and_those_of_code_stay():
    """Reading them back for an edit took seconds."""
    kept = written("a" + " " * 9000 + "b\n\n    code" + " " * 50 + "aligné")
    assert "<p>a b</p>" in kept.html
    assert " " * 50 in kept.html


def test_braces_of_a_text_are_no_template():
    """Each of ten thousand opened a search to the end."""
    assert written("{{ Combien ? }}").text == "{{ Combien\u00a0? }}"
