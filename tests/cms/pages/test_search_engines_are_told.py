"""Structured data: what a search engine is told of an article, a partner and a public meeting, and no more."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cms.models import ArticlePage, PartnerPage
from look.structured import structured
from meetings import actions
from members.viewer import Viewer

pytestmark = pytest.mark.django_db


def told(client, address: str) -> list[dict]:
    text = client.get(address).content.decode()
    return [json.loads(one) for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)]


def test_an_article_and_a_partner_say_what_they_are(client, make_page, organisation):
    page = make_page(
        ArticlePage, make_page(PartnerPage, title="Atelier", website="https://a.example/"), title="Les noues"
    )
    (article,) = told(client, page.url)
    assert (article["@type"], article["headline"]) == ("Article", "Les noues")
    assert article["author"] == {"@type": "Organization", "name": organisation.label}
    assert article["url"].endswith(page.url)
    (partner,) = told(client, page.get_parent().url)
    assert (partner["@type"], partner["url"]) == ("Organization", "https://a.example/")


@pytest.mark.parametrize(("audience", "count"), [("public", 1), ("members", 0)])
def test_a_public_meeting_is_an_event_without_its_room(client, referential, office, audience, count):
    begins = timezone.now() + timedelta(days=9)
    meeting = actions.create_meeting(
        title="Visite </script> des noues", audience=audience, region_id="53", kind="visit", begins_at=begins,
        ends_at=begins + timedelta(hours=3), place="Redon", link="https://visio.example/secrete",
        by=Viewer.of(office),
    )  # fmt: skip
    actions.announce_meeting(meeting_id=meeting.pk, by=Viewer.of(office))
    client.force_login(office)
    events = told(client, meeting.get_absolute_url())
    assert len(events) == count
    for event in events:
        assert event["name"] == "Visite </script> des noues"
        assert event["eventStatus"] == "https://schema.org/EventScheduled"
        assert "secrete" not in json.dumps(event)
    actions.cancel_meeting(meeting_id=meeting.pk, reason="Intempéries", by=Viewer.of(office))
    assert [one["eventStatus"][-9:] for one in told(client, meeting.get_absolute_url())] == ["Cancelled"] * count


def test_nothing_in_it_ends_the_element():
    text = structured("Article", headline="</script><b>&", description="")
    assert text.count("</script>") == 1
    assert json.loads(text.partition(">")[2].rpartition("<")[0])["headline"] == "</script><b>&"
    assert "description" not in text
