"""Mails of meetings, as a real mail server receives them: to whom, with what, and not when it is no longer so."""

from __future__ import annotations

import socket
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.core.cache import cache
from django.utils import timezone
from icalendar import Calendar

from changes import change
from changes.models import Fact
from meetings import actions
from meetings.consumers import advance_meetings
from meetings.models import Meeting
from members.models import Person, RoleAssignment
from notifications.models import QueuedMail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage]


class Box:
    """What a real SMTP server received."""

    def __init__(self) -> None:
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"

    def take(self) -> list[tuple[str, str]]:
        """To whom and what about; the box is empty afterwards."""
        found = sorted(
            (to[0].partition("@")[0], mail["Subject"].strip().partition(" : ")[0]) for to, mail in self.mails
        )
        self.mails.clear()
        return found


@pytest.fixture
def box(settings):
    made = Box()
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    controller = Controller(made, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    yield made
    controller.stop()


@pytest.fixture
def online(make_meeting) -> Meeting:
    return make_meeting(capacity=1, link="https://visio.example/salle-secrete")


def words(mail) -> str:
    return mail.get_body(("plain",)).get_content().replace("\u00a0", " ")


def calendars(mail) -> list:
    return [part for part in mail.walk() if part.get_content_type() == "text/calendar"]


def test_a_place_is_confirmed_with_the_meeting_for_the_calendar(box, work, online, anne):
    actions.register(meeting_id=online.pk, by=anne)
    assert not box.mails
    work()
    ((to, mail),) = box.mails
    assert to == ["anne@club.example"]
    assert mail["Subject"] == "Votre place est réservée : Rouvrir les sols"
    assert "https://visio.example/salle-secrete" in words(mail)
    assert "Halle Martenot" in words(mail)
    (attached,) = calendars(mail)
    assert attached.get_filename() == "rencontre.ics"
    (event,) = Calendar.from_ical(attached.get_content()).walk("VEVENT")
    assert event["summary"] == "Rouvrir les sols"
    assert event["dtstart"].dt == online.begins_at
    assert "salle-secrete" in event["description"]
    assert QueuedMail.objects.get().text == ""


def test_a_rank_is_said_without_the_room_and_the_promoted_gets_both(box, work, online, anne, bruno):
    actions.register(meeting_id=online.pk, by=anne)
    actions.register(meeting_id=online.pk, by=bruno)
    work()
    rank = next(mail for to, mail in box.mails if to == ["bruno@club.example"])
    assert "liste d’attente" in rank["Subject"]
    assert "salle-secrete" not in rank.as_string()
    assert not calendars(rank)
    box.take()
    actions.leave(meeting_id=online.pk, by=anne)
    work()
    ((to, mail),) = box.mails
    assert to == ["bruno@club.example"]
    assert mail["Subject"].strip().startswith("Une place s’est libérée pour vous")
    assert "salle-secrete" in words(mail)
    assert calendars(mail)


def test_a_cancellation_reaches_whoever_has_a_place_or_waits_and_nobody_else(
    box, work, online, organiser, anne, bruno, make_viewer
):
    chloe = make_viewer("chloe")
    for one in (chloe, anne, bruno):
        actions.register(meeting_id=online.pk, by=one)
    actions.leave(meeting_id=online.pk, by=chloe)
    work()
    box.take()
    actions.cancel_meeting(meeting_id=online.pk, reason="Le pont est fermé.", by=organiser)
    work()
    assert all("Le pont est fermé." in words(mail) for _, mail in box.mails)
    seated = next(mail for to, mail in box.mails if to == ["anne@club.example"])
    (attached,) = calendars(seated)
    assert "STATUS:CANCELLED" in attached.get_content()
    assert "salle-secrete" not in seated.as_string()
    assert box.take() == [("anne", "Rencontre annulée"), ("bruno", "Rencontre annulée")]


def move(meeting: Meeting, by, **changed) -> None:
    now = Meeting.objects.get(pk=meeting.pk)
    actions.edit_meeting(meeting_id=now.pk, revision=now.revision, by=by, **changed)


def test_a_new_date_or_place_is_told_and_another_title_is_not(box, work, online, organiser, anne, bruno):
    for one in (anne, bruno):
        actions.register(meeting_id=online.pk, by=one)
    work()
    box.take()
    move(online, organiser, title="Rouvrir cours et places", summary="Autrement.")
    work()
    assert box.take() == []
    move(online, organiser, place="Couvent des Jacobins")
    move(online, organiser, title="Encore un autre titre")
    work()
    assert all("Couvent des Jacobins" in words(mail) for _, mail in box.mails)
    assert box.take() == [("anne", "Changement de date ou de lieu"), ("bruno", "Changement de date ou de lieu")]


def test_the_day_before_those_who_have_a_place_are_reminded(box, work, online, anne, bruno, time_machine):
    for one in (anne, bruno):
        actions.register(meeting_id=online.pk, by=one)
    work()
    box.take()
    time_machine.move_to(online.begins_at - timedelta(hours=20))
    advance_meetings()
    work()
    assert box.take() == [("anne", "C’est bientôt")]
    advance_meetings()
    work()
    assert box.take() == []


def test_what_is_no_more_so_when_it_would_leave_is_not_sent(box, work, online, organiser, anne, bruno):
    """Registered and gone, cancelled before the confirmation, moved twice: only what is true now leaves."""
    actions.register(meeting_id=online.pk, by=anne)
    actions.leave(meeting_id=online.pk, by=anne)
    actions.register(meeting_id=online.pk, by=bruno)
    move(online, organiser, place="Couvent des Jacobins")
    move(online, organiser, place="Champs libres")
    work()
    assert box.take() == [("bruno", "Changement de date ou de lieu"), ("bruno", "Votre place est réservée")]
    actions.register(meeting_id=online.pk, by=anne)
    actions.cancel_meeting(meeting_id=online.pk, reason="Intempéries", by=organiser)
    work()
    assert box.take() == [("anne", "Rencontre annulée"), ("bruno", "Rencontre annulée")]


def test_rights_and_accounts_are_asked_when_the_mail_leaves(box, work, make_meeting, organiser, anne, bruno):
    reserved = make_meeting(audience="region:53")
    actions.register(meeting_id=reserved.pk, by=organiser)
    public = make_meeting(title="Ouverte à tous")
    actions.register(meeting_id=public.pk, by=anne)
    with change(by="test"):
        RoleAssignment.objects.filter(person=organiser.person).update(ends_at=timezone.now())
        Person.objects.update(rights_version=2)
        Person.objects.filter(pk=anne.person.pk).update(is_active=False)
    cache.clear()
    work()
    assert box.take() == []


def test_a_mail_queued_before_the_right_ended_is_withdrawn(box, work, online, anne):
    from notifications.meeting_mails import mail_about_meeting

    actions.register(meeting_id=online.pk, by=anne)
    row = online.registrations.get()
    mail_about_meeting(Fact(kind="mail.meeting", object_id=f"registered:{row.pk}:{row.number}"))
    assert QueuedMail.objects.get().state == "queued"
    actions.leave(meeting_id=online.pk, by=anne)
    work()
    assert QueuedMail.objects.get().state == "withdrawn"
    assert box.take() == []


def test_a_worker_killed_between_telling_and_marking_sends_nothing_twice(box, work, online, anne):
    actions.register(meeting_id=online.pk, by=anne)
    work()
    with change(by="test"):
        Fact.objects.exclude(kind="mail.queued").update(
            done_at=None, payload={"mark": online.registrations.get().number}
        )
    work()
    assert box.take() == [("anne", "Votre place est réservée")]


def test_who_reads_it_no_more_is_told_without_a_word_of_it(box, work, online, organiser, anne):
    actions.register(meeting_id=online.pk, by=anne)
    work()
    box.take()
    now = Meeting.objects.get(pk=online.pk)
    actions.edit_meeting(
        meeting_id=now.pk,
        revision=now.revision,
        audience="region:53",
        title="SECRETTITRE",
        releasing=True,
        by=organiser,
    )
    work()
    ((to, mail),) = box.mails
    assert to == ["anne@club.example"]
    assert mail["Subject"] == "Votre inscription à une rencontre est annulée"
    for private in ("SECRETTITRE", "Rouvrir les sols", "Halle Martenot", "salle-secrete"):
        assert private not in mail.as_string()
    assert not calendars(mail)
