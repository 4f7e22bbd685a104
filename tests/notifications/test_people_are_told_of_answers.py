"""Told of an answer: one line per topic until read, live; a mail after a minute unless read; rights asked then."""

import re
from datetime import timedelta
from email import message_from_bytes
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.core.cache import cache
from django.utils import timezone

from changes import change, streams
from changes.models import Fact
from forum import actions
from forum.models import Space
from members.actions import end_membership, give_role
from members.models import Follow, Level, Membership, Person, Role, Scope
from members.viewer import Viewer
from notifications import queries
from notifications.models import Notification, QueuedMail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage]


@pytest.fixture
def people(make_person) -> dict[str, Viewer]:
    made = {name: make_person(f"{name}@collectivite.example") for name in ("asker", "helper", "other")}
    made["office"] = make_person("bureau@club.example", role=Role.NATIONAL_OFFICE)
    with change(by="test"):
        Person.objects.update(joined_at=timezone.now() - timedelta(days=30))
    return {name: Viewer.of(Person.objects.get(pk=person.pk)) for name, person in made.items()}


@pytest.fixture
def space():
    return actions.open_space(slug="national", title="Espace national", audience="public", by="test")


@pytest.fixture
def topic(space, people):
    return actions.start_topic(space=space, title="Qui entretient les noues ?", source="Deux.", by=people["asker"])


def say(topic, by: Viewer, text: str = "Une fauche par an."):
    return actions.reply_to_topic(topic_id=topic.pk, source=text, by=by)


def a_minute_passes(work) -> None:
    work()
    Fact.objects.filter(done_at=None).update(not_before=timezone.now())
    work()


def mails_to(viewer: Viewer) -> list[QueuedMail]:
    return [mail for mail in QueuedMail.objects.order_by("pk") if mail.to == [viewer.person.email]]


def test_the_author_and_who_replied_are_told_never_of_their_own(topic, people, work):
    say(topic, people["helper"])
    work()
    assert [queries.bell(people[name]) for name in ("asker", "helper", "other")] == [1, 0, 0]
    say(topic, people["asker"], "Merci.")
    work()
    assert [queries.bell(people[name]) for name in ("asker", "helper", "other")] == [1, 1, 0]
    assert Notification.objects.get(person=people["asker"].person).get_reason_display() == (
        "Vous avez ouvert cette discussion"
    )


def test_one_line_per_topic_until_it_is_read_by_any_way(client, topic, people, work):
    for number in range(3):
        say(topic, people["helper"], f"Réponse {number}")
    work()
    client.force_login(people["asker"].person)
    page = client.get("/notifications/").content.decode()
    assert page.count("club-line__title") == 1
    assert "3\u00a0nouveaux messages" in page
    assert "Notifications (1)" in page
    client.get(topic.get_absolute_url())
    assert queries.bell(people["asker"]) == 0
    assert "Notifications (" not in client.get("/notifications/").content.decode()
    say(topic, people["helper"], "Encore.")
    work()
    assert Notification.objects.filter(person=people["asker"].person).count() == 1
    assert queries.bell(people["asker"]) == 1


def test_their_own_stream_is_told_on_every_tab(topic, people, work):
    stream = f"person:{people['asker'].person.pk}"
    before = streams.stand(stream, "own").pos
    say(topic, people["helper"])
    work()
    assert streams.stand(stream, "own").pos == before + 1
    topic.refresh_from_db()
    actions.mark_read(topic=topic, number=2, by=people["asker"])
    assert streams.stand(stream, "own").pos == before + 2, "reading in one tab clears the others"


def test_a_mail_leaves_after_a_minute_with_what_is_unread(topic, people, work):
    say(topic, people["helper"], "Une fauche par an.")
    work()
    assert not mails_to(people["asker"]), "the author may still withdraw"
    say(topic, people["helper"], "Ou deux.")
    a_minute_passes(work)
    (mail,) = mails_to(people["asker"])
    assert mail.state == QueuedMail.State.SENT
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mails_to(people["helper"]) == []


def test_the_mail_says_what_whom_and_how_to_stop(topic, people, settings, work):
    from notifications.replies import mail_about_replies

    reply = say(topic, people["helper"], "Une fauche par an.")
    work()
    fact = Fact.objects.get(kind="mail.reply")
    assert 50 < (fact.not_before - reply.created_at).total_seconds() <= 60
    mail_about_replies(fact)
    (mail,) = mails_to(people["asker"])
    for part in (mail.text, mail.html):
        assert "Une fauche par an." in part
        assert "Qui entretient les noues" in part
        assert f"/forum/discussions/{topic.pk}/non-lu/" in part
        assert "/notifications/ne-plus-suivre/" in part
    assert mail.subject == topic.title
    mail_about_replies(fact)
    assert len(mails_to(people["asker"])) == 1, "a fact that is done twice sends one mail"


def test_nothing_is_mailed_of_what_was_read_withdrawn_or_hidden_meanwhile(topic, people, work):
    first = say(topic, people["helper"])
    work()
    actions.delete_post(post_id=first.pk, by=people["helper"])
    a_minute_passes(work)
    assert mails_to(people["asker"]) == []
    second = say(topic, people["helper"], "Autre.")
    work()
    actions.hide_post(post_id=second.pk, reason="Hors sujet", by=people["office"])
    a_minute_passes(work)
    assert mails_to(people["asker"]) == []
    say(topic, people["helper"], "Encore autre.")
    work()
    topic.refresh_from_db()
    actions.mark_read(topic=topic, number=topic.last_number, by=people["asker"])
    a_minute_passes(work)
    assert mails_to(people["asker"]) == []


def test_no_second_mail_before_the_first_was_read(topic, people, work):
    say(topic, people["helper"])
    a_minute_passes(work)
    say(topic, people["helper"], "Encore.")
    a_minute_passes(work)
    assert len(mails_to(people["asker"])) == 1
    topic.refresh_from_db()
    actions.mark_read(topic=topic, number=topic.last_number, by=people["asker"])
    say(topic, people["helper"], "Et encore.")
    a_minute_passes(work)
    assert len(mails_to(people["asker"])) == 2


def test_a_right_lost_meanwhile_takes_bell_and_mail_away(people, work):
    reserved = actions.open_space(slug="membres", title="Entre membres", audience="members", by="test")
    topic = actions.start_topic(space=reserved, title="Un sujet entre nous", source="Bonjour", by=people["asker"])
    say(topic, people["helper"])
    work()
    assert queries.bell(people["asker"]) == 1
    end_membership(Membership.objects.get(person=people["asker"].person), by=people["office"])
    cache.clear()
    gone = Viewer.of(Person.objects.get(pk=people["asker"].person.pk))
    assert queries.bell(gone) == 0
    a_minute_passes(work)
    assert mails_to(people["asker"]) == []
    say(topic, people["helper"], "Et maintenant ?")
    work()
    assert Fact.objects.filter(kind="mail.reply", done_at=None).count() == 0


def test_whoever_stopped_following_hears_nothing_even_after_replying(client, topic, people, work):
    client.force_login(people["asker"].person)
    client.post(f"/forum/discussions/{topic.pk}/suivre/", {"stop": "1"})
    say(topic, people["asker"], "Je précise.")
    say(topic, people["helper"])
    a_minute_passes(work)
    assert queries.bell(people["asker"]) == 0
    assert mails_to(people["asker"]) == []
    client.post(f"/forum/discussions/{topic.pk}/suivre/")
    say(topic, people["helper"], "Encore.")
    work()
    assert queries.bell(people["asker"]) == 1


def test_followers_of_a_space_hear_of_new_topics_by_the_bell_alone(client, space, people, work):
    client.force_login(people["other"].person)
    client.post(f"{space.get_absolute_url()}suivre/")
    topic = actions.start_topic(space=space, title="Une question nouvelle", source="Bonjour", by=people["asker"])
    a_minute_passes(work)
    assert queries.bell(people["other"]) == 1
    assert mails_to(people["other"]) == []
    say(topic, people["helper"])
    work()
    line = Notification.objects.get(person=people["other"].person)
    assert line.reason == Notification.Reason.SPACE


def test_a_new_topic_of_a_region_rings_its_correspondents_and_animators(referential, make_person, people, work):
    region = actions.open_space(slug="bretagne", title="Bretagne", audience="members", region_id="53", by="test")
    assert isinstance(region, Space)
    told = []
    for number, role in enumerate((Role.CORRESPONDENT, Role.FACILITATOR)):
        person = make_person(f"region{number}@etat.example")
        with change(by="test"):
            Person.objects.filter(pk=person.pk).update(joined_at=timezone.now() - timedelta(days=30))
            give_role(person, role, Scope.REGION, "53", by="test")
        told.append(Viewer.of(Person.objects.get(pk=person.pk)))
    actions.start_topic(space=region, title="Une difficulté nouvelle", source="Bonjour", by=people["asker"])
    a_minute_passes(work)
    for viewer in told:
        assert queries.bell(viewer) == 1
        assert len(mails_to(viewer)) == 1
    assert queries.bell(people["other"]) == 0


def test_the_link_of_a_mail_acts_on_post_alone_and_only_on_its_topic(client, topic, people, work):
    from notifications.unsubscribing import unsubscribe_link

    address = urlsplit(unsubscribe_link(people["asker"].person, "topic", topic.pk)).path
    page = client.get(address)
    assert page.status_code == 200
    assert topic.title not in page.content.decode(), "a mail may have been forwarded"
    assert Follow.objects.get(person=people["asker"].person).level == Level.WATCHED
    assert client.post(address).status_code == 200
    assert Follow.objects.get(person=people["asker"].person).level == Level.MUTED
    assert client.get("/notifications/").status_code == 302, "it signs nobody in"
    older = signing.dumps([people["asker"].person.pk, topic.pk], salt="notifications.unsubscribe")
    assert client.get(f"/notifications/ne-plus-suivre/{older}/").status_code == 200, "links of older mails still work"
    for bad in ("x", address.split("/")[-2][:-3] + "abc"):
        assert client.post(f"/notifications/ne-plus-suivre/{bad}/").status_code == 404


def test_holders_of_a_token_are_those_whose_tokens_hold_it(referential, make_person, people):
    from members.audiences import compute_rights
    from members.readers import holders_of

    give_role(people["other"].person, Role.CORRESPONDENT, Scope.REGION, "53", by="test")
    give_role(people["helper"].person, Role.GUEST, Scope.TOPIC, "9", by="test")
    end_membership(Membership.objects.get(person=people["helper"].person), by=people["office"])
    now = timezone.now() + timedelta(seconds=1)
    org = Membership.objects.get(person=people["asker"].person).organisation_id
    for token in ("public", "members", "region:53", "region:84", f"org:{org}", "org:999", "person:1", "region:", ""):
        held = {person.pk for person in Person.objects.all() if token in compute_rights(person, now).tokens}
        if token.startswith("person:"):
            held = set()
        assert set(holders_of(token, now).values_list("pk", flat=True)) == held, token


def test_what_an_smtp_server_receives(topic, people, settings, work):
    import socket

    from aiosmtpd.controller import Controller

    received = []

    class Box:
        async def handle_DATA(self, server, session, envelope):
            received.append(message_from_bytes(envelope.content))
            return "250 OK"

    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    controller = Controller(Box(), hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    try:
        say(topic, people["helper"])
        a_minute_passes(work)
    finally:
        controller.stop()
    (mail,) = received
    assert [part.get_content_type() for part in mail.walk()][1:] == ["text/plain", "text/html"]
    assert re.fullmatch(r"<topic-\d+@[\w.]+>", mail["References"])
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"].strip().startswith("<http")
    assert not any(name.startswith("X-Club") for name in mail.keys())  # noqa: SIM118 - a message is no mapping
