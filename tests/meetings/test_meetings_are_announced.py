"""An announced meeting rings for those near to it and for those who asked, as far as they may read it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from changes import change
from changes.models import Fact
from meetings import actions
from meetings.models import Meeting
from members.actions import give_membership
from members.models import Follow, Organisation, Person
from members.viewer import Viewer
from notifications import queries
from notifications.models import Notice, QueuedMail

pytestmark = [pytest.mark.django_db, pytest.mark.storage, pytest.mark.usefixtures("referential")]


@pytest.fixture
def breton(regions, make_viewer) -> Viewer:
    """A member by a mandate of an organisation of Bretagne."""
    person = make_viewer("soazig").person
    with change(by="test"):
        town = Organisation.objects.create(kind="partner", name="Ville de Redon", region_id="53")
        give_membership(person, town, "chargée de mission", by="test")
    cache.clear()
    return Viewer.of(Person.objects.get(pk=person.pk))


def told() -> list[str]:
    rows = Notice.objects.filter(kind=Notice.Kind.MEETING_NEW).select_related("person")
    return sorted(row.person.given_name for row in rows)


def mailed() -> list[str]:
    return sorted(mail.to[0].partition("@")[0] for mail in QueuedMail.objects.filter(purpose="notice"))


def seen_by(viewer: Viewer) -> str:
    client = Client()
    client.force_login(viewer.person)
    return client.get("/notifications/").content.decode()


@pytest.fixture
def later(work):
    """Do what waits for the worker, now and in two minutes."""

    def run() -> None:
        work()
        with change(by="test"):
            Fact.objects.filter(kind="mail.notice", done_at=None).update(not_before=timezone.now())
        work()

    return run


def test_the_region_hears_of_it_and_nobody_else(work, make_meeting, breton, organiser, bureau, anne):
    make_meeting(audience="members")
    work()
    assert told() == ["Soazig"], "not whoever announced it, nor members of elsewhere, nor the bureau"
    assert queries.bell(breton) == 1
    page = seen_by(breton)
    assert "Rouvrir les sols" in page
    assert "Halle Martenot" in page
    assert queries.bell(breton) == 0
    assert mailed() == []


def test_a_draft_rings_for_nobody_and_a_meeting_of_all_france_for_all(
    work, make_meeting, breton, organiser, bureau, anne
):
    make_meeting(state="draft")
    work()
    assert told() == []
    make_meeting(region_id=None, by=bureau)
    work()
    assert told() == ["Anne", "Maelle", "Soazig"]


def test_who_asked_for_a_mail_has_one_with_a_link_that_ends_them(later, client, make_meeting, breton, anne):
    actions.follow_meetings(places=["53", "elsewhere"], by=anne)
    make_meeting()
    later()
    assert told() == ["Anne", "Soazig"]
    assert mailed() == ["anne"]
    mail = QueuedMail.objects.get()
    assert "Rouvrir les sols" in mail.subject
    link = mail.headers["List-Unsubscribe"].strip("<>")
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = client.get(urlsplit(link).path)
    assert "Rouvrir" not in page.content.decode()
    assert Follow.objects.get(person=anne.person).level == "watched", "reading the page ends nothing"
    client.post(urlsplit(link).path)
    make_meeting(title="Une autre rencontre")
    later()
    assert told() == ["Anne", "Soazig", "Soazig"]
    assert mailed() == ["anne"]


def test_rights_and_wishes_are_asked_when_the_mail_would_leave(work, later, make_meeting, organiser, anne, bruno):
    for viewer in (anne, bruno):
        actions.follow_meetings(places=["53"], by=viewer)
    meeting = make_meeting(audience="members")
    work()
    assert told() == ["Anne", "Bruno"]
    actions.follow_meetings(places=[], by=bruno)
    now = Meeting.objects.get(pk=meeting.pk)
    actions.edit_meeting(meeting_id=now.pk, revision=now.revision, audience="region:53", by=organiser)
    later()
    assert mailed() == []
    assert "Rouvrir les sols" not in seen_by(anne)
    actions.edit_meeting(meeting_id=now.pk, revision=now.revision + 1, audience="members", by=organiser)
    assert "Rouvrir les sols" in seen_by(bruno)


def test_no_mail_for_what_was_cancelled_or_read_meanwhile(work, later, make_meeting, organiser, anne, bruno):
    for viewer in (anne, bruno):
        actions.follow_meetings(places=["53"], by=viewer)
    meeting = make_meeting()
    work()
    seen_by(anne)
    later()
    assert mailed() == ["bruno"]
    other = make_meeting(title="Une autre rencontre")
    work()
    actions.cancel_meeting(meeting_id=other.pk, reason="Intempéries", by=organiser)
    later()
    assert mailed() == ["bruno"]
    assert "Elle est annulée" in seen_by(anne)
    assert meeting.pk != other.pk


def test_one_chooses_in_a_form_and_mutes_stay(client, regions, anne):
    assert "/compte/connexion/" in client.get("/agenda/etre-prevenu/").url
    client.force_login(anne.person)
    actions.mute_meetings(place="84", by=anne)
    assert "Bretagne" in client.get("/agenda/etre-prevenu/").content.decode()
    client.post("/agenda/etre-prevenu/", {"places": ["53", "national"]})
    client.post("/agenda/etre-prevenu/", {"places": ["53"]})
    rows = Follow.objects.filter(person=anne.person).values_list("object_id", "level")
    assert sorted(rows) == [("53", "watched"), ("84", "muted")]
    assert client.post("/agenda/etre-prevenu/", {"places": ["x"]}).status_code == 200
    assert Follow.objects.filter(person=anne.person).count() == 2
