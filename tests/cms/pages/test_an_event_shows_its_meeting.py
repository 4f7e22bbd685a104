"""An event's page shows the meeting of the agenda as it is now, to whoever may read that meeting."""

from datetime import timedelta

import pytest
from django.utils import timezone

from changes import change
from changes.streams import PUBLIC
from cms.models import EventPage, RegionPage
from meetings import actions
from meetings.models import Meeting
from members.viewer import Viewer

pytestmark = pytest.mark.django_db


def hold(office, audience, days=9):
    begins = timezone.now() + timedelta(days=days)
    made = actions.create_meeting(
        title="Visite des noues", audience=audience, region_id="53", kind="visit", begins_at=begins,
        ends_at=begins + timedelta(hours=3), place="Salle des fêtes de Redon", by=Viewer.of(office),
    )  # fmt: skip
    actions.announce_meeting(meeting_id=made.pk, by=Viewer.of(office))
    return made


@pytest.mark.parametrize(("audience", "visitor_sees"), [("public", True), ("members", False)])
def test_it_follows_the_meeting_and_its_readers(client, home, referential, office, member, audience, visitor_sees):
    meeting = hold(office, audience)
    with change(by="test"):
        region = home.add_child(instance=RegionPage(title="Bretagne", slug="bretagne", region_id="53"))
        page = region.add_child(instance=EventPage(title="La visite de mai", slug="visite", meeting=meeting))
    shown = client.get(page.url).content.decode()
    assert ("Salle des fêtes de Redon" in shown) is visitor_sees
    assert (meeting.get_absolute_url() in shown) is visitor_sees
    client.force_login(member)
    assert "Salle des fêtes de Redon" in client.get(page.url).content.decode()
    actions.cancel_meeting(meeting_id=meeting.pk, reason="Trop peu d’inscrits", by=Viewer.of(office))
    assert "Annulée" in client.get(page.url).content.decode()


def test_a_page_keeps_its_meeting_however_long_ago(home, referential, as_office, office):
    held, other = hold(office, "public"), hold(office, "public")
    with change(by="test"):
        region = home.add_child(instance=RegionPage(title="Bretagne", slug="bretagne", region_id="53"))
        page = region.add_child(instance=EventPage(title="La visite", slug="visite", meeting=held))
        page.save_revision()
        for row in (held, other):
            row.begins_at, row.ends_at = (moment - timedelta(days=500) for moment in (row.begins_at, row.ends_at))
            row.save()
    counts = {f"comments-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    values = {"title": "La visite", "slug": "visite", "summary": "Ce que l’on a vu.", "meeting": held.pk, **counts}
    values |= {"body-count": "0", "practical-count": "0"}
    as_office.post(f"/redaction/pages/{page.pk}/edit/", {**values, "action-publish": "1"})
    page = EventPage.objects.get(pk=page.pk)
    assert page.summary == "Ce que l’on a vu."
    assert page.meeting_id == held.pk
    form = EventPage.get_edit_handler().get_form_class()(instance=page, for_user=office)
    assert list(form.fields["meeting"].queryset) == [held], "no other one of that time"


def test_one_that_is_over_is_not_registered_for(client, home, referential, office):
    meeting = hold(office, "public")
    with change(by="test"):
        region = home.add_child(instance=RegionPage(title="Bretagne", slug="bretagne", region_id="53"))
        page = region.add_child(instance=EventPage(title="La visite de mai", slug="visite", meeting=meeting))
    shown = client.get(page.url).content.decode()
    assert "Programme et inscription" in shown
    assert "Ajouter à mon agenda" in shown
    with change(by="test") as c:
        Meeting.objects.filter(pk=meeting.pk).update(state="ended")
        c.renew(PUBLIC, PUBLIC)
    shown = client.get(page.url).content.decode()
    assert meeting.get_absolute_url() in shown
    assert "et inscription" not in shown
    assert "Ajouter à mon agenda" not in shown
