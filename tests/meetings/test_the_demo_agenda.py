"""The demo's meetings: every state that an agenda shows, counted right, made once, written to nobody."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone

from changes import change
from changes.models import Fact
from meetings import queries
from meetings.consumers import advance_meetings
from meetings.demo import make_demo_meetings
from meetings.models import Meeting, Registration
from members.demo import DemoRefused, make_demo_people
from members.models import Person
from members.services import seed_services

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(referential) -> int:
    seed_services()
    make_demo_people()
    with change(by="test"):
        for number in range(12):
            Person.objects.create_user(f"p{number}@demo.example", given_name="P", family_name=str(number))
    return make_demo_meetings()


def test_it_shows_every_state_and_is_made_once(demo):
    states = Counter(Meeting.objects.values_list("state", flat=True))
    assert set(states) == {"draft", "announced", "open", "ended", "reported", "archived", "cancelled"}
    assert demo == sum(states.values()) >= 9
    Meeting.objects.filter(source_key="demo:04").update(title="Corrigée par le bureau")
    assert make_demo_meetings() == 0
    assert Meeting.objects.get(source_key="demo:04").title == "Corrigée par le bureau"
    assert not queries.miscounted().exists()
    full = Meeting.objects.get(waiting_count__gt=0)
    assert full.is_full
    assert Registration.objects.filter(meeting=full, state="waiting").count() == full.waiting_count


def test_it_stands_on_real_communes_around_today_and_writes_to_nobody(demo):
    assert not Meeting.objects.filter(commune=None, link="").exists()
    assert Meeting.objects.filter(begins_at__gt=timezone.now(), state__in=["open", "announced"]).count() >= 4
    advance_meetings()
    assert not Fact.objects.filter(kind__startswith="meeting.").exclude(kind="meeting.changed").exists()
    assert Counter(Meeting.objects.values_list("state", flat=True))["live"] == 0


def test_it_is_refused_in_production(settings, db):
    settings.PRODUCTION = True
    with pytest.raises(DemoRefused):
        make_demo_meetings()
