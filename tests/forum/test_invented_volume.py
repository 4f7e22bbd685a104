"""Volume for measures: the same for the same seed, of every kind and state, with counters that are right."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from changes import SYSTEM
from changes.models import Entry, Fact, Head
from forum import queries
from forum.generating import running
from forum.generating.making import posts_per_topic
from forum.generating.running import GenerationRefused, generate
from forum.generating.words import Words, matter
from forum.matter import matter_source
from forum.models import Concern, Difficulty, Kind, Post, Reading, Space, State, Status, Topic
from forum.text import written
from members.models import Membership, Person
from members.services import seed_services
from members.viewer import Viewer
from notifications.models import QueuedMail
from projects.charter import seed_charter

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.storage, pytest.mark.usefixtures("club")]


@pytest.fixture
def club(referential) -> None:
    seed_services()
    seed_charter()


def made(seed: int = 1, **options):
    return generate(**{"members": 60, "topics": 120, "posts": 1500, "long": 200, **options}, seed=seed, by=SYSTEM)


def content(seed: int) -> list:
    """What a seed makes; the database is as before afterwards."""
    with transaction.atomic():
        made(seed)
        posts = Post.objects.order_by("topic", "number")
        found = [
            list(posts.values_list("topic__title", "number", "author__email", "function", "text", "state")),
            list(Topic.objects.order_by("pk").values_list("space__slug", "kind", "status", "concern_count", "step")),
            list(Membership.objects.order_by("pk").values_list("person__family_name", "organisation__name")),
            sorted(Reading.objects.values_list("person__email", "topic__title", "number")),
        ]
        transaction.set_rollback(True)
    return found


def test_the_same_seed_makes_the_same_content_and_another_one_another():
    assert content(5) == content(5)
    assert content(5)[0] != content(6)[0]


def test_it_makes_what_was_asked_with_counters_that_are_right():
    made()
    assert Person.objects.filter(email__endswith="@mesure.example").count() == 60
    assert (Topic.objects.count(), Post.objects.count()) == (120, 1500)
    assert not queries.miscounted()
    for topic in Topic.objects.all():
        last = topic.posts.order_by("-number").first()
        assert (last.number, last.created_at) == (topic.last_number, topic.last_post_at)
    lengths = sorted(Topic.objects.values_list("last_number", flat=True))
    assert lengths[0] == 1
    assert 200 in lengths
    assert lengths[60] < 1300 / 119, "the half of the topics is shorter than the mean"


def test_all_kinds_and_states_are_there_and_agree(work):
    made(topics=900, posts=6000)
    assert {topic.kind for topic in Topic.objects.all()} == set(Kind.values)
    assert {topic.status for topic in Topic.objects.all()} == set(Status.values)
    assert {post.state for post in Post.objects.all()} == set(State.values)
    assert Topic.objects.filter(state=State.HIDDEN).exists()
    assert not Post.objects.filter(state=State.DELETED).exclude(text="", html="").exists()
    assert not Topic.objects.filter(status=Status.ANSWERED, accepted=None).exists()
    assert not Topic.objects.filter(accepted__isnull=False).exclude(accepted__topic=F("pk")).exists()
    assert not Topic.objects.exclude(accepted=None).exclude(accepted__state=State.VISIBLE).exists()
    assert not Topic.objects.filter(accepted__number=1).exists()
    assert Difficulty.objects.count() == Topic.objects.filter(kind=Kind.DIFFICULTY).count()
    assert Concern.objects.exists()
    assert not Concern.objects.filter(organisation=F("topic__organisation")).exists()
    assert Topic.objects.filter(commitments__isnull=False).exists()
    assert not Post.objects.filter(created_at__gt=timezone.now()).exists()
    assert not Post.objects.filter(created_at__lt=F("author__joined_at")).exists()
    assert Topic.objects.filter(space__audience__startswith="region:").exists()
    for topic in Topic.objects.filter(space__audience__startswith="region:").select_related("space", "author"):
        assert topic.space.audience in Viewer.of(topic.author).tokens
    work()
    assert not QueuedMail.objects.exists()


def test_something_is_unread_and_something_is_not():
    made()
    viewer = Viewer.of(Person.objects.get(pk=Reading.objects.filter(number__gt=3).first().person_id))
    topics = list(Topic.objects.visible_to(viewer).values_list("pk", flat=True))
    unread = queries.unread_in(viewer, topics)
    assert 0 < len(unread) < len(topics)


def test_no_entry_is_written_and_the_search_hears_once_of_each_space(settings):
    settings.FACT_CONSUMERS = {"search": ["forum.*"]}
    entries = Entry.objects.count()
    made()
    assert Entry.objects.count() == entries
    assert Fact.objects.filter(kind="forum.space_changed").count() == Space.objects.count() == Fact.objects.count()
    heads = Head.objects.filter(stream=Space.objects.get(slug="national").stream)
    assert {head.view for head in heads} == {"public", "members", "mod"}
    assert all(head.pos == head.floor == 1 for head in heads)
    assert not Head.objects.filter(stream__startswith="topic:").exists()
    assert Head.objects.get(stream="public").pos == 1


def test_what_is_composed_cheaply_is_what_cleaning_would_give():
    words = Words(Random(7))
    for _ in range(300):
        said = words.text()
        assert written(said.source) == (written(said.source).__class__)(said.html, said.text)
        assert 20 <= len(said.text.split()) <= 120
        assert 4 <= len(words.title().split()) <= 10
    parts = words.text(), words.text(), words.text()
    whole, kept = matter(*parts), written(matter_source(*(part.source for part in parts)))
    assert (whole.html, whole.text) == (kept.html, kept.text)


def test_batches_change_nothing(monkeypatch):
    whole = content(3)
    monkeypatch.setattr(running, "BATCH", 50)
    assert content(3) == whole


def test_a_post_written_here_has_the_next_id(office):
    made()
    highest = Post.objects.order_by("-pk").first().pk
    from forum import actions

    topic = Topic.objects.filter(space__slug="national", state=State.VISIBLE).exclude(status=Status.CLOSED).first()
    assert actions.reply_to_topic(topic_id=topic.pk, source="Une suite.", by=Viewer.of(office)).pk > highest


def test_the_same_seed_twice_or_senseless_numbers_are_refused():
    made()
    with pytest.raises(CommandError, match="graine 1"):
        call_command("generate", members=3, topics=1, posts=1, seed=1, stdout=StringIO(), stderr=StringIO())
    with pytest.raises(CommandError, match="au moins un message"):
        call_command("generate", members=3, topics=5, posts=4, seed=2, stdout=StringIO(), stderr=StringIO())
    assert Topic.objects.count() == 120


def test_it_is_refused_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(GenerationRefused):
        made()
    assert not Topic.objects.exists()


def test_all_topics_may_stand_in_one_space():
    out = StringIO()
    options = {"members": 5, "topics": 10, "posts": 30, "seed": 4, "space": "mesure"}
    call_command("generate", **options, stdout=out, stderr=StringIO())
    assert "30 messages" in out.getvalue()
    assert Space.objects.get(slug="mesure").topics.count() == 10


@pytest.mark.parametrize(("topics", "posts", "long"), [(1, 1, 0), (1, 5000, 5000), (50, 1000, 0), (50, 1000, 400)])
def test_the_posts_of_topics_make_the_sum(topics, posts, long):
    counts = posts_per_topic(topics, posts, long, Random(1))
    assert (len(counts), sum(counts)) == (topics, posts)
    assert min(counts) >= 1
    assert counts[0] == long or not long


def test_people_are_spread_over_regions_and_years():
    made(members=200)
    people = Person.objects.filter(email__endswith="@mesure.example")
    assert len(set(people.values_list("memberships__organisation__region", flat=True))) > 10
    assert people.filter(roles__role="correspondent").count() == 18
    new = timezone.now() - timedelta(days=40)
    assert 0 < people.filter(joined_at__gt=new).count() < 40
