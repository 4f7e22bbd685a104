"""Discussions of many replies, lists of many pages: each fold once, all of them counted, whatever covers what."""

from dataclasses import replace

import pytest

from search.core.asking import PAGE
from search.core.matter import Matter
from tests.engines.making import found, keys, matter, plain

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
OTHERS = 30


def discussion(*texts: str, covered: int, number: int = 1) -> list[Matter]:
    """A topic and its replies, of which the first are covered by its own document."""
    root, title = f"topic:{number}", "Entretenir les noues"
    voices = [f"Personne{place} Durand" for place, _ in enumerate(texts)]
    topic = matter(
        root, title, "Qui tond ?", replies="\n".join(texts[:covered]), voices=" ".join(voices[:covered]), days=1
    )
    posts = [
        replace(
            matter(f"post:{1000 * number + place}", "", text, root=root, about=title, people=voices[place], days=2),
            covered=place < covered,
        )
        for place, text in enumerate(texts)
    ]
    return [topic, *posts]


def others(text: str) -> list[Matter]:
    return [matter(f"topic:{n}", "Un square", text, space=str(n % 3)) for n in range(100, 100 + OTHERS)]


def test_what_a_covered_reply_says_is_found_and_shown_there(holding):
    engine = holding(*discussion("Une tonte tardive", "Le faucardage en août", covered=2), *others("Un banc"))
    (hit,) = found(engine, "faucardage").hits
    assert (hit.key, hit.root) == ("post:1001", "topic:1")
    assert "[faucardage]" in plain(hit.passage)


def test_who_wrote_a_covered_reply_is_found(holding):
    engine = holding(*discussion("Une tonte tardive", "Le faucardage en août", covered=2), *others("Un banc"))
    assert "post:1001" in keys(engine, "personne1")
    assert keys(engine, "auteur:personne1") == ["post:1001"]


def test_words_of_several_covered_replies_make_one_result(holding):
    texts = ["Une tonte tardive", "Le faucardage en août"]
    engine = holding(*discussion(*texts, covered=2), *others("Un banc"))
    assert {hit.root for hit in found(engine, "tonte faucardage").hits} == {"topic:1"}


def test_what_the_last_reply_of_a_long_discussion_says_is_found(holding):
    texts = [*["Une tonte tardive"] * 40, "Le faucardage en août"]
    engine = holding(*discussion(*texts, covered=30), *others("Un banc"))
    (hit,) = found(engine, "faucardage").hits
    assert (hit.key, hit.root) == ("post:1040", "topic:1")


def test_many_replies_of_one_discussion_leave_room_for_the_others_and_count_once(holding):
    long = discussion(*["Du compost, encore du compost"] * 150, covered=30)
    engine = holding(*[replace(one, space="1") for one in long], *others("Du compost ici"))
    pages = [found(engine, "compost", page=number) for number in (1, 2)]
    roots = [hit.root for page in pages for hit in page.hits]
    assert sorted(roots) == sorted({"topic:1", *(f"topic:{n}" for n in range(100, 100 + OTHERS))})
    assert [page.total for page in pages] == [OTHERS + 1] * 2
    assert dict(pages[0].facets["space"]) == {"0": 10, "1": 11, "2": 10}
    (whole,) = [hit for page in pages for hit in page.hits if hit.root == "topic:1"]
    assert whole.more >= 149


@pytest.mark.parametrize("order", ["relevance", "date"])
def test_the_title_of_a_discussion_does_not_make_its_replies_found(holding, order):
    """They are ranked by it; a reply that says the words itself counts as another message."""
    title = "Un accès PMR au parc"
    replies = [matter(f"post:{n}", "", f"Merci {n}", root="topic:1", about=title, themes=("2",)) for n in range(1, 6)]
    engine = holding(matter("topic:1", title, "Qui sait ?", themes=("1",)), *replies, *others("Un accès PMR"))
    for typed in ("accès", "accès PMR", '"accès PMR"', "accès OU faucardage"):
        answer = found(engine, typed, order=order)
        (whole,) = [
            hit for page in (1, 2) for hit in found(engine, typed, order=order, page=page).hits if hit.root == "topic:1"
        ]
        assert (whole.key, whole.more) == ("topic:1", 0), typed
        assert (answer.total, answer.facets["theme"]) == (OTHERS + 1, [("1", 1)]), typed
    saying = matter("post:9", "", "L’accès PMR est pentu", root="topic:1", about=title, themes=("2",), days=0)
    engine.bulk([saying], 2, refresh=True)
    answer = found(engine, "accès PMR", order=order)
    assert max(hit.more for hit in answer.hits) == 1
    assert answer.facets["theme"] == [("1", 1), ("2", 1)]


def test_a_word_of_the_title_and_one_of_a_reply_find_the_discussion(holding):
    """« Entretenir les noues », a message that names the faucardage, and enough others that nobody looks for less."""
    engine = holding(*discussion("Une tonte", "Le faucardage", covered=2), *others("Une noue, son faucardage"))
    pages = [found(engine, "noues faucardage", page=page) for page in (1, 2)]
    assert "topic:1" in {hit.root for page in pages for hit in page.hits}


def test_far_pages_hold_what_the_near_ones_do_not(holding):
    count = 230
    engine = holding(*[matter(f"page:{n}", f"Le compost du lot {n}", "Un texte") for n in range(1, count + 1)])
    seen = [key for page in range(1, count // PAGE + 2) for key in keys(engine, "compost", page=page)]
    assert len(seen) == len(set(seen)) == count
    assert found(engine, "compost", page=3).total == count


def test_pages_share_no_result_where_a_discussion_has_many_replies(holding):
    long = discussion(*["Du compost, encore du compost"] * 60, covered=0)
    topics = [
        matter(f"topic:{n}", "Un lot", "Du compost " + "ici " * (n % 7), weight=1 + n % 10 / 10)
        for n in range(100, 299)
    ]
    engine = holding(*long, *topics)
    seen = [hit.root for page in range(1, 11) for hit in found(engine, "compost", page=page).hits]
    assert len(seen) == len(set(seen)) == 200
