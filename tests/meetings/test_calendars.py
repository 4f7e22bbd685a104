"""Calendars: what RFC 5545 asks, an identifier that stays, and nothing that the viewer may not read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from meetings import actions, ical
from meetings.models import Meeting

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> Calendar:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    lines = answer.content.split(b"\r\n")
    assert b"\n" not in answer.content.replace(b"\r\n", b""), "lines end as the RFC says"
    assert max(map(len, lines)) <= 75, "and are folded"
    return Calendar.from_ical(answer.content)


def titles(calendar: Calendar) -> set[str]:
    return {str(event["summary"]) for event in calendar.walk("VEVENT")}


def test_a_meeting_says_what_the_rfc_asks(client, make_meeting):
    made = make_meeting(
        title="Rouvrir les sols, à Rennes ; et après ?", address="12 place des Lices", summary="Été & pluie"
    )
    calendar = read(client, f"/agenda/{made.pk}.ics")
    assert calendar["version"] == "2.0"
    assert calendar["prodid"]
    (event,) = calendar.walk("VEVENT")
    assert event["uid"] == ical.uid_of(made)
    assert event["summary"] == made.title
    assert event["dtstart"].dt == made.begins_at
    assert event["dtend"].dt == made.ends_at
    assert event["dtstart"].to_ical().endswith(b"Z"), "in UTC: no rule of summer time to copy"
    assert event["dtstamp"].dt
    assert event["location"] == "Halle Martenot, 12 place des Lices"
    assert event["status"] == "CONFIRMED"
    assert event["sequence"] == 0
    assert made.get_absolute_url() in event["description"]
    assert not calendar.errors


def test_the_identifier_stays_and_the_sequence_moves_with_what_a_calendar_shows(client, make_meeting, organiser, anne):
    made = make_meeting()

    def event():
        (found,) = read(client, f"/agenda/{made.pk}.ics").walk("VEVENT")
        return found

    def edit(**changed):
        now = Meeting.objects.get(pk=made.pk)
        actions.edit_meeting(meeting_id=now.pk, revision=now.revision, by=organiser, **changed)

    first = event()
    actions.register(meeting_id=made.pk, by=anne)
    edit(capacity=40)
    assert event()["sequence"] == first["sequence"]
    edit(place="Champs libres")
    edit(begins_at=made.begins_at + timedelta(hours=1))
    assert event()["sequence"] == 2
    actions.cancel_meeting(meeting_id=made.pk, reason="Intempéries", by=organiser)
    last = event()
    assert last["uid"] == first["uid"]
    assert (last["status"], last["sequence"]) == ("CANCELLED", 3)
    assert "Intempéries" in last["description"]


def test_a_calendar_holds_what_its_viewer_reads(client, make_meeting, organiser, anne):
    make_meeting(title="Publique")
    make_meeting(title="Entre membres", audience="members")
    make_meeting(title="Entre Bretons", audience="region:53")
    make_meeting(title="Un brouillon", state="draft")
    cancelled = make_meeting(title="Annulée", state="cancelled")
    public = {"Publique", f"Annulée : {cancelled.title}"}
    for address in ("/agenda/calendrier.ics", "/agenda/region/53/calendrier.ics"):
        assert titles(read(client, address)) == public
        member = Client()
        member.force_login(anne.person)
        assert titles(read(member, address)) == public | {"Entre membres"}
        regional = Client()
        regional.force_login(organiser.person)
        assert titles(read(regional, address)) == public | {"Entre membres", "Entre Bretons"}
    assert titles(read(client, "/agenda/region/84/calendrier.ics")) == set()
    assert client.get("/agenda/region/99/calendrier.ics").status_code == 404


def test_only_one_meeting_of_who_has_a_place_tells_the_room(client, make_meeting, anne, bruno):
    made = make_meeting(link="https://visio.example/salle", capacity=1)
    actions.register(meeting_id=made.pk, by=anne)
    actions.register(meeting_id=made.pk, by=bruno)
    for who, tells in ((anne, True), (bruno, False), (None, False)):
        one = Client()
        if who:
            one.force_login(who.person)
        text = one.get(f"/agenda/{made.pk}.ics").content.decode().replace("\r\n ", "")
        assert ("visio.example" in text) is tells
        assert "visio.example" not in one.get("/agenda/calendrier.ics").content.decode().replace("\r\n ", "")


def test_what_is_typed_cannot_add_a_line_to_a_calendar(make_meeting):
    made = make_meeting()
    made.title = "Titre\r\nEND:VEVENT\nATTENDEE:mailto:a@b.example"
    calendar = Calendar.from_ical(ical.calendar_of([made]))
    (event,) = calendar.walk("VEVENT")
    assert "attendee" not in event
