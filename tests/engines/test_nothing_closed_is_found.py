"""The scope is inside the query: no hit, count, facet, suggestion, neighbour or correction tells of what is closed."""

import pytest

from search.engines.base import Scope
from tests.engines.making import MEMBER, PUBLIC, asked, keys, matter

pytestmark = [pytest.mark.django_db, pytest.mark.storage]

HIDDEN = {
    "audience": {"audience": ("members",)},
    "container": {"containers": ("topic:2", "space:7")},
}
CLOSED = Scope(frozenset({"public"}), frozenset({"space:7"}))


@pytest.mark.parametrize("how", HIDDEN)
def test_by_no_way(holding, how):
    engine = holding(
        *[matter(f"topic:{n}", "Un parking ouvert", "stationnement", themes=("1",)) for n in range(10, 20)],
        matter(
            "topic:2",
            "Marqueur confidentiel",
            "secretissime stationnement",
            themes=("secret",),
            people="Zoé Cachée",
            **HIDDEN[how],
        ),
        matter("post:3", "", "secretissime aussi", root="topic:10", about="Un parking ouvert", **HIDDEN[how]),
    )
    scope = CLOSED if how == "container" else PUBLIC
    assert keys(engine, "secretissime", PUBLIC if how == "container" else MEMBER), "others find it"
    for typed in (
        "secretissime",
        "marqueur",
        "confidentiel",
        "auteur:zoé",
        '"secretissime stationnement"',
        "secretissime OU rien",
    ):
        answer = engine.search(asked(typed), scope)
        assert (answer.hits, answer.total, answer.facets, answer.spelling) == ([], 0, {}, ""), typed
    assert engine.search(asked("stationnement"), scope).total == 10
    assert engine.search(asked("stationnement"), scope).facets["theme"] == [("1", 10)]
    assert engine.search(asked("parking"), scope).hits[0].more == 0
    assert engine.search(asked("", theme=("secret",)), scope).total == 0
    assert engine.suggest("marq", scope) == engine.suggest("confid", scope) == []
    assert engine.similar("Marqueur confidentiel secretissime", "", scope) == []
    for typed in ("secretisime", "marquer", "confidantiel"):
        assert engine.search(asked(typed), scope).spelling == "", typed


def test_a_word_known_only_behind_a_closed_door_is_corrected_as_any_unknown_word(holding):
    engine = holding(
        *[matter(f"topic:{n}", "Citerne enterrée") for n in range(1, 5)],
        matter("topic:9", "Citerme", audience=("members",)),
    )
    assert engine.search(asked("citerme"), PUBLIC).spelling == "Citerne".lower()


def test_nobody_finds_nothing(holding):
    engine = holding(matter("topic:1", "Noue"))
    nobody = Scope(frozenset())
    assert engine.search(asked("noue"), nobody).total == 0
    assert engine.suggest("noue", nobody) == []
    assert engine.similar("noue", "", nobody) == []


def test_a_viewer_with_many_closed_things(holding):
    engine = holding(matter("topic:1", "Noue", containers=("topic:1", "space:3")), matter("topic:2", "Noue"))
    closed = Scope(frozenset({"public"}), frozenset({"space:3", *(f"topic:{n}" for n in range(5000, 6500))}))
    assert keys(engine, "noue", closed) == ["topic:2"]


def test_a_container_is_its_whole_key(holding):
    engine = holding(matter("topic:1", "Noue", containers=("topic:1", "space:33")))
    assert keys(engine, "noue", Scope(frozenset({"public"}), frozenset({"space:3", "pace:33"}))) == ["topic:1"]


def test_a_correction_tells_nothing_of_what_is_closed(holding):
    """Not by a form that only a closed text writes, nor by what stands nearer, or more often, behind a closed door."""
    closed = ("members",)
    engine = holding(
        matter("topic:1", "Le garage Martin", "et zorbalu"),
        matter("topic:2", "Martine est licenciée", audience=closed),
        *[matter(f"topic:{n}", f"Zorbal{letter}", audience=closed) for n, letter in enumerate("aeioy", 3)],
    )
    assert engine.search(asked("martime"), PUBLIC).spelling == "martin"
    assert engine.search(asked("zorbalx"), PUBLIC).spelling == "zorbalu"
