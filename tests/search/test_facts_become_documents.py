"""What is written, changed, hidden, moved is found as it is now, and never more than one may read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from wagtail.models import Page

from changes import change, facts
from changes.models import Embargo, Fact
from cms.models import StandardPage
from forum import actions
from forum.models import Post, State
from members.viewer import VISITOR_VIEWER
from search import answering, rebuilding
from search.core.asking import Request, read
from search.engines import choosing
from search.engines.base import EngineAway
from search.indexing import version_now
from search.rights import scope_of
from search.sources import build

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def found(text: str, viewer=VISITOR_VIEWER) -> list[str]:
    return [hit.key for hit in answering.search(Request(read(text)), viewer).found.hits]


def told(engine, text: str, viewer=VISITOR_VIEWER) -> int:
    """How many the engine itself counts under the viewer's rights: nothing corrects it afterwards."""
    return engine.search(Request(read(text)), scope_of(viewer)).total


def test_a_topic_is_found_once_indexed_and_its_replies_under_it(engine, work, spaces, person):
    anne = person("anne", "53")
    topic = actions.start_topic(space=spaces["public"], title="Entretien des noues", source="Qui paie ?", by=anne)
    actions.reply_to_topic(topic_id=topic.pk, source="La métropole fauche deux fois par an.", by=anne)
    work()
    assert found("noue") == [f"topic:{topic.pk}"]
    (hit,) = answering.search(Request(read("fauche métropole")), VISITOR_VIEWER).found.hits
    assert hit.root == f"topic:{topic.pk}"
    assert told(engine, "fauche") == 1


def test_a_reply_is_covered_only_where_its_discussion_says_all_of_it(spaces, person):
    people = [person(f"personne{n}", "53") for n in range(3)]
    topic = actions.start_topic(space=spaces["public"], title="Les noues", source="Qui tond ?", by=people[0])
    for number in range(2, 36):
        text = f"Réponse {number} " + ("mot " * 500 if number % 7 == 0 else "courte")
        actions.reply_to_topic(topic_id=topic.pk, source=text, by=people[number % 3])
    hidden = Post.objects.get(topic=topic, number=5)
    Post.objects.filter(pk=hidden.pk).update(state=State.HIDDEN)
    (whole,) = build([f"topic:{topic.pk}"])
    replies = build(
        [f"post:{pk}" for pk in Post.objects.filter(topic=topic, number__gt=1).values_list("pk", flat=True)]
    )
    covered = {one.key for one in replies if one.covered}
    assert len(covered) == len([n for n in range(2, 31) if n != 5 and n % 7])
    for one in replies:
        if one.covered:
            assert one.text in whole.replies
            assert set(one.people.split()) <= set(whole.voices.split())
    assert hidden.text not in whole.replies


def test_many_facts_are_written_at_once_and_each_document_once(engine, spaces, person, monkeypatch):
    anne = person("anne", "53")
    topic = actions.start_topic(space=spaces["public"], title="Entretien des noues", source="Qui paie ?", by=anne)
    replies = [actions.reply_to_topic(topic_id=topic.pk, source=f"Fauche {n}.", by=anne) for n in range(9)]
    taken = [fact for fact in facts.claim("search") if fact.kind == "forum.post"]
    assert len(taken) == 10
    written, bulk = [], type(engine).bulk

    def counting(self, matters, *rest, **others):
        written.append(sorted(one.key for one in matters))
        return bulk(self, matters, *rest, **others)

    monkeypatch.setattr(type(engine), "bulk", counting)
    assert facts.work_together(taken)
    assert written == [sorted([f"topic:{topic.pk}", *(f"post:{one.pk}" for one in replies)])]
    assert not Fact.objects.filter(pk__in=[fact.pk for fact in taken], done_at=None).exists()


def test_an_edited_text_is_found_by_its_new_words_only(engine, work, spaces, person):
    anne = person("anne", "53")
    topic = actions.start_topic(space=spaces["public"], title="Sans accent", source="Une citrouille.", by=anne)
    work()
    post = topic.posts.get()
    actions.edit_post(post_id=post.pk, source="Un potimarron.", revision=post.revision, by=anne)
    work()
    assert found("potimarron") == [f"topic:{topic.pk}"]
    assert found('"citrouille"') == []


def test_what_is_hidden_is_found_by_nobody_from_the_same_moment_on(engine, work, spaces, person, office):
    anne = person("anne", "53")
    topic = actions.start_topic(space=spaces["public"], title="Une discussion", source="Du gravier.", by=anne)
    reply = actions.reply_to_topic(topic_id=topic.pk, source="Un mot : zorglub.", by=anne)
    work()
    assert told(engine, "zorglub") == 1
    actions.hide_post(post_id=reply.pk, reason="Hors sujet", by=office)
    assert told(engine, "zorglub") == 0, "before any worker"
    assert Embargo.objects.exists()
    work()
    assert told(engine, "zorglub") == 0
    assert told(engine, "gravier") == 1, "the rest is back"
    assert not Embargo.objects.exists()
    actions.show_post(post_id=reply.pk, by=office)
    work()
    assert told(engine, "zorglub") == 1
    actions.hide_topic(topic_id=topic.pk, reason="Doublon", by=office)
    assert told(engine, "gravier") == told(engine, "zorglub") == 0


def test_a_topic_that_moves_to_a_narrower_space_leaves_the_others_at_once(engine, work, spaces, person, office):
    anne, noe = person("anne", "53"), person("noe", "84")
    topic = actions.start_topic(space=spaces["members"], title="Zorglub", source="Là.", by=anne)
    work()
    assert told(engine, "zorglub", noe) == 1
    actions.move_topic(topic_id=topic.pk, target=spaces["region"], by=office)
    assert told(engine, "zorglub", noe) == told(engine, "zorglub", anne) == 0, (
        "kept back from everybody, not yet indexed"
    )
    work()
    assert told(engine, "zorglub", anne) == 1
    assert told(engine, "zorglub", noe) == 0


def test_a_space_that_changes_its_readers_changes_them_without_indexing(engine, work, spaces, person, office):
    anne, noe = person("anne", "53"), person("noe", "84")
    actions.start_topic(space=spaces["members"], title="Zorglub", source="Là.", by=anne)
    work()
    space = spaces["members"]
    fields = {"audience": "region:53", "region_id": "53", "kind": "regional"}
    actions.keep_space(space=space, slug=space.slug, title=space.title, **fields, by=office)
    assert told(engine, "zorglub", noe) == 0
    assert told(engine, "zorglub", anne) == 1


def test_a_page_is_found_while_it_is_published(engine, work, publish, home):
    page = publish("Les toits", "Des sédums sur le zorglub.")
    work()
    assert found("zorglub") == [f"page:{page.pk}"]
    page.unpublish()
    assert told(engine, "zorglub") == 0, "before any worker"
    work()
    assert told(engine, "zorglub") == 0
    page.save_revision().publish()
    work()
    assert found("zorglub") == [f"page:{page.pk}"]


def test_a_page_that_a_script_made_without_publishing_it_is_found_too(engine, home):
    with change(by="test"):
        page = home.add_child(instance=StandardPage(title="Les toits", body=[("paragraph", "<p>Le zorglub.</p>")]))
        Page.objects.filter(pk=page.pk).update(
            first_published_at=None, last_published_at=None, latest_revision_created_at=None
        )
    matters = build([f"page:{page.pk}"])
    assert engine.bulk(matters, version_now(), refresh=True).failed == ()
    assert found("zorglub") == [f"page:{page.pk}"]
    assert build([f"page:{page.pk}"])[0].digest == matters[0].digest


def test_while_an_engine_is_away_facts_wait_and_no_failure_is_counted(
    engine, work, waiting, spaces, person, monkeypatch
):
    anne = person("anne", "53")
    work()
    topic = actions.start_topic(space=spaces["public"], title="Zorglub", source="Là.", by=anne)

    def away(*args, **options):
        raise EngineAway("éteint")

    with monkeypatch.context() as broken:
        broken.setattr(type(engine), "bulk", away)
        for _ in range(2 * 10):
            for fact in facts.claim("search"):
                assert not facts.work(fact)
            Fact.objects.filter(consumer="search", done_at=None).update(not_before="2020-01-01T00:00Z")
    left = Fact.objects.filter(consumer="search", done_at=None)
    assert left.exists()
    assert {(fact.attempt, fact.aside_at) for fact in left} == {(0, None)}
    choosing.circuit.answered()
    work()
    assert found("zorglub") == [f"topic:{topic.pk}"]


def test_an_older_reading_never_wins(engine, spaces, person, work):
    anne = person("anne", "53")
    topic = actions.start_topic(space=spaces["public"], title="Zorglub", source="Là.", by=anne)
    before, version = build([f"topic:{topic.pk}"]), version_now()
    work()
    post = topic.posts.get()
    actions.edit_post(post_id=post.pk, source="Un potimarron.", revision=post.revision, by=anne)
    work()
    assert engine.bulk(before, version, refresh=True).older == 1
    assert told(engine, "potimarron") == 1


def test_a_rebuild_changes_nothing_and_check_mends_what_differs(engine, work, spaces, person, publish):
    anne = person("anne", "53")
    topic = actions.start_topic(space=spaces["public"], title="Zorglub", source="Là.", by=anne)
    page = publish("Les toits", "Des sédums.")
    work()
    assert rebuilding.compare(engine).keys == []
    assert rebuilding.rebuild(engine) == rebuilding.total()
    assert rebuilding.compare(engine).keys == []
    assert found("zorglub") == [f"topic:{topic.pk}"]
    engine.delete([f"topic:{topic.pk}"], version_now(), refresh=True)
    engine.bulk([replace(build([f"page:{page.pk}"])[0], title="Ancien titre")], version_now(), refresh=True)
    differs = rebuilding.compare(engine)
    assert (differs.missing, differs.stale, differs.left_over) == ([f"topic:{topic.pk}"], [f"page:{page.pk}"], [])
    assert rebuilding.repair(differs) == 2
    assert rebuilding.compare(engine).keys == []


def test_a_document_that_is_refused_is_a_failure_and_holds_up_no_other(engine, work, spaces, person, monkeypatch):
    anne = person("anne", "53")
    work()
    bulk = type(engine).bulk

    def refusing(self, matters, version, *, refresh=False):
        poison = [one.key for one in matters if "poison" in one.title]
        written = bulk(self, [one for one in matters if one.key not in poison], version, refresh=refresh)
        return replace(written, failed=tuple(poison))

    monkeypatch.setattr(type(engine), "bulk", refusing)
    actions.start_topic(space=spaces["public"], title="Du poison", source="Là.", by=anne)
    topic = actions.start_topic(space=spaces["public"], title="Zorglub", source="Là.", by=anne)
    taken = facts.claim("search")
    assert {facts.work(fact) for fact in taken} == {True, False}
    left = list(Fact.objects.filter(consumer="search", done_at=None))
    assert left
    assert all(fact.attempt == 1 and "Refused" in fact.error for fact in left)
    for one in choosing.written():
        getattr(one, "refresh", int)()
    assert found("zorglub") == [f"topic:{topic.pk}"]
    assert not choosing.circuit.is_open


def test_however_much_is_under_embargo_nothing_of_it_is_found(engine, work, spaces, person):
    anne = person("anne", "53")
    topic = actions.start_topic(space=spaces["public"], title="Zorglub", source="Là.", by=anne)
    work()
    with change(by="test") as c:
        for number in range(10_000, 13_000):
            c.narrow("page", number)
        c.narrow("topic", topic.pk)
    assert told(engine, "zorglub") == 0


def test_the_embedded_engine_kept_warm_answers_and_the_page_says_it_may_know_less(engine, settings, monkeypatch):
    class Away:
        name = "elasticsearch"

        def search(self, *args, **options):
            raise EngineAway("éteint")

    away, warm = Away(), choosing.embedded()
    with monkeypatch.context() as changed:
        changed.setattr(choosing, "elastic", lambda: away)
        settings.SEARCH_KEEP_EMBEDDED = True
        for _ in range(5):
            answer = answering.search(Request(read("zorglub")), VISITOR_VIEWER)
            assert (answer.away, answer.partial) == (False, True)
        assert choosing.circuit.is_open
        assert choosing.written() == [away, warm]
        settings.SEARCH_KEEP_EMBEDDED = False
        assert answering.search(Request(read("zorglub")), VISITOR_VIEWER).away
