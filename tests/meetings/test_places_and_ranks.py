"""Places, ranks, promotion: never more seated than there are places, nobody waits while one is free, order kept."""

from __future__ import annotations

import random
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from changes import change
from changes.models import Fact
from changes.writing import OperationReused
from meetings import actions, queries
from meetings.models import Meeting, Registration
from meetings.rows import EditConflict, MeetingRefused
from members.models import Role
from members.rules import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def states(meeting: Meeting) -> dict[str, str]:
    rows = Registration.objects.filter(meeting=meeting).select_related("person").order_by("number")
    return {row.person.given_name: row.state for row in rows}


def facts(kind: str) -> int:
    return Fact.objects.filter(kind=f"meeting.{kind}").count()


def edit(meeting: Meeting, by, **changed):
    now = Meeting.objects.get(pk=meeting.pk)
    return actions.edit_meeting(meeting_id=now.pk, revision=now.revision, by=by, **changed)


def test_places_are_taken_then_ranks(meeting, anne, bruno, make_viewer):
    people = [anne, bruno, make_viewer("chloe"), make_viewer("david")]
    for one in people:
        actions.register(meeting_id=meeting.pk, by=one)
    assert states(meeting) == {"Anne": "registered", "Bruno": "registered", "Chloe": "waiting", "David": "waiting"}
    meeting.refresh_from_db()
    assert (meeting.seated_count, meeting.waiting_count, meeting.is_full) == (2, 2, True)
    assert queries.registration_of(people[3], meeting).ahead == 1
    assert (facts("registered"), facts("waiting")) == (2, 2)


def test_a_place_given_back_goes_to_the_first_who_waits_and_a_rank_to_nobody(meeting, anne, bruno, make_viewer):
    chloe, david = make_viewer("chloe"), make_viewer("david")
    for one in (anne, bruno, chloe, david):
        actions.register(meeting_id=meeting.pk, by=one)
    actions.leave(meeting_id=meeting.pk, by=anne)
    assert states(meeting)["Chloe"] == "registered"
    assert states(meeting)["David"] == "waiting"
    assert facts("promoted") == 1
    actions.leave(meeting_id=meeting.pk, by=david)
    assert facts("promoted") == 1
    again = actions.register(meeting_id=meeting.pk, by=anne)
    assert again.state == "waiting", "whoever comes back stands at the end"
    assert again.number == 5


def test_more_places_go_to_those_who_wait_and_no_limit_to_all(meeting, organiser, make_viewer):
    for name in "abcdef":
        actions.register(meeting_id=meeting.pk, by=make_viewer(name))
    edit(meeting, organiser, capacity=4)
    assert list(states(meeting).values()) == ["registered"] * 4 + ["waiting"] * 2
    edit(meeting, organiser, capacity=None)
    assert set(states(meeting).values()) == {"registered"}
    assert facts("promoted") == 4
    with pytest.raises(MeetingRefused) as refused:
        edit(meeting, organiser, capacity=5)
    assert refused.value.field == "capacity"
    edit(meeting, organiser, capacity=6)
    assert not queries.miscounted().exists()


def test_the_same_click_twice_registers_once_and_a_late_retry_undoes_nothing(meeting, anne):
    first = actions.register(meeting_id=meeting.pk, operation="op-1", by=anne)
    assert actions.register(meeting_id=meeting.pk, operation="op-1", by=anne).pk == first.pk
    assert actions.register(meeting_id=meeting.pk, operation="op-2", by=anne).pk == first.pk
    actions.leave(meeting_id=meeting.pk, operation="op-3", by=anne)
    late = actions.register(meeting_id=meeting.pk, operation="op-1", by=anne)
    assert late.state == "cancelled", "the retry of what was undone since is not a new wish"
    assert facts("registered") == 1
    with pytest.raises(OperationReused):
        actions.leave(meeting_id=meeting.pk, operation="op-1", by=anne)


@pytest.mark.parametrize("state", ["draft", "announced", "cancelled", "ended"])
def test_one_registers_for_open_meetings_only(make_meeting, anne, state):
    made = make_meeting(state=state)
    with pytest.raises(NotAllowed):
        actions.register(meeting_id=made.pk, by=anne)
    assert not Registration.objects.exists()


def test_one_registers_until_the_last_call_and_leaves_until_the_beginning(make_meeting, anne, bruno, time_machine):
    made = make_meeting(registration_closes_at=timezone.now() + timedelta(days=5))
    actions.register(meeting_id=made.pk, by=anne)
    time_machine.move_to(timezone.now() + timedelta(days=6), tick=False)
    with pytest.raises(NotAllowed):
        actions.register(meeting_id=made.pk, by=bruno)
    actions.leave(meeting_id=made.pk, by=anne)
    assert states(made) == {"Anne": "cancelled"}
    time_machine.move_to(made.begins_at, tick=False)
    with change(by="test"):
        Registration.objects.update(state="registered")
    with pytest.raises(NotAllowed):
        actions.leave(meeting_id=made.pk, by=anne)


def test_only_members_who_read_it_register(make_meeting, make_person, make_viewer, organiser):
    from members.viewer import VISITOR_VIEWER

    reserved = make_meeting(audience="region:53")
    with pytest.raises(NotAllowed):
        actions.register(meeting_id=reserved.pk, by=make_viewer("zoe"))
    with pytest.raises(NotAllowed):
        actions.register(meeting_id=make_meeting().pk, by=VISITOR_VIEWER)
    assert actions.register(meeting_id=reserved.pk, by=organiser).state == "registered"


def test_the_database_itself_seats_no_more_than_there_are_places(meeting):
    from django.db import IntegrityError, transaction

    for wrong in ({"seated_count": 3}, {"seated_count": 1, "waiting_count": 1}, {"capacity": 0}):
        with pytest.raises(IntegrityError), transaction.atomic(), change(by="test"):
            Meeting.objects.filter(pk=meeting.pk).update(**wrong)


ACTS = [*["register"] * 4, "leave", "leave", "raise", "lower", "lower", "unlimited", "title"]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_places_ranks_order_and_counts_stay_right(make_meeting, organiser, make_viewer, seed):
    """Random acts of six people and an organiser; after each one the whole is looked at."""
    dice = random.Random(seed)
    made = make_meeting(capacity=dice.choice([1, 2, 3]))
    people = [make_viewer(f"p{number}") for number in range(6)]
    looked = {"seated": 0, "waiting": 0, "promoted": 0}
    for number in range(60):
        before = {row.pk: row.state for row in Registration.objects.filter(meeting=made)}
        meeting = Meeting.objects.get(pk=made.pk)
        act, one = dice.choice(ACTS), dice.choice(people)
        with suppress(NotAllowed, MeetingRefused):
            match act:
                case "register":
                    actions.register(meeting_id=made.pk, by=one)
                case "leave":
                    actions.leave(meeting_id=made.pk, by=one)
                case "raise":
                    edit(made, organiser, capacity=(meeting.capacity or 3) + 1)
                case "lower":
                    wanted = (meeting.seated_count, (meeting.capacity or 4) - 1)
                    edit(made, organiser, capacity=max(1, dice.choice(wanted)))
                case "unlimited":
                    if dice.random() < 0.2:
                        edit(made, organiser, capacity=None)
                case "title":
                    edit(made, organiser, title=f"Rouvrir les sols {number}")
        meeting = Meeting.objects.get(pk=made.pk)
        rows = list(Registration.objects.filter(meeting=made).order_by("number"))
        seated = [row for row in rows if row.state == "registered"]
        waiting = [row for row in rows if row.state == "waiting"]
        assert (meeting.seated_count, meeting.waiting_count) == (len(seated), len(waiting))
        assert meeting.capacity is None or len(seated) <= meeting.capacity
        assert not waiting or len(seated) == meeting.capacity, "nobody waits while a place is free"
        promoted = [row for row in rows if before.get(row.pk) == "waiting" and row.state == "registered"]
        behind = [row for row in waiting if before.get(row.pk) == "waiting"]
        assert all(up.number < left.number for up in promoted for left in behind), "the first who waits moves up first"
        assert not queries.miscounted().exists()
        looked["seated"] += len(seated)
        looked["waiting"] += len(waiting)
        looked["promoted"] += len(promoted)
    assert all(looked.values()), looked


def test_a_wrong_count_is_found(meeting, anne):
    actions.register(meeting_id=meeting.pk, by=anne)
    with change(by="test"):
        Meeting.objects.filter(pk=meeting.pk).update(seated_count=0)
    assert list(queries.miscounted()) == [meeting]


def test_an_edit_over_a_newer_one_is_refused_and_a_registration_is_no_edit(meeting, organiser, bureau, anne):
    actions.register(meeting_id=meeting.pk, by=anne)
    actions.edit_meeting(meeting_id=meeting.pk, revision=meeting.revision, title="Rouvrir cours et places", by=bureau)
    with pytest.raises(EditConflict):
        actions.edit_meeting(meeting_id=meeting.pk, revision=meeting.revision, title="Autre titre", by=organiser)
    meeting.refresh_from_db()
    assert meeting.title == "Rouvrir cours et places"


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_last_place_at_once_get_one_place_and_one_rank(make_meeting, make_viewer):
    """In threads, each with its own connection: eight people, one place."""
    made = make_meeting(capacity=1)
    people = [make_viewer(f"p{number}") for number in range(8)]
    barrier = threading.Barrier(len(people))
    errors: list[BaseException] = []

    def take(one) -> None:
        try:
            barrier.wait(10)
            actions.register(meeting_id=made.pk, by=one)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[one]) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not errors
    found = sorted(Registration.objects.filter(meeting=made).values_list("state", flat=True))
    assert found == ["registered"] + ["waiting"] * 7
    made.refresh_from_db()
    assert (made.seated_count, made.waiting_count) == (1, 7)
    assert sorted(Registration.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_readers_who_are_registered_are_not_lost_unasked(meeting, organiser, anne, bruno, make_viewer):
    """Reserved to the région: refused with the count; agreed to, the places go to whoever waits and still reads it."""
    breton = make_viewer("erwan", role=Role.FACILITATOR, region="53")
    for one in (anne, bruno, breton):
        actions.register(meeting_id=meeting.pk, by=one)
    with pytest.raises(MeetingRefused, match="2 personnes inscrites ne liraient plus"):
        edit(meeting, organiser, audience="region:53")
    assert Meeting.objects.get(pk=meeting.pk).audience == "public"
    assert states(meeting) == {"Anne": "registered", "Bruno": "registered", "Erwan": "waiting"}
    edit(meeting, organiser, audience="region:53", releasing=True)
    assert states(meeting) == {"Anne": "cancelled", "Bruno": "cancelled", "Erwan": "registered"}
    assert (facts("released"), facts("promoted")) == (2, 1)
    assert not queries.miscounted().exists()
    edit(meeting, organiser, audience="members")
    assert facts("released") == 2


def test_the_form_asks_what_becomes_of_them(client, referential, meeting, organiser, anne):
    actions.register(meeting_id=meeting.pk, by=anne)
    client.force_login(organiser.person)
    address = f"/agenda/{meeting.pk}/modifier/"
    assert "releasing" not in client.get(address).content.decode()
    begins = timezone.localtime(meeting.begins_at)
    sent = {
        "title": meeting.title, "kind": meeting.kind, "region": "53", "readers": "region", "place": meeting.place,
        "day": f"{begins:%Y-%m-%d}", "begins": f"{begins:%H:%M}", "ends": "23:00", "capacity": 2,
        "revision": Meeting.objects.get(pk=meeting.pk).revision,
    }  # fmt: skip
    page = client.post(address, sent).content.decode()
    assert "1 personne inscrite ne lirait plus" in page
    assert 'name="releasing"' in page
    assert states(meeting) == {"Anne": "registered"}
    assert client.post(address, {**sent, "releasing": "on"}).status_code == 302
    assert states(meeting) == {"Anne": "cancelled"}
