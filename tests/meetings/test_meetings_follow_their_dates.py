"""What comes with time: under way, over, archived, reminded of; visitors' pages follow to the minute."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from changes import change
from changes.models import Fact
from changes.streams import PUBLIC, stand
from meetings import actions
from meetings.consumers import advance_meetings
from meetings.models import Meeting
from meetings.rows import MeetingRefused
from members.rules import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def reminders() -> int:
    return Fact.objects.filter(kind="meeting.soon").count()


def state_at(meeting: Meeting, moment, time_machine) -> str:
    time_machine.move_to(moment, tick=False)
    advance_meetings()
    advance_meetings()
    meeting.refresh_from_db()
    return meeting.state


def test_a_meeting_begins_ends_and_is_archived_at_its_dates(meeting, time_machine):
    begins, ends = meeting.begins_at, meeting.ends_at
    second, year = timedelta(seconds=1), timedelta(days=365)
    assert state_at(meeting, begins - second, time_machine) == "open"
    assert state_at(meeting, begins, time_machine) == "live"
    assert state_at(meeting, ends - second, time_machine) == "live"
    assert state_at(meeting, ends, time_machine) == "ended"
    assert state_at(meeting, ends + year - second, time_machine) == "ended"
    assert state_at(meeting, ends + year, time_machine) == "archived"


def test_a_worker_that_slept_through_it_all_catches_up(make_meeting, time_machine):
    announced = make_meeting(state="announced")
    assert state_at(announced, announced.ends_at + timedelta(days=1), time_machine) == "ended"
    assert not reminders(), "nobody is reminded of what is over"


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_drafts_and_cancelled_ones_stay_what_they_are(make_meeting, time_machine, state):
    made = make_meeting(state=state)
    assert state_at(made, made.ends_at + timedelta(days=800), time_machine) == state


def test_one_reminder_the_day_before_and_another_after_a_move(meeting, organiser, time_machine):
    state_at(meeting, meeting.begins_at - timedelta(days=1, seconds=1), time_machine)
    assert reminders() == 0
    state_at(meeting, meeting.begins_at - timedelta(days=1), time_machine)
    state_at(meeting, meeting.begins_at - timedelta(hours=2), time_machine)
    assert reminders() == 1
    later = timedelta(days=20)
    actions.edit_meeting(
        meeting_id=meeting.pk,
        revision=meeting.revision,
        begins_at=meeting.begins_at + later,
        ends_at=meeting.ends_at + later,
        by=organiser,
    )
    advance_meetings()
    assert reminders() == 1
    meeting.refresh_from_db()
    state_at(meeting, meeting.begins_at - timedelta(hours=3), time_machine)
    assert reminders() == 2


def test_a_meeting_moves_to_the_future_only_and_not_while_it_is_under_way(meeting, organiser, time_machine):
    def move(by: timedelta) -> None:
        meeting.refresh_from_db()
        actions.edit_meeting(
            meeting_id=meeting.pk,
            revision=meeting.revision,
            begins_at=meeting.begins_at + by,
            ends_at=meeting.ends_at + by,
            by=organiser,
        )

    with pytest.raises(MeetingRefused):
        move(timedelta(days=-30))
    state_at(meeting, meeting.begins_at, time_machine)
    with pytest.raises(MeetingRefused):
        move(timedelta(days=3))
    state_at(meeting, meeting.ends_at, time_machine)
    with pytest.raises(NotAllowed):
        move(timedelta(days=3))


def test_items_move_with_the_meeting_by_the_clock_on_the_wall(make_meeting, organiser, time_machine):
    from datetime import datetime

    time_machine.move_to("2026-03-01T08:00Z", tick=False)
    begins = timezone.make_aware(datetime(2026, 3, 20, 9, 30))
    made = make_meeting(begins_at=begins, ends_at=begins + timedelta(hours=6))
    item = actions.keep_item(meeting_id=made.pk, title="Visite", starts_at=begins + timedelta(hours=1), by=organiser)
    after = timezone.make_aware(datetime(2026, 4, 10, 9, 30))  # summer time has come
    actions.edit_meeting(
        meeting_id=made.pk, revision=made.revision, begins_at=after, ends_at=after + timedelta(hours=6), by=organiser
    )
    item.refresh_from_db()
    assert timezone.localtime(item.starts_at) == timezone.make_aware(datetime(2026, 4, 10, 10, 30))


def position() -> int:
    return stand(PUBLIC, PUBLIC).pos


def test_what_visitors_see_renews_their_pages_and_what_they_do_not_see_does_not(
    make_meeting, organiser, anne, time_machine
):
    def moved(act) -> bool:
        before = position()
        act()
        return position() > before

    draft = make_meeting(state="draft")
    assert not moved(lambda: actions.keep_item(meeting_id=draft.pk, title="Visite", by=organiser))
    assert moved(lambda: actions.announce_meeting(meeting_id=draft.pk, by=organiser))
    assert moved(lambda: actions.register(meeting_id=draft.pk, by=anne)), "the number of places left is on the page"
    assert moved(lambda: actions.leave(meeting_id=draft.pk, by=anne))
    closes = draft.begins_at - timedelta(days=2)
    draft.refresh_from_db()
    edit = {"meeting_id": draft.pk, "revision": draft.revision, "by": organiser}
    assert moved(lambda: actions.edit_meeting(registration_closes_at=closes, **edit))
    reserved = make_meeting(audience="members")
    assert not moved(lambda: actions.register(meeting_id=reserved.pk, by=anne))
    for moment in (closes, draft.begins_at, draft.ends_at):
        time_machine.move_to(moment, tick=False)
        assert moved(advance_meetings), moment
        assert not moved(advance_meetings), "once"
    reserved.refresh_from_db()
    with change(by="test"):
        Meeting.objects.filter(pk=draft.pk).update(audience="members")
    draft.refresh_from_db()
    assert not moved(lambda: actions.publish_report(meeting_id=draft.pk, address="https://a.example", by=organiser))


def test_a_page_that_visitors_hold_is_never_that_of_before(meeting, organiser, anne, time_machine):
    """The kept page after each change is the one made anew."""
    address = meeting.get_absolute_url()

    def page() -> str:
        return Client().get(address).content.decode()

    assert "2\u00a0places restantes" in page()
    actions.register(meeting_id=meeting.pk, by=anne)
    assert "1\u00a0place restante" in page()
    time_machine.move_to(meeting.begins_at, tick=False)
    advance_meetings()
    assert "La rencontre est en cours" in page()
    assert "Se connecter pour s’inscrire" not in page()
    assert Client().get("/agenda/").content.decode().count("meeting-line__words") == 1
    time_machine.move_to(meeting.ends_at, tick=False)
    advance_meetings()
    assert Client().get("/agenda/").content.decode().count("meeting-line__words") == 0
    assert "Cette rencontre est passée" in page()


def test_once_the_last_call_has_passed_no_page_offers_a_place(make_meeting, time_machine):
    closes = timezone.now() + timedelta(days=4)
    made = make_meeting(capacity=2, registration_closes_at=closes)
    assert "2\u00a0places restantes" in Client().get("/agenda/").content.decode()
    time_machine.move_to(closes, tick=False)
    advance_meetings()
    for address in ("/agenda/", made.get_absolute_url()):
        page = Client().get(address).content.decode()
        assert "places restantes" not in page
        assert "nscriptions closes" in page or "Les inscriptions sont closes" in page


def test_a_cancelled_meeting_leaves_the_list_once_its_date_has_passed(make_meeting, time_machine):
    made = make_meeting(state="cancelled")
    assert made.title in Client().get("/agenda/").content.decode()
    time_machine.move_to(made.ends_at, tick=False)
    advance_meetings()
    assert made.title not in Client().get("/agenda/").content.decode()
    assert made.title in Client().get(f"/agenda/?annee={made.begins_at.year}").content.decode()


def test_a_meeting_whose_registration_would_be_closed_is_not_announced(make_meeting, organiser, time_machine):
    draft = make_meeting(state="draft", registration_closes_at=timezone.now() + timedelta(days=2))
    time_machine.move_to(timezone.now() + timedelta(days=3))
    with pytest.raises(MeetingRefused, match="déjà closes") as refused:
        actions.announce_meeting(meeting_id=draft.pk, by=organiser)
    assert refused.value.field == "closes"


def test_what_is_announced_keeps_its_last_day_and_takes_no_other_that_is_over(make_meeting, organiser, time_machine):
    made = make_meeting(registration_closes_at=timezone.now() + timedelta(days=2))
    time_machine.move_to(timezone.now() + timedelta(days=3))
    edit = {"meeting_id": made.pk, "by": organiser}
    actions.edit_meeting(revision=1, title="Rouvrir les cours", **edit)
    over = timezone.now() - timedelta(hours=1)
    with pytest.raises(MeetingRefused, match="déjà closes"):
        actions.edit_meeting(revision=2, registration_closes_at=over, **edit)
    with pytest.raises(MeetingRefused, match="au plus tard"):
        actions.edit_meeting(revision=2, registration_closes_at=made.begins_at + timedelta(days=1), **edit)
    actions.edit_meeting(revision=2, registration_closes_at=made.begins_at, **edit)
