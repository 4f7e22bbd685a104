"""People of two régions, who organises there, and meetings in the states that tests need."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from changes import change
from meetings import actions
from meetings.models import Meeting
from members.actions import give_role
from members.models import Person, Role, Scope
from members.viewer import Viewer
from territories.models import Region


@pytest.fixture
def regions(db) -> list[Region]:
    """Two régions, without the whole referential."""
    with change(by="test"):
        rows = [("53", "Bretagne"), ("84", "Auvergne-Rhône-Alpes")]
        return [
            Region.objects.get_or_create(
                code=code, defaults={"name": name, "search_name": name.lower(), "first_seen": 2026, "last_seen": 2026}
            )[0]
            for code, name in rows
        ]


@pytest.fixture
def make_viewer(make_person) -> Callable[..., Viewer]:
    """`make_viewer("anne", role=…, region="53")`: a member, with a role in a région or in the nation."""

    def make(name: str, *, role: Role | None = None, region: str = "") -> Viewer:
        person = make_person(f"{name}@club.example")
        with change(by="test"):
            Person.objects.filter(pk=person.pk).update(given_name=name.capitalize())
            if role:
                give_role(person, role, *((Scope.REGION, region) if region else (Scope.NATION, "")), by="test")
        cache.clear()
        return Viewer.of(Person.objects.get(pk=person.pk))

    return make


@pytest.fixture
def organiser(regions, make_viewer) -> Viewer:
    """The correspondent of Bretagne."""
    return make_viewer("maelle", role=Role.CORRESPONDENT, region="53")


@pytest.fixture
def bureau(make_viewer) -> Viewer:
    return make_viewer("isabelle", role=Role.NATIONAL_OFFICE)


@pytest.fixture
def anne(make_viewer) -> Viewer:
    return make_viewer("anne")


@pytest.fixture
def bruno(make_viewer) -> Viewer:
    return make_viewer("bruno")


def fields(**changed: object) -> dict[str, object]:
    """What a meeting of Bretagne is made of, in ten days."""
    begins = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=10)
    return {
        "kind": "regional",
        "title": "Rouvrir les sols",
        "summary": "Une journée.",
        "region_id": "53",
        "audience": "public",
        "begins_at": begins,
        "ends_at": begins + timedelta(hours=6),
        "place": "Halle Martenot",
        **changed,
    }


@pytest.fixture
def make_meeting(regions, organiser) -> Callable[..., Meeting]:
    """`make_meeting(capacity=2, state="draft")`: a meeting of Bretagne, open unless another state is named."""

    def make(*, state: str = "open", by: Viewer = organiser, **changed: object) -> Meeting:
        made = actions.create_meeting(by=by, **fields(**changed))
        if state != "draft":
            actions.announce_meeting(meeting_id=made.pk, opening=state != "announced", by=by)
        if state == "cancelled":
            actions.cancel_meeting(meeting_id=made.pk, reason="Intempéries", by=by)
        if state == "ended":
            with change(by="test"):
                Meeting.objects.filter(pk=made.pk).update(
                    state="ended",
                    begins_at=timezone.now() - timedelta(days=3, hours=3),
                    ends_at=timezone.now() - timedelta(days=3),
                )
        return Meeting.objects.get(pk=made.pk)

    return make


@pytest.fixture
def meeting(make_meeting) -> Meeting:
    """Open, two places, public."""
    return make_meeting(capacity=2)
