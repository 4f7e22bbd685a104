"""Code and name agree, or one resolves and the other is close; everything else waits for a person."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.storage


@pytest.fixture
def match(referential, row):
    from projects.importing.matching import Matcher

    matcher = Matcher()
    return lambda code, town, **more: matcher.match(row(code, town, "", more.get("cells")))


@pytest.mark.parametrize(
    ("code", "town", "found", "how"),
    [
        ("67506", "Vendenheim", "67506", "both"),
        ("67506", "VENDENHEIM ", "67506", "both"),
        ("1004", "Ambérieu-en-Bugey", "01004", "both"),
        ("37195", "Riche (La)", "37195", "both"),
        ("67483", "Strasbourg", "67482", "name_over_code"),  # the code of Strazeele's neighbour: another commune's
        ("72090", "Connéré", "72090", "code"),
        ("33005", "Andernos", "33005", "code"),
        ("56350", "Lille", "59350", "name"),
    ],
)
def test_a_row_is_accepted(match, code, town, found, how):
    department = {"N° Dept": found[:2]}
    matched = match(code, town, cells=department)
    assert (matched.place.code, matched.how) == (found, how)


def test_a_false_code_is_caught_and_both_communes_are_offered(match):
    matched = match("21232", "Dijon", cells={"N° Dept": "22"})
    assert matched.place is None
    assert [one["name"] for one in matched.candidates][:2] == ["Dompierre-en-Morvan", "Dijon"]
    assert "Dompierre-en-Morvan" in matched.reason


@pytest.mark.parametrize(
    ("code", "town", "why"),
    [
        ("", "Nulle-Part", "Le nom « Nulle-Part » ne désigne aucune commune."),
        ("00000", "", "Le code « 00000 » ne désigne aucune commune."),
        ("", "", "La ligne n’a ni code ni nom de commune."),
        ("00000", "Nulle-Part", "Ni le code « 00000 » ni le nom « Nulle-Part » ne désignent une commune."),
    ],
)
def test_why_nothing_was_found_names_only_what_the_line_holds(match, code, town, why):
    assert match(code, town).reason == why


def test_an_intercommunality_is_no_commune(match):
    matched = match("", "Communauté d’agglomération du Val Perdu", cells={"N° Dept": "57"})
    assert matched.place is None


@pytest.mark.parametrize("town", ["Serris et Chessy", "Serris\nChessy", "Serris / Chessy (CA Marne)", "Serris- Chessy"])
def test_a_cell_with_several_communes_gives_one_main_and_the_others(match, town):
    matched = match("77449", town)
    assert matched.place.name == "Serris"
    assert [one.name for one in matched.others] == ["Chessy"]


def test_article_or_saint_alone_is_no_name():
    from projects.importing.matching import close

    assert close("ales en cevennes", "ales")
    assert not close("saint", "saint denis")
    assert not close("la", "la riche")
    assert not close("dijon", "dompierre en morvan")
