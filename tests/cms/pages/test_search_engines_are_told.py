"""Structured data: what a search engine is told of an article, a partner and a public meeting, and no more."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import timezone
from PIL import Image

from changes import change
from cms.models import ArticlePage, PartnerPage
from forum import actions as forum
from look.structured import structured
from meetings import actions
from members.projection import MEMBERS, project_groups
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


def shared(client, address: str) -> dict[str, str]:
    text = client.get(address).content.decode()
    return {name: html.unescape(said) for name, said in re.findall(r'<meta property="og:(.*?)" content="(.*?)">', text)}


def told_picture(client, address: str) -> bytes:
    """The picture of a shared link, as a visitor gets it, of the size that is told."""
    said = shared(client, address)
    assert said["locale"] == "fr_FR"
    assert (said["image:width"], said["image:height"]) == ("1200", "630")
    assert said["image:alt"]
    assert said["title"]
    assert said["description"]
    assert said["url"] == f"{settings.SITE_URL}{address}"
    path = said["image"].removeprefix(settings.SITE_URL)
    if path.startswith(settings.STATIC_URL):
        found = Path(finders.find(path.removeprefix(settings.STATIC_URL))).read_bytes()
        assert len(found) < 60_000
    else:
        found = client.get(path).content
    assert Image.open(io.BytesIO(found)).size == (1200, 630)
    return found


def test_a_link_is_shared_with_a_large_picture(client, one_of_each, image):
    assert told_picture(client, "/")[1:4] == b"PNG"
    for kind, page in one_of_each.items():
        found = told_picture(client, page.url)
        assert found.startswith(b"\xff\xd8") is (kind in ("article", "section")), kind
    assert shared(client, one_of_each["article"].url)["image:alt"] == "Une noue"


@pytest.mark.parametrize("audience", ["public", "members"])
def test_a_public_discussion_is_shared_too(client, home, member, audience):
    space = forum.open_space(slug="national", title="National", audience=audience, by="test")
    topic = forum.start_topic(space=space, title="Des noues", source="Elles durent.", by=Viewer.of(member))
    if audience == "public":
        assert told_picture(client, topic.get_absolute_url())
    client.force_login(member)
    assert client.get(topic.get_absolute_url()).status_code == 200
    assert shared(client, topic.get_absolute_url()) == {}


def test_what_members_alone_read_is_shared_with_nobody(client, one_of_each, restrict, member):
    page = one_of_each["article"]
    restrict(page, MEMBERS)
    assert shared(client, page.url) == {}
    with change(by="test"):
        project_groups(member)
    client.force_login(member)
    assert page.title in client.get(page.url).content.decode()
    assert shared(client, page.url) == {}
    assert shared(client, "/") == {}


@pytest.mark.parametrize(("audience", "count"), [("public", 1), ("members", 0)])
def test_a_public_meeting_is_an_event_without_its_room(client, referential, office, audience, count):
    begins = timezone.now() + timedelta(days=9)
    meeting = actions.create_meeting(
        title="Visite </script> des noues", audience=audience, region_id="53", kind="visit", begins_at=begins,
        ends_at=begins + timedelta(hours=3), place="Redon", link="https://visio.example/secrete",
        by=Viewer.of(office),
    )  # fmt: skip
    actions.announce_meeting(meeting_id=meeting.pk, by=Viewer.of(office))
    if count:
        assert told_picture(client, meeting.get_absolute_url())
    else:
        assert shared(client, meeting.get_absolute_url()) == {}
    client.force_login(office)
    assert shared(client, meeting.get_absolute_url()) == {}
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
