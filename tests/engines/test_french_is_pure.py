"""Analysis, passages and marks over any text: nothing errs, nothing is lost, nothing is cut inside a word."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.core import french, synonyms
from search.core.spelling import distance
from search.engines.base import END, START
from search.engines.embedded.terms import vector
from search.engines.highlighting import highlight, mark
from tests.engines.making import plain

TEXT = st.text(max_size=400) | st.text(alphabet="éÉeœŒ’'-./·12ab  \n\ue000\ue001", max_size=200)


@given(TEXT)
def test_terms_are_ascii_letters_and_digits(text):
    for term in [*french.stems(text), *french.joined(text), *french.folded_words(text)]:
        assert re.fullmatch("[a-zA-Z0-9]{1,40}", term)


@given(TEXT)
def test_accents_and_case_change_no_term(text):
    assert french.stems(french.fold(text.lower())) == french.stems(french.fold(text))


@given(TEXT, st.lists(st.text(alphabet="eabé12", min_size=1, max_size=4), max_size=4))
def test_marks_change_no_letter(text, words):
    terms = {french.stem(word) for word in words} - {""}
    bare = text.replace(START, "").replace(END, "")
    marked = mark(text, french.Wanted(terms))
    assert marked.replace(START, "").replace(END, "") == bare
    assert marked.count(START) == marked.count(END)


@given(TEXT, st.lists(st.text(alphabet="eabé12", min_size=1, max_size=4), max_size=4), st.integers(20, 120))
def test_a_passage_is_of_whole_words_of_the_text(text, words, length):
    passage = (
        plain(highlight(text, french.Wanted({french.stem(word) for word in words} - {""}), length))
        .replace("[", "")
        .replace("]", "")
    )
    bare = text.replace(START, "").replace(END, "").replace("[", "").replace("]", "").split()
    inside = passage.removeprefix("… ").removesuffix(" …").split()
    assert len(passage) <= 2 * length + 70
    if inside and max((len(one) for one in bare), default=0) < 20:
        assert any(bare[place : place + len(inside)] == inside for place in range(len(bare)))


@pytest.mark.parametrize(
    "alike",
    ["vélo vélos", "élu élus", "loi lois", "lieu lieux", "abri abris", "avis avis", "studio studios", "menu menus"],
)
def test_a_plural_has_the_stem_of_its_singular(alike):
    assert len(set(french.stems(alike))) == 1


@pytest.mark.parametrize(
    "apart",
    [
        "loi loyer", "Marie marais", "Marie marée", "marais mars", "Anne année", "voirie voir", "pays payer",
        "noue nous", "mois moi", "fois foi", "bois boire",
    ],
)  # fmt: skip
def test_false_friends_have_stems_of_their_own(apart):
    assert len(set(french.stems(apart))) == 2


def test_words_are_known_anew_once_they_are_many(monkeypatch):
    monkeypatch.setattr(french._Vocabulary, "MOST", 5)
    texts = [f"un vélo{'s' * (n % 2)} et mot{n} puis autre{n} {'x' * 80}{n}" for n in range(20)]
    wanted = french.Wanted({french.stem("vélo"), french.stem("x" * 80 + "3")})
    for text in texts * 2:
        assert plain(mark(text, wanted)).startswith("un [vélo")
    assert "[" + "x" * 80 + "3]" in plain(mark(texts[3], wanted))
    assert len(french._vocabulary._held[0]) < 15
    assert all(len(word) <= 60 for word in french._vocabulary._held[0]), "what is no word is not kept"


def test_the_passage_is_where_the_words_stand_together():
    text = "noue " + "mot " * 100 + "la noue et la citerne ensemble " + "mot " * 100
    passage = plain(highlight(text, french.Wanted({"nou", "citern"}), 80))
    assert "la [noue] et la [citerne] ensemble" in passage
    assert passage.startswith("… ")
    assert passage.endswith(" …")
    assert plain(highlight("Un début. " + "mot " * 100, french.Wanted(), 40)).startswith("Un début. mot")


@pytest.mark.parametrize(
    ("chunk", "stems", "joined"),
    [
        ("l’éco-quartier", ("eco", "quarti"), ("ecoquarti",)),
        ("12/2024", ("12", "2024"), ("12z2024",)),
        ("aujourd'hui", ("aujourd", "hui"), ("aujourdhui",)),
        ("habitant·e·s", ("habit",), ()),
        ("qu'il", ("il",), ()),
        ("RE2020", ("re2020",), ()),
        ("art.12", ("art", "12"), ()),
    ],
)
def test_chunks(chunk, stems, joined):
    assert french.analysed(chunk)[:2] == (stems, joined)


def test_synonyms_are_read_in_sets_and_found_by_their_longest_stretch():
    known = synonyms.parsed(["ZAC, zone d'aménagement concerté # remarque", "# rien", "seul", "zone, secteur"])
    assert known["zac",] == (("zon", "amenag", "concert"),)
    assert ("seul",) not in known
    assert synonyms.spans(["une", "zon", "amenag", "concert"], known) == [(1, 4, (("zac",),))]
    assert synonyms.spans(["zon"], known) == [(0, 1, (("secteur",),))]


def test_every_synonym_of_the_file_is_read():
    sets = synonyms.parsed(synonyms.lines())
    assert len(sets) >= 40
    assert sets["ge",] or sets[tuple(french.stems("GES"))]


@given(st.text(alphabet="abc", max_size=7), st.text(alphabet="abc", max_size=7))
def test_distance_is_symmetric_and_bounded(one, two):
    assert distance(one, two, 9) == distance(two, one, 9) <= max(len(one), len(two))
    assert distance(one, two, 1) == min(distance(one, two, 9), 2)
    assert (distance(one, two, 9) == 0) == (one == two)


def test_distance_counts_an_exchange_once():
    assert distance("amenagemnet", "amenagement", 2) == 1


def test_a_vector_names_each_place():
    assert vector("a b a 0z") == "'a':1,3 'b':2 '0z':4"


def test_words_of_the_thesaurus_are_near_by_their_letters():
    assert synonyms.near("photovoltainue") == {"photovoltaïque": 1}
    assert synonyms.near("xyzzyqwert") == {}
