import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territories.names import normalise, search_words

FRENCH = "abcdefghijklmnopqrstuvwxyzàâäéèêëîïôöùûüÿçœæ"
WORD = st.text(FRENCH, min_size=1, max_size=12)
SIGNS = st.lists(st.sampled_from(" -'’"), min_size=5, max_size=5)
NAME = st.builds(
    lambda words, signs: "".join(word + sign for word, sign in zip(words, signs, strict=False)),
    st.lists(WORD, min_size=1, max_size=5),
    SIGNS,
)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert search_words(search_words(text)) == search_words(text)


@given(st.text())
def test_the_result_is_made_of_plain_words_only(text: str) -> None:
    words = search_words(text)
    assert words == " ".join(words.split())
    assert set(words) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


@given(NAME)
def test_case_accents_and_hyphens_do_not_count(name: str) -> None:
    without_accents = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    for other in (
        name.upper(),
        name.title(),
        without_accents,
        unicodedata.normalize("NFD", name),
        name.replace("-", " "),
        name.replace("'", "’"),
        f"  {name}\n",
    ):
        assert normalise(other) == normalise(name)


@given(NAME, st.sampled_from(["(CA du Pays)", "(Nantes Métropole)", "\nCommunauté urbaine", "(CC jamais refermée"]))
def test_what_follows_the_name_is_dropped(name: str, more: str) -> None:
    assert normalise(f"{name} {more}") == normalise(name)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Riche (La)", "la riche"),
        ("Abymes ( Les )", "les abymes"),
        ("Haÿ-les-Roses (L')", "l'hay les roses"),
        ("Haÿ-les-Roses (L’)", "l'hay les roses"),
        ("St-Étienne", "saint etienne"),
        ("STE MARIE", "sainte marie"),
        ("St.-Denis", "saint denis"),
        ("Bourg St Andéol", "bourg saint andeol"),
        ("Strasbourg", "strasbourg"),
        ("Esté", "este"),
        ("Château-Chinon (Ville)", "chateau chinon ville"),
        ("Saint - Baudelle", "saint baudelle"),
        ("\n\n  Vernon\nCA des Portes de l’Eure", "vernon"),
        ("Œuf-en-Ternois", "oeuf en ternois"),
        ("", ""),
    ],
)
def test_examples_of_the_clubs_list(written: str, meant: str) -> None:
    assert normalise(written) == meant


def test_an_apostrophe_may_be_left_out_or_be_a_space_when_looking_up() -> None:
    assert search_words("L'Haÿ-les-Roses") == search_words("LHAY les roses") == search_words("l hay-les-roses")
    assert search_words("Val-d’Oise") == search_words("val doise") == search_words("val d oise")
