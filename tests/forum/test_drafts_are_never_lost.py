"""Drafts: found again anywhere, never overwritten by an older page, ended by publishing, everybody's own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.utils import timezone

from changes import change
from forum import actions
from forum.consumers import forget_ended_drafts
from forum.drafting import LIMIT, OlderDraft, draft_for, drafts_of
from forum.models import Draft
from members.rules import NotAllowed
from members.viewer import VISITOR_VIEWER

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def signed_in(client, reader):
    client.force_login(reader.person)
    return client


def save(by, target: str, sequence: int, text: str) -> int:
    return actions.save_draft(target=target, sequence=sequence, content={"source": text}, by=by).sequence


def test_what_was_begun_stands_in_the_form_and_in_the_list(signed_in, topic, space):
    form = {"target": topic.stream, "sequence": "0", "source": "Chez nous, deux"}
    assert signed_in.post("/forum/brouillons/enregistrer/", form).json()["sequence"] == 1
    assert "Chez nous, deux</textarea>" in signed_in.get(topic.get_absolute_url()).content.decode()
    assert "Chez nous, deux" in signed_in.get("/forum/brouillons/").content.decode()
    form = {"target": f"{space.stream}:difficulty", "sequence": "0", "title": "Qui paie", "tried": "Rien"}
    assert signed_in.post("/forum/brouillons/enregistrer/", {**form, "commitments": ["3", "19"]}).status_code == 200
    page = signed_in.get(f"/forum/{space.slug}/nouvelle-discussion/difficulte/").content.decode()
    assert 'value="Qui paie"' in page
    assert "Rien</textarea>" in page


def test_an_older_page_never_overwrites_a_newer_draft(signed_in, topic, reader):
    first = save(reader, topic.stream, 0, "un")
    second = save(reader, topic.stream, first, "deux")
    with pytest.raises(OlderDraft):
        save(reader, topic.stream, first, "un, encore")
    assert draft_for(reader, topic.stream).content == {"source": "deux"}
    form = {"target": topic.stream, "sequence": str(first), "source": "un, encore"}
    told = signed_in.post("/forum/brouillons/enregistrer/", form)
    assert (told.status_code, told.json()["sequence"]) == (409, second)


def test_publishing_ends_the_draft_and_a_saving_under_way_does_not_revive_it(topic, reader):
    kept = save(reader, topic.stream, 0, "Une fauche")
    actions.reply_to_topic(topic_id=topic.pk, source="Une fauche.", by=reader)
    assert drafts_of(reader) == []
    with pytest.raises(OlderDraft):
        save(reader, topic.stream, kept, "Une fauche.")
    assert drafts_of(reader) == []


def test_a_first_saving_that_arrives_after_the_publication_finds_it_newer(topic, reader):
    actions.reply_to_topic(topic_id=topic.pk, source="Une fauche.", by=reader)
    with pytest.raises(OlderDraft):
        save(reader, topic.stream, 0, "Une fauche.")
    assert drafts_of(reader) == []
    assert save(reader, topic.stream, draft_for(reader, topic.stream).sequence, "Une autre")


def test_the_same_saving_sent_twice_is_one(topic, reader):
    assert save(reader, topic.stream, 0, "un") == save(reader, topic.stream, 0, "un") == 1


def test_a_draft_is_its_authors_alone_and_only_where_they_may_write(client, topic, reserved, reader, author):
    save(reader, topic.stream, 0, "à moi")
    assert draft_for(author, topic.stream) is None
    with pytest.raises(NotAllowed):
        save(VISITOR_VIEWER, topic.stream, 0, "personne")
    form = {"target": topic.stream, "sequence": "0", "source": "a"}
    assert client.post("/forum/brouillons/enregistrer/", form).status_code == 404
    client.force_login(reader.person)
    post = topic.posts.get()
    for target in (
        f"post:{post.pk}",
        "topic:999",
        "space:",
        "topic:x",
        "autre:1",
        "",
        "space:99999999999999999999",
        "space:1",
        "space:1:x",
        "topic:01",
    ):
        answer = client.post("/forum/brouillons/enregistrer/", {**form, "target": target})
        assert answer.status_code == 404, target
    client.force_login(author.person)
    assert client.post("/forum/brouillons/enregistrer/", {**form, "target": f"post:{post.pk}"}).status_code == 200


def test_a_draft_of_a_place_that_is_closed_to_its_author_is_still_theirs_to_read(signed_in, topic, reader, moderator):
    save(reader, topic.stream, 0, "Trois phrases que je garde.")
    actions.hide_topic(topic_id=topic.pk, reason="Hors sujet", by=moderator)
    page = signed_in.get("/forum/brouillons/").content.decode()
    assert "Trois phrases que je garde." in page
    assert topic.title not in page


def test_a_draft_thrown_away_is_gone(signed_in, topic, reader):
    save(reader, topic.stream, 0, "non")
    signed_in.post("/forum/brouillons/supprimer/", {"target": topic.stream})
    assert drafts_of(reader) == []


def test_what_is_left_of_ended_drafts_goes_after_a_day_and_no_text_does(topic, space, reader):
    save(reader, space.stream, 0, "à garder")
    actions.reply_to_topic(topic_id=topic.pk, source="Une fauche.", by=reader)
    with change(by="test"):
        Draft.objects.update(saved_at=timezone.now() - timedelta(days=2))
    forget_ended_drafts()
    assert [draft.content for draft in Draft.objects.all()] == [{"source": "à garder"}]


def test_one_person_keeps_a_hundred_drafts(reader):
    with change(by="test"):
        for number in range(LIMIT + 5):
            Draft.objects.create(person=reader.person, target=f"topic:{number}", sequence=1, content={"source": "a"})
    save(reader, "topic:7", 1, "b")
    assert Draft.objects.count() == LIMIT


@pytest.mark.parametrize("kind", ["difficulte", "question"])
def test_a_preview_is_what_will_be_published(signed_in, space, topic, kind):
    source = "**Deux** fauches <script>alert(1)</script>\n\n- l’une\n- l’autre"
    shown = signed_in.post("/forum/apercu/", {"source": source}).content.decode()
    post = actions.reply_to_topic(topic_id=topic.pk, source=source, by=actions_author(topic))
    assert shown == post.html
    form = {"title": "Un titre assez long", "source": source, "tried": "Rien.", "preview": "1"}
    page = signed_in.post(f"/forum/{space.slug}/nouvelle-discussion/{kind}/", form).content.decode()
    assert post.html in page
    assert ("Déjà tenté</h3>" in page) == (kind == "difficulte")
    page = signed_in.post(topic.get_absolute_url(), {"source": source, "preview": "1"}).content.decode()
    assert post.html in page
    assert topic.posts.count() == 2


def actions_author(topic):
    from members.viewer import Viewer

    return Viewer.of(topic.author)


def test_visitors_preview_nothing(client):
    assert client.post("/forum/apercu/", {"source": "a"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_pages_that_save_at_once_lose_nothing_unsaid(topic, reader):
    def attempt(number: int) -> str:
        from django.db import connection

        try:
            save(reader, topic.stream, 0, f"page {number}")
        except OlderDraft:
            return "told"
        finally:
            connection.close()
        return f"page {number}"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, range(4)))
    (kept,) = [outcome for outcome in outcomes if outcome != "told"]
    assert draft_for(reader, topic.stream).content == {"source": kept}
