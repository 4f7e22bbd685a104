"""Reports: one per person, the list of those who moderate, both sides told, the journal; earlier texts and pins."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import date_format

from changes.models import JournalLine
from forum import actions, lists
from forum.consumers import end_pins
from forum.models import Post, PostRevision, Report, State
from forum.reporting import reports_for
from forum.versions import changed, versions_of
from members.models import Person, Role, Scope
from members.rules import NotAllowed
from members.viewer import VISITOR_VIEWER, Viewer
from notifications.models import Notice, QueuedMail
from notifications.notices import said

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def reporter(make_person) -> Viewer:
    return Viewer.of(make_person("signale@collectivite.example"))


@pytest.fixture
def reported(reply, reporter, moderator, work):
    actions.report_post(post_id=reply.pk, reason="off_topic", note="Voir le deuxième mot.", by=reporter)
    work()
    return reply


def test_a_report_is_one_per_person_and_its_moderators_are_told(client, reported, reporter, author, moderator, work):
    actions.report_post(post_id=reported.pk, reason="other", by=reporter)
    assert Report.objects.count() == 1
    assert [notice.kind for notice in Notice.objects.filter(person=moderator.person)] == ["reported"]
    client.force_login(moderator.person)
    page = client.get("/forum/moderation/").content.decode()
    assert "Hors sujet" in page
    assert reporter.person.get_full_name() in page
    assert [report.post for report in reports_for(author)] == []
    client.force_login(author.person)
    assert client.get("/forum/moderation/").status_code == 404
    assert client.get(f"/forum/moderation/{reported.pk}/").status_code == 404


def test_who_may_not_report(reply, reader, moderator):
    for by in (VISITOR_VIEWER, reader):  # reader wrote it
        with pytest.raises(NotAllowed):
            actions.report_post(post_id=reply.pk, reason="other", by=by)
    actions.hide_post(post_id=reply.pk, reason="Hors sujet", by=moderator)
    with pytest.raises(NotAllowed):
        actions.report_post(post_id=reply.pk, reason="other", by=moderator)


def test_kept_the_reporter_hears_why_and_the_author_nothing(client, reported, reporter, reader, moderator, work):
    client.force_login(moderator.person)
    form = {"answer": "Le ton est vif, mais c’est dans le sujet.", "outcome": "keep"}
    assert client.post(f"/forum/moderation/{reported.pk}/", form).url == "/forum/moderation/"
    work()
    assert Post.objects.get(pk=reported.pk).state == State.VISIBLE
    assert "Message conservé. Le ton est vif" in said(reporter)[0].detail
    assert not Notice.objects.filter(person=reader.person).exists()
    assert not reports_for(moderator).exists()
    line = JournalLine.objects.get(verb="decide_reports")
    assert (line.by, line.reason) == (moderator.key, form["answer"])
    journal = client.get("/forum/moderation/journal/").content.decode()
    assert "a décidé d’un signalement" in journal


def test_hidden_the_author_hears_the_reason_never_who_reported(client, reported, reporter, reader, moderator, work):
    client.force_login(moderator.person)
    client.post(f"/forum/moderation/{reported.pk}/", {"answer": "Publicité pour un produit.", "outcome": "hide"})
    work()
    assert Post.objects.get(pk=reported.pk).state == State.HIDDEN
    (notice,) = said(reader)
    assert "Publicité pour un produit." in notice.detail
    client.force_login(reader.person)
    page = client.get("/notifications/").content.decode()
    assert "Publicité pour un produit." in page
    assert reporter.person.email not in page
    assert not Notice.objects.filter(person=reader.person, read_at=None).exists()
    with time_machine.travel(timezone.now() + timedelta(seconds=90), tick=False):
        work()
    mails = QueuedMail.objects.filter(purpose="notice", state=QueuedMail.State.SENT)
    assert [mail.to for mail in mails] == [[reporter.person.email]]  # the author has read it on the site


def test_decided_twice_or_by_two_the_first_counts(reported, moderator, make_person):
    other = Viewer.of(make_person("autre@club.example", role=Role.MODERATOR))
    actions.decide_reports(post_id=reported.pk, hide=False, answer="Dans le sujet.", by=moderator)
    actions.decide_reports(post_id=reported.pk, hide=True, answer="Hors sujet.", by=other)
    assert Post.objects.get(pk=reported.pk).state == State.VISIBLE
    assert Report.objects.get().outcome == Report.Outcome.KEPT


def test_the_list_and_the_journal_are_those_of_the_spaces_one_moderates(client, space, reserved, reported, make_person):
    from members.actions import give_role

    person = make_person("un-espace@club.example")
    give_role(person, Role.MODERATOR, Scope.SPACE, str(reserved.pk), by="test")
    cache.clear()
    viewer = Viewer.of(Person.objects.get(pk=person.pk))
    actions.start_topic(space=reserved, title="Entre nous seulement", source="Ici.", by=viewer)
    client.force_login(person)
    assert not reports_for(viewer).exists()
    page = client.get("/forum/moderation/journal/").content.decode()
    assert "Entre nous seulement" in page
    assert "Qui entretient les noues" not in page


def test_the_journal_speaks_french_and_tells_the_bureau_whose_rights_were_looked_at(
    client, space, topic, reported, reporter, moderator, make_person
):
    office = make_person("bureau@club.example", role=Role.NATIONAL_OFFICE)
    until = timezone.now() + timedelta(days=5)
    actions.pin_topic(topic_id=topic.pk, until=until, everywhere=False, by=moderator)
    actions.hide_post(post_id=reported.pk, reason="Hors de propos", by=moderator)
    cache.clear()
    client.force_login(office)
    client.get("/forum/espaces/", {"personne": reporter.person.email})
    kept = {"title": space.title, "audience": "public"}
    JournalLine.objects.create(
        by=f"person:{office.pk}", verb="change", kind="space", object_id=str(space.pk),
        before={**kept, "parent": 3}, after={**kept, "audience": "members", "parent": 4},
    )  # fmt: skip
    page = client.get("/forum/moderation/journal/").content.decode().replace("\u00a0", " ")
    assert f"a regardé les droits d’une personne : {reporter.person.get_full_name()}" in page
    assert "a masqué un message" in page
    assert f"jusqu’au {date_format(timezone.localtime(until), 'j F Y')}" in page
    assert "avant : lecteurs : tout le monde · après : lecteurs : les membres" in page
    assert not {"everywhere", "False", "parent"} & set(re.findall(r"\w+", re.sub(r"<[^>]*>", " ", page)))
    client.force_login(make_person("modere@club.example", role=Role.MODERATOR))
    told = client.get("/forum/moderation/journal/").content.decode()
    assert "a masqué un message" in told
    assert "a regardé les droits" not in told


def test_an_edit_keeps_what_it_replaced_once_somebody_could_lean_on_it(client, topic, reply, author, reader, moderator):
    actions.edit_post(post_id=reply.pk, revision=1, source="Deux fauches par an.", by=reader)
    assert not PostRevision.objects.exists()  # within five minutes, nobody answered
    actions.reply_to_topic(topic_id=topic.pk, source="Merci.", by=author)
    actions.edit_post(post_id=reply.pk, revision=2, source="Trois fauches par an.", by=reader)
    assert PostRevision.objects.get().text == "Deux fauches par an."
    client.force_login(author.person)
    page = client.get(f"/forum/messages/{reply.pk}/versions/").content.decode()
    assert "<del>Deux </del><ins>Trois </ins>" in page
    assert [version.hidden for version in versions_of(Post.objects.get(pk=reply.pk), with_hidden=True)] == [False] * 2
    with pytest.raises(NotAllowed):
        actions.hide_version(post_id=reply.pk, revision=2, by=author)
    actions.hide_version(post_id=reply.pk, revision=2, by=moderator)
    assert "Deux" not in client.get(f"/forum/messages/{reply.pk}/versions/").content.decode()
    client.logout()
    assert client.get(f"/forum/messages/{reply.pk}/versions/").status_code == 404


def test_a_later_edit_keeps_what_it_replaced_though_nobody_answered(reply, reader):
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        actions.edit_post(post_id=reply.pk, revision=1, source="Deux fauches par an.", by=reader)
    assert PostRevision.objects.get().text == "Une fauche par an."


def test_a_reported_text_is_kept_when_its_author_changes_it(reported, reader):
    actions.edit_post(post_id=reported.pk, revision=1, source="Rien de mal.", by=reader)
    assert PostRevision.objects.get().text == "Une fauche par an."


def test_differences_are_escaped_and_bounded():
    assert changed("a <b>", "a <i>") == "a <del>&lt;b&gt;</del><ins>&lt;i&gt;</ins>"
    long = "mot " * 5000
    assert "<ins>" in changed(long, long + "\nfin")


def test_what_is_pinned_stands_first_until_its_date(client, space, topic, moderator, author):
    for number in range(3):
        actions.start_topic(space=space, title=f"Discussion {number}", source="Ici.", by=author)
    with pytest.raises(NotAllowed):
        actions.pin_topic(topic_id=topic.pk, until=timezone.now() + timedelta(days=1), by=author)
    with pytest.raises(ValueError, match="passed"):
        actions.pin_topic(topic_id=topic.pk, until=timezone.now(), by=moderator)
    actions.pin_topic(topic_id=topic.pk, until=timezone.now() + timedelta(days=1), by=moderator)
    page = client.get(space.get_absolute_url()).content.decode()
    assert page.index("Qui entretient les noues") < page.index("Discussion 2")
    assert page.count(f'id="topic-{topic.pk}"') == 1
    client.force_login(author.person)
    client.post(f"/forum/discussions/{topic.pk}/ecarter/")
    assert lists.pinned_in(space, author) == []
    assert lists.pinned_in(space, moderator) == [topic]
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert lists.pinned_in(space, moderator) == []
        end_pins()
    topic.refresh_from_db()
    assert topic.pinned_until is None


def test_only_the_bureau_announces_in_the_whole_forum(client, space, topic, make_person, moderator):
    helper = Viewer.of(make_person("aide@club.example", role=Role.MODERATOR))
    until = timezone.now() + timedelta(days=1)
    with pytest.raises(NotAllowed):
        actions.pin_topic(topic_id=topic.pk, until=until, everywhere=True, by=helper)
    actions.pin_topic(topic_id=topic.pk, until=until, everywhere=True, by=moderator)
    assert "Qui entretient les noues" in client.get("/forum/").content.decode()
