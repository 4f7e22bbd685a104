"""The next meetings on a home: for visitors the public ones, for members theirs and those of their région."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from meetings import actions
from members.models import Role, Scope

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def hold(make_viewer):
    """`hold("Rouvrir les sols", region="84", audience="members")`: an open meeting, so many days from now."""
    office = make_viewer("odette", role=Role.NATIONAL_OFFICE)

    def make(title: str, *, region: str | None = "53", audience: str = "public", days: int = 5, capacity=None):
        begins = timezone.now() + timedelta(days=days)
        made = actions.create_meeting(
            kind="regional", title=title, region_id=region, audience=audience, place="Halle", capacity=capacity,
            begins_at=begins, ends_at=begins + timedelta(hours=2), by=office,
        )  # fmt: skip
        return actions.announce_meeting(meeting_id=made.pk, by=office)

    return make


def test_visitors_see_the_next_three_public_ones(home, hold):
    for days, title in enumerate(["Une", "Deux", "Trois", "Quatre"], start=2):
        hold(f"Rencontre {title}", days=days)
    hold("Entre membres", audience="members", days=1)
    page = Client().get("/").content.decode()
    assert "Prochaines rencontres" in page
    shown = [title for title in ("Une", "Deux", "Trois", "Quatre") if f"Rencontre {title}<" in page]
    assert shown == ["Une", "Deux", "Trois"]
    assert "Entre membres" not in page


def test_a_member_sees_those_of_their_region_and_their_own(section, anne, bruno, hold):
    hold("Ici en Bretagne")
    hold("Chez les voisins", region="84")
    hold("Réservée aux Alpes", region="84", audience="region:84")
    there = hold("Loin mais utile", region=None, capacity=1, days=9)
    region = section(anne, "region-53")
    assert "Ici en Bretagne" in region
    assert "Chez les voisins" not in region
    assert "Vos rencontres" not in section(anne, "vous")
    actions.register(meeting_id=there.pk, by=anne)
    actions.register(meeting_id=there.pk, by=bruno)
    mine, theirs = section(anne, "vous"), section(bruno, "vous")
    assert "Loin mais utile" in mine
    assert "votre place est réservée" in mine
    assert "en liste d’attente" in theirs
    actions.leave(meeting_id=there.pk, by=anne)
    assert "Loin mais utile" not in section(anne, "vous")
    assert "votre place est réservée" in section(bruno, "vous")


def test_a_meeting_that_its_person_may_read_no_more_is_not_on_their_home(section, make_viewer, hold, end):
    guide = make_viewer("maelle", role=Role.CORRESPONDENT, scope=(Scope.REGION, "53"))
    held = hold("Entre Bretons", audience="region:53")
    actions.register(meeting_id=held.pk, by=guide)
    assert "Entre Bretons" in section(guide, "vous")
    end(guide.person.roles.get())
    assert "Entre Bretons" not in section(guide, "vous")
