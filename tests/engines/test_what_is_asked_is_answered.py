"""Operators, order, folding, facets, marks, pages: the promises of `search`."""

import pytest

from search.core.asking import PAGE
from tests.engines.making import MEMBER, found, keys, matter, plain

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def test_nothing_asked_finds_nothing(holding):
    answer = found(holding(matter("topic:1", "Noue")), "")
    assert (answer.hits, answer.total, answer.facets) == ([], 0, {})


def test_both_of_two_words_and_most_of_three_are_there(holding):
    engine = holding(
        *[matter(f"topic:{n}", "Noue", "Une noue plantée de saules") for n in range(10, 22)],
        matter("topic:5", "Noue", "Seule"),
        matter("topic:6", "Saule", "Seul"),
    )
    several = [f"topic:{n}" for n in range(10, 22)]  # enough that nobody has to look for less
    assert sorted(keys(engine, "noue saules")) == several
    assert sorted(keys(engine, "noue saules plantation")) == several


def test_where_nothing_holds_all_words_some_are_enough(holding):
    assert keys(holding(matter("topic:1", "Noue", "plantée")), "noue parking") == ["topic:1"]


@pytest.mark.parametrize("order", ["relevance", "date"])
def test_what_some_words_find_has_its_further_pages_too(holding, order):
    engine = holding(*[matter(f"topic:{n}", "Noue" if n % 2 else "Parking", f"Numéro {n}") for n in range(1, 31)])
    pages = [found(engine, "noue parking", page=number, order=order) for number in (1, 2)]
    assert [page.total for page in pages] == [30, 30]
    assert sorted(len(page.hits) for page in pages) == [10, PAGE]
    assert len({hit.key for page in pages for hit in page.hits}) == 30


def test_a_long_question_needs_few_of_its_words(holding):
    engine = holding(
        matter("topic:1", "Financer une rénovation", "subventions pour une école"),
        matter("topic:2", "Autre chose", "un parking"),
    )
    question = "comment peut-on financer la rénovation énergétique d'une école primaire en milieu rural ?"
    assert keys(engine, question) == ["topic:1"]


def test_operators(holding):
    engine = holding(
        matter("topic:1", "Noue", "eau pluviale", people="Anne Morel", detail="Forum des régions", space="1"),
        matter("topic:2", "Citerne", "eau pluviale", people="Paul Roux", place="Lyon Rhône Auvergne-Rhône-Alpes"),
        matter("topic:3", "Parking", "eau"),
    )
    assert keys(engine, "eau -citerne -parking") == ["topic:1"]
    assert sorted(keys(engine, "noue OU citerne")) == ["topic:1", "topic:2"]
    assert sorted(keys(engine, "eau noue OU citerne")) == ["topic:1", "topic:2"]
    assert keys(engine, "eau auteur:morel") == ["topic:1"]
    assert keys(engine, 'auteur:"Anne Morel"') == ["topic:1"]
    assert keys(engine, "eau région:auvergne-rhône-alpes") == ["topic:2"]
    assert keys(engine, "espace:régions") == ["topic:1"]
    assert keys(engine, '"eau pluviale" -"eau pluviale"') == []


def test_a_space_is_one_of_the_forum_and_no_other_place(holding):
    engine = holding(
        matter("topic:1", "Une noue", detail="Bretagne", space="3"),
        matter("topic:2", "Une mare", detail="Espace national", place="Rennes Bretagne", space="1"),
        matter("organisation:1", "Bruded", detail="Association · Bretagne", place="Bretagne"),
        matter("person:1", "Anne Morel", detail="Chargée de mission, Bureau national"),
    )
    assert keys(engine, "espace:bretagne") == ["topic:1"]
    assert keys(engine, "espace:national") == ["topic:2"]
    assert "organisation:1" in keys(engine, "région:bretagne")


def test_an_exact_title_comes_first(holding):
    engine = holding(
        matter("topic:1", "Noues et noues encore : la noue", "noue " * 30, weight=2.0),
        matter("topic:2", "La noue", "Autre texte", weight=0.5, days=2000),
    )
    assert keys(engine, "la noue") == ["topic:2", "topic:1"]


def test_a_title_counts_more_than_a_text_and_weight_more_than_none(holding):
    engine = holding(
        matter("topic:1", "Compost collectif au jardin", "Un récit de plusieurs saisons"),
        matter("topic:2", "Un récit de plusieurs saisons", "Compost collectif au jardin"),
        matter("topic:3", "Un récit de plusieurs saisons", "Compost collectif au jardin", weight=2.0),
    )
    assert keys(engine, "compost") == ["topic:1", "topic:3", "topic:2"]


def replies(space: str = "forum", **others):
    return [
        matter("topic:1", "Entretenir une noue", "Qui tond ?", space=space, **others),
        *[
            matter(f"post:{n}", "", f"La noue demande du soin {n}", root="topic:1", about="Entretenir une noue",
                   space=space, days=10 - n, **others)
            for n in range(2, 6)
        ],
    ]  # fmt: skip


def test_replies_fold_under_their_discussion(holding):
    pages = [f"page:{n}" for n in range(10, 22)]  # enough that nobody has to look for less
    engine = holding(*replies(), *[matter(key, "Le soin d’une noue") for key in pages])
    answer = found(engine, "noue soin")
    assert sorted(hit.root for hit in answer.hits) == [*pages, "topic:1"]
    (hit,) = [hit for hit in answer.hits if hit.root == "topic:1"]
    assert hit.key.startswith("post:")
    assert hit.more == 3
    assert answer.total == 13
    assert plain(hit.title) == "Entretenir une [noue]"
    assert "[noue] demande du [soin]" in plain(hit.passage)


def test_facets_count_folds_under_the_other_filters(holding):
    engine = holding(
        *replies(space="eau", themes=("1", "2"), regions=("84",)),
        matter("page:1", "Une noue", space="", themes=("2",), regions=("32", "84")),
        matter("project:1", "La noue", themes=("3",), regions=("32",), state="labelled"),
    )
    facets = found(engine, "noue").facets
    assert facets["kind"] == [("page", 1), ("project", 1), ("topic", 1)]
    assert facets["theme"] == [("2", 2), ("1", 1), ("3", 1)]
    assert facets["region"] == [("32", 2), ("84", 2)]
    assert facets["space"] == [("eau", 1)]
    assert facets["state"] == [("labelled", 1)]
    narrowed = found(engine, "noue", kind=("page", "project"), theme=("2",))
    assert [hit.key for hit in narrowed.hits] == ["page:1"]
    assert narrowed.facets["kind"] == [("page", 1), ("topic", 1)], "not narrowed by itself"
    assert narrowed.facets["theme"] == [("2", 1), ("3", 1)]
    assert narrowed.facets["region"] == [("32", 1), ("84", 1)]


def test_a_fold_whose_documents_differ_is_counted_once_per_value(holding):
    engine = holding(
        matter("topic:1", "Une noue", themes=("1",), state="open"),
        matter("post:2", "", "noue", root="topic:1", about="Une noue", themes=("1", "2"), state="answer"),
        matter("post:3", "", "noue", root="topic:1", about="Une noue", themes=("2",), state="open"),
    )
    facets = found(engine, "noue").facets
    assert facets["theme"] == [("1", 1), ("2", 1)]
    assert facets["state"] == [("answer", 1), ("open", 1)]


def test_filters_alone_find_the_latest_first(holding):
    engine = holding(
        *[matter(f"topic:{n}", f"Titre {n}", days=n, themes=("1",)) for n in (3, 1, 2)], matter("page:1", "x")
    )
    assert keys(engine, theme=("1",)) == ["topic:1", "topic:2", "topic:3"]
    assert found(engine, theme=("1",)).total == 3


def test_since_and_order_by_date(holding):
    from django.utils import timezone

    ages = {"topic:1": 400, "topic:2": 2, "topic:3": 50}
    now = timezone.now()
    engine = holding(
        *[
            matter(key, "Noue", "noue" * (n + 1), at=now - timezone.timedelta(days=days))
            for n, (key, days) in enumerate(ages.items())
        ]
    )
    assert keys(engine, "noue", order="date") == ["topic:2", "topic:3", "topic:1"]
    assert keys(engine, "noue", order="date", since=("365",)) == ["topic:2", "topic:3"]
    assert keys(engine, "noue", since=("30",)) == ["topic:2"]


def test_pages_follow_each_other_without_gap_or_repeat_and_ties_stay(holding):
    engine = holding(*[matter(f"topic:{n}", "Une noue", "même texte") for n in range(1, 64)])
    for order in ("relevance", "date"):
        pages = [keys(engine, "noue texte", page=page, order=order) for page in range(1, 6)]
        assert [len(page) for page in pages] == [PAGE, PAGE, PAGE, 3, 0]
        assert len({key for page in pages for key in page}) == 63
        assert pages[1] == keys(engine, "noue texte", page=2, order=order)
    before = [keys(engine, "noue", page=page) for page in range(1, 5)]
    engine.bulk([matter(f"topic:{n}", "Une noue", "même texte") for n in (40, 3, 11)], 2, refresh=True)
    assert [keys(engine, "noue", page=page) for page in range(1, 5)] == before


def test_more_candidates_than_are_ranked_are_all_counted_and_paged(holding, monkeypatch):
    from search.engines.embedded import weights

    monkeypatch.setattr(weights, "RANKED", 10)
    engine = holding(
        *[matter(f"topic:{n}", "Un sujet", "une noue", days=n + 1) for n in range(30)],
        matter("topic:50", "Une noue", "tout court", days=900),
    )
    answer = found(engine, "noue")
    assert answer.total == 31
    assert answer.hits[0].key == "topic:50", "the words in the title come first, however old"
    assert len({*keys(engine, "noue"), *keys(engine, "noue", page=2)}) == 31


def test_what_a_result_shows(holding):
    engine = holding(
        matter(
            "practice:4",
            "Noues à Lille",
            "Début. " * 60 + "Une noue bleue.",
            detail="Lille",
            extra={"replies": "3"},
            state="solved",
        )
    )
    (hit,) = found(engine, "noue").hits
    assert (hit.kind, hit.url, hit.detail, hit.extra, hit.state) == (
        "practice",
        "/practice/4/",
        "Lille",
        {"replies": "3"},
        "solved",
    )
    assert plain(hit.title) == "[Noues] à Lille"
    assert "Une [noue] bleue." in plain(hit.passage)
    assert hit.passage.startswith("… ")
    assert not hit.passage.endswith("…")
    engine.bulk([matter("practice:5", "Bassins", "Une mare creusée " + "et encore un mot " * 60)], 2, refresh=True)
    (hit,) = found(engine, "mare").hits
    assert plain(hit.passage).startswith("Une [mare] creusée")
    assert hit.passage.endswith(" …")
    assert hit.at.isoformat() == "2026-05-31T12:00:00+00:00"


def test_a_typing_error_is_put_right(holding):
    engine = holding(*[matter(f"topic:{n}", "Aménagement d’une noue", "perméable") for n in range(1, 6)])
    answer = found(engine, "amenagemnt")
    assert (answer.spelling, answer.total) == ("aménagement", 5)
    assert found(engine, "noue amenagemnt").spelling == "noue aménagement"
    assert found(engine, "aménagement").spelling == ""
    assert found(engine, "zzzzzzzz").spelling == ""


@pytest.mark.parametrize(("typed", "held"), [("frelon", "redon"), ("mitage", "étage"), ("hauffage", "chauffage")])
def test_the_first_letter_of_a_word_stays(holding, typed, held):
    """Who does not know how a word goes on knows how it begins: another first letter is another word."""
    engine = holding(*[matter(f"topic:{n}", "Des travaux", f"Le {held} de la rue") for n in range(1, 6)])
    assert found(engine, typed).spelling == ""


@pytest.mark.parametrize(
    "typed", ["rez-de-chaussée", "rez de chaussée", '"rez-de-chaussée"', 'travaux OU "rez de chaussée"']
)
def test_a_word_that_says_nothing_is_not_marked_and_chooses_no_passage(holding, typed):
    chatter = "Le long de la rue et des places, de la gare, de la mairie et de la poste. " * 6
    engine = holding(matter("topic:1", "Commerces", f"{chatter}{'Rien à voir. ' * 30}Encore un rez-de-chaussée vide"))
    (hit,) = found(engine, typed).hits
    assert "[de]" not in plain(hit.passage)
    assert "[rez" in plain(hit.passage)


def test_words_that_say_nothing_are_marked_where_nothing_else_was_asked(holding):
    engine = holding(matter("topic:1", "Bonjour", "Elle est pour tous et chez vous"))
    (hit,) = found(engine, "pour tous").hits
    assert plain(hit.passage) == "Elle est [pour] [tous] et chez vous"


def test_titles_are_suggested_while_typing(holding):
    engine = holding(
        matter("topic:7", "Désimperméabiliser une cour d’école"),
        matter("topic:2", "Une cour partagée"),
        matter("project:1", "Cour des Alliés", weight=1.5),
        *replies(),
    )
    assert [one.key for one in engine.suggest("cour", MEMBER)] == ["project:1", "topic:2", "topic:7"]
    assert [one.key for one in engine.suggest("cour d'éc", MEMBER)] == ["topic:7"]
    assert [one.key for one in engine.suggest("desimp", MEMBER)] == ["topic:7"]
    assert engine.suggest("c", MEMBER) == []
    assert engine.suggest("", MEMBER) == []
    assert [one.title for one in engine.suggest("entretenir", MEMBER)] == ["Entretenir une noue"]
    assert len(engine.suggest("cour", MEMBER, limit=1)) == 1


def test_similar_discussions(holding):
    engine = holding(
        *[matter(f"topic:{n}", f"Sujet numéro {n}", "parking stationnement voirie") for n in range(10, 30)],
        matter("topic:1", "Récupérer l’eau de pluie", "citerne enterrée sous la cour"),
        matter("topic:2", "Citerne de pluie", "eau pour arroser"),
        matter("page:3", "Citerne d’eau de pluie"),
        matter("post:4", "", "la citerne de pluie fuit", root="topic:5", about="Une fuite de citerne"),
    )
    near = engine.similar("Quelle citerne pour la pluie ?", "arroser un potager", MEMBER, without="topic:2")
    assert [hit.root for hit in near] == ["topic:1", "topic:5"] or [hit.root for hit in near] == ["topic:5", "topic:1"]
    assert engine.similar("", "", MEMBER) == []
    assert engine.similar("zzzz", "qqqq", MEMBER) == []
