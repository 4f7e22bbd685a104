"""A visitor's page is kept whole, never out of date, never somebody else's, whatever happened meanwhile."""

from __future__ import annotations

import contextlib
import random
from datetime import timedelta

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forum import actions
from forum.models import Kind, Post, Topic
from members.models import Role
from members.rules import NotAllowed
from members.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def people(make_person) -> dict[str, Viewer]:
    office = make_person("bureau@club.example", role=Role.NATIONAL_OFFICE)
    return {"member": Viewer.of(make_person()), "office": Viewer.of(office)}


@pytest.fixture
def space(db):
    return actions.open_space(slug="national", title="Espace national", audience="public", by="test")


@pytest.fixture
def topic(space, people) -> Topic:
    return actions.start_topic(
        space=space, title="Une discussion", source="Ici.", kind=Kind.DIFFICULTY, by=people["member"]
    )


def cost(client: Client, address: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(address, headers=headers)
    return len(captured)


def test_the_second_visitor_costs_one_query_and_gets_the_same(topic):
    address = topic.get_absolute_url()
    first = Client().get(address)
    client = Client()
    assert cost(client, address) == 1
    again = client.get(address)
    assert again.content == first.content
    assert dict(again.items()) == dict(first.items())
    assert "Content-Security-Policy" in again.headers
    assert not again.cookies


def test_browsers_ask_again_with_what_they_hold(topic, people):
    first = Client().get(topic.get_absolute_url())
    assert first["Cache-Control"] == "no-cache"
    tag = {"If-None-Match": first["ETag"]}
    answer = Client().get(topic.get_absolute_url(), headers=tag)
    assert (answer.status_code, answer.content) == (304, b"")
    actions.reply_to_topic(topic_id=topic.pk, source="Du nouveau.", by=people["member"])
    answer = Client().get(topic.get_absolute_url(), headers=tag)
    assert answer.status_code == 200
    assert "Du nouveau." in answer.content.decode()


def test_whoever_is_signed_in_is_neither_answered_from_it_nor_kept(topic, people):
    client = Client()
    client.force_login(people["office"].person)
    mine = client.get(topic.get_absolute_url()).content.decode()
    assert "Masquer" in mine
    theirs = Client().get(topic.get_absolute_url()).content.decode()
    assert "Masquer" not in theirs
    assert "Se déconnecter" not in theirs
    assert "Masquer" in client.get(topic.get_absolute_url()).content.decode()


def test_what_says_no_or_leads_on_is_not_kept(topic, space, people):
    client = Client()
    missing = "/forum/discussions/999-rien/"
    assert client.get(missing).status_code == 404
    assert client.get(f"/forum/discussions/{topic.pk}/").status_code == 301
    made = actions.start_topic(space=space, title="Une autre", source="Là.", by=people["member"])
    assert client.get(made.get_absolute_url()).status_code == 200
    assert client.head(topic.get_absolute_url()).status_code == 200
    long = f"{topic.get_absolute_url()}?x={'a' * 400}"
    client.get(long)
    assert cost(client, long) > 1


def test_a_packed_page_is_not_given_to_whoever_cannot_unpack_it(topic):
    packed = Client().get(topic.get_absolute_url(), headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in Client().get(topic.get_absolute_url()).headers
    assert Client().get(topic.get_absolute_url(), headers={"Accept-Encoding": "gzip"}).content == packed.content


ACTS = ["reply", "edit", "hide", "show", "move", "hide_topic", "show_topic", "accept", "pin", "close", "reopen"]


@pytest.mark.parametrize("seed", range(6))
def test_after_whatever_happened_a_kept_page_is_a_fresh_one(settings, topic, space, people, seed):
    """Random acts; after each, a few pages as visitors get them equal those made anew."""
    dice = random.Random(seed)
    reserved = actions.open_space(slug="membres", title="Entre membres", audience="members", by="test")
    member, office = people["member"], people["office"]
    without = [name for name in settings.MIDDLEWARE if name != "club.visitors.visitors"]

    def act() -> None:
        one = dice.choice(list(Topic.objects.all()))
        post = dice.choice(list(Post.objects.filter(topic=one)))
        match dice.choice(ACTS):
            case "reply":
                actions.reply_to_topic(topic_id=one.pk, source=f"Réponse {dice.random()}", by=member)
            case "edit":
                actions.edit_post(
                    post_id=post.pk, revision=post.revision, source=f"Autrement {dice.random()}", by=member
                )
            case "hide":
                actions.hide_post(post_id=post.pk, reason="Hors sujet", by=office)
            case "show":
                actions.show_post(post_id=post.pk, by=office)
            case "move":
                actions.move_topic(topic_id=one.pk, target=dice.choice([space, reserved]), by=office)
            case "hide_topic":
                actions.hide_topic(topic_id=one.pk, reason="Hors sujet", by=office)
            case "show_topic":
                actions.show_topic(topic_id=one.pk, by=office)
            case "accept":
                actions.accept_answer(post_id=post.pk, by=office)
            case "close":
                actions.close_topic(topic_id=one.pk, reason="Fini", by=office)
            case "reopen":
                actions.reopen_topic(topic_id=one.pk, by=office)
            case "pin":
                actions.pin_topic(topic_id=one.pk, until=timezone.now() + timedelta(days=1), by=office)

    compared = 0
    for _ in range(40):
        with contextlib.suppress(NotAllowed):  # nothing changed then; the pages are compared all the same
            act()
        for address in ("/forum/", space.get_absolute_url(), topic.get_absolute_url()):
            kept = Client().get(address)
            with_all = settings.MIDDLEWARE
            settings.MIDDLEWARE = without
            fresh = Client().get(address)
            settings.MIDDLEWARE = with_all
            assert (kept.status_code, kept.content) == (fresh.status_code, fresh.content), address
            compared += 1
    assert compared == 120


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_database_ended_is_made_again(topic):
    address = topic.get_absolute_url()
    first = Client().get(address)
    lose(connection)
    assert Client().get(address).content == first.content


def lose(connection: BaseDatabaseWrapper) -> None:
    """What a restart of PostgreSQL does to a connection that a process holds; SQLite’s is at most closed."""
    if connection.vendor == "sqlite":
        connection.close()
        return
    other = connection.copy()
    with connection.cursor() as mine, other.cursor() as theirs:
        mine.execute("SELECT pg_backend_pid()")
        theirs.execute("SELECT pg_terminate_backend(%s, 2000)", mine.fetchone())
    other.close()
