"""The demo's discussions are imported with the demo's people, end now, and are never made in production."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from forum import queries
from forum.first import open_first_spaces
from forum.importing import demo
from forum.models import Kind, Post, Space, Status, Topic
from members.demo import DemoRefused, make_demo_people
from members.models import Person
from members.services import seed_services
from notifications.models import QueuedMail
from projects.demo import make_demo_projects

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.storage, pytest.mark.usefixtures("referential")]


@pytest.fixture
def people() -> None:
    seed_services()
    make_demo_projects()
    make_demo_people()


def test_it_shows_all_that_a_forum_knows_and_anybody_may_sign_in_as_its_people(client, people, work):
    made = demo.make_demo_topics()
    assert made == Topic.objects.count() >= 50
    assert {topic.kind for topic in Topic.objects.all()} == set(Kind.values)
    assert {topic.status for topic in Topic.objects.all()} == set(Status.values)
    assert Topic.objects.filter(concern_count__gt=0).exists()
    assert Space.objects.filter(audience__startswith="region:").exists()
    assert not queries.miscounted()
    latest = Post.objects.aggregate(latest=Max("created_at"))["latest"]
    assert timedelta() <= timezone.now() - latest < timedelta(hours=1)
    work()
    assert not QueuedMail.objects.exists()
    person = Person.objects.exclude(email="bureau@demo.example").order_by("-pk").first()
    assert client.login(username=person.email, password=settings.DEMO_PASSWORD)
    space = Space.objects.get(slug="national")
    assert client.get(space.get_absolute_url()).status_code == 200
    assert demo.make_demo_topics() == 0
    assert Topic.objects.count() == made


def test_it_is_refused_in_production(settings, people):
    settings.PRODUCTION = True
    with pytest.raises(DemoRefused):
        demo.make_demo_topics()
    assert not Topic.objects.exists()


def test_without_its_file_nothing_is_made(monkeypatch, tmp_path, people):
    monkeypatch.setattr(demo, "FILE", tmp_path / "absent.jsonl")
    assert demo.make_demo_topics() == 0
    assert [space.slug for space in open_first_spaces()] == ["national", "entre-membres"]
