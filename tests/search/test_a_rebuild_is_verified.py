"""A new index takes the place of the former only once it holds what the database says, document by document."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from forum import actions
from members.viewer import VISITOR_VIEWER
from search import rebuilding, verifying
from search.core.asking import Request, read
from search.indexing import version_now
from search.rights import scope_of
from search.sources import SOURCES, build

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def told(engine, text: str) -> int:
    return engine.search(Request(read(text)), scope_of(VISITOR_VIEWER)).total


@pytest.fixture
def topics(engine, work, spaces, person):
    """Three of them, indexed."""
    anne = person("anne", "53")
    made = [
        actions.start_topic(space=spaces["public"], title=f"Zorglub {number}", source="Là.", by=anne)
        for number in range(3)
    ]
    work()
    return made


@pytest.fixture
def spoilt(engine, monkeypatch):
    """`spoilt(change)`: what a rebuild writes beside passes through `change(matters)` first."""

    def spoil(change):
        rebuild = type(engine).rebuild

        def rebuilt(self, batches, *, resume=False):
            yield from rebuild(self, ((change(list(matters)), version) for matters, version in batches), resume=resume)

        monkeypatch.setattr(type(engine), "rebuild", rebuilt)

    return spoil


def test_what_a_rebuild_lost_spoilt_or_made_up_is_mended_before_it_serves(engine, topics, spoilt, monkeypatch):
    first, second, third = (f"topic:{topic.pk}" for topic in topics)

    def change(matters):
        kept = [one for one in matters if one.key != first]
        kept = [replace(one, text="Un potimarron.") if one.key == second else one for one in kept]
        ghosts = [replace(one, key=f"topic:{topics[-1].pk + 50}") for one in kept if one.key == third]
        return kept + ghosts

    spoilt(change)
    written = []
    write = verifying._write
    monkeypatch.setattr(verifying, "_write", lambda engine, keys: written.extend(keys) or write(engine, keys))
    rebuilding.rebuild(engine)
    assert sorted(written) == sorted([first, second, f"topic:{topics[-1].pk + 50}"]), "these alone"
    assert rebuilding.compare(engine).keys == []
    assert told(engine, "zorglub") == 3
    assert told(engine, "potimarron") == 0


def test_where_the_difference_remains_the_former_serves_and_the_command_says_what_differs(
    engine, topics, spoilt, monkeypatch, capsys
):
    lost = f"topic:{topics[0].pk}"
    spoilt(lambda matters: [one for one in matters if one.key != lost])
    bulk = type(engine).bulk

    def refusing(self, matters, version, *, refresh=False):
        written = bulk(self, [one for one in matters if one.key != lost], version, refresh=refresh)
        return replace(written, failed=(f"{lost}: trop long",))

    with monkeypatch.context() as broken:
        broken.setattr(type(engine), "bulk", refusing)
        with pytest.raises(CommandError) as said:
            call_command("search", "rebuild", "--anew")
    assert "topic : 3 dans la base, 2 dans le nouvel index ; 1 diffèrent" in str(said.value)
    assert lost in str(said.value)
    assert "trop long" in str(said.value)
    assert told(engine, "zorglub") == 3, "the former"
    call_command("search", "rebuild")
    assert told(engine, "zorglub") == 3
    assert engine.listing(beside=True) == []
    assert "vérifiés" in capsys.readouterr().out


def test_what_changes_meanwhile_makes_no_rebuild_fail(engine, topics, spoilt, work, monkeypatch, person, spaces):
    """Neither what its fact has written, nor what waits to be, nor what changes between the two readings."""
    anne = person("marc", "53")
    once: list[str] = []

    def change(matters):
        if not once:
            once.append("changed")
            actions.reply_to_topic(topic_id=topics[0].pk, source="Un potimarron.", by=anne)
            work()
            actions.start_topic(space=spaces["public"], title="Zorglub 4", source="Ici.", by=anne)
            actions.reply_to_topic(topic_id=topics[2].pk, source="Sans attendre.", by=anne)
        return matters

    spoilt(change)
    write = verifying._write

    def moving(one, keys):
        refused = write(one, keys)
        actions.start_topic(space=spaces["public"], title="Zorglub 5", source="Ici.", by=anne)
        actions.reply_to_topic(topic_id=topics[2].pk, source="Une citrouille.", by=anne)
        return refused

    monkeypatch.setattr(verifying, "_write", moving)
    rebuilding.rebuild(engine)
    assert told(engine, "potimarron") == 1
    work()
    assert rebuilding.compare(engine).keys == []
    assert told(engine, "zorglub") == 5


def test_batches_that_agree_are_not_read_twice(engine, topics, monkeypatch):
    read_again = []
    build_topics = type(SOURCES["topic"]).build

    def counting(self, ids):
        read_again.append(list(ids))
        return build_topics(self, ids)

    monkeypatch.setattr(type(SOURCES["topic"]), "build", counting)
    rebuilding.rebuild(engine)
    assert read_again == [[topic.pk for topic in topics]]


def test_what_an_interrupted_rebuild_wrote_is_verified_too(engine, topics):
    first = build([f"topic:{topics[0].pk}"])
    spoilt = [replace(first[0], text="Un potimarron.")]
    next(engine.rebuild(iter([(spoilt, version_now())])))
    resumes = engine.name == "elasticsearch"  # the embedded one begins anew
    assert engine.resume_after() == (f"topic:{topics[0].pk}" if resumes else "")
    rebuilding.rebuild(engine)
    assert told(engine, "potimarron") == 0
    assert rebuilding.compare(engine).keys == []
