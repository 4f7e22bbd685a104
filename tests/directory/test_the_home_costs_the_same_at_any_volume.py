"""The number of SQL queries of a home is fixed, at ten rows and at a thousand; its lists read their index."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from changes import change
from directory import queries
from directory.waiting import waiting
from forum.models import Draft, Post, Topic
from meetings.models import Meeting, Registration
from members.actions import give_membership, give_role
from members.models import Follow, Person, Role, RoleAssignment, Scope
from members.viewer import Viewer
from notifications.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def fill(count: int, spaces: list, author: Viewer, reader: Viewer) -> None:
    """Rows without actions: topics of every kind and state, followed, told of, answered; drafts; correspondents."""
    now = timezone.now()
    with change(by="test"):
        Person.objects.update(joined_at=now - timedelta(days=400))
        for number in range(count):
            at = now - timedelta(hours=number)
            Topic.objects.bulk_create(
                Topic(
                    space=space, title=f"Sujet {number}", author=(author, reader)[number % 2].person, region_id="53",
                    kind=("difficulty", "question")[number // 2 % 2], created_at=at, last_post_at=at, last_number=2,
                    reply_count=number % 3,
                )
                for space in spaces
            )  # fmt: skip
        topics = list(Topic.objects.all())
        Post.objects.bulk_create(
            Post(topic=topic, number=number, author=author.person, html="<p>a</p>", text="a")
            for topic in topics
            for number in (1, 2)
        )
        followed = topics[: len(topics) // 2]
        Follow.objects.bulk_create(Follow(person=reader.person, kind="topic", object_id=t.pk) for t in followed)
        Notification.objects.bulk_create(
            Notification(person=reader.person, topic=t, reason="replied", told_at=t.last_post_at) for t in followed
        )
        Draft.objects.bulk_create(
            Draft(person=reader.person, target=f"topic:{n}", sequence=1, content={"source": "a"})
            for n in range(min(count, 100))
        )


def hold_meetings(count: int, reader: Viewer) -> None:
    """Meetings to come in the reader's région, for which they are registered or wait."""
    with change(by="test"):
        begins = timezone.now() + timedelta(days=5)
        meetings = Meeting.objects.bulk_create(
            Meeting(
                kind="regional", title=f"Rencontre {number}", region_id="53", audience="public", state="open",
                place="Ici", begins_at=begins + timedelta(hours=number), ends_at=begins + timedelta(hours=number + 1),
            )
            for number in range(count)
        )  # fmt: skip
        Registration.objects.bulk_create(
            Registration(meeting=one, person=reader.person, number=1, state="registered") for one in meetings
        )


def cost(client, viewer: Viewer, address: str = "/") -> int:
    cache.clear()
    client.force_login(viewer.person)
    client.get(address)  # what is kept for a while (rights, epoch, Wagtail's site) is there
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.fixture
def staff(make_viewer) -> list[Viewer]:
    guide = make_viewer("maelle", "53", role=Role.CORRESPONDENT, scope=(Scope.REGION, "53"))
    return [guide, make_viewer("isabelle", role=Role.NATIONAL_OFFICE)]


@pytest.mark.parametrize("count", [10, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_home(client, home, national, brittany, anne, bruno, cities, staff, make_viewer, count):
    fill(count, [national, brittany], bruno, anne)
    hold_meetings(count, anne)
    with change(by="test"):
        for number in range(min(count, 50)):
            person = Person.objects.create_user(
                f"p{number}@club.example", None, given_name="P", family_name=str(number)
            )
            give_membership(person, cities["53"], "agent", by="test")
            give_role(person, Role.CORRESPONDENT, Scope.REGION, "53", by="test")
    assert RoleAssignment.objects.count() > 10
    assert [cost(client, viewer) for viewer in (anne, *staff)] == [16, 17, 15]
    assert cost(client, make_viewer("noe", "53")) == 16, "the first steps cost nothing more"
    assert cost(client, anne, "/me/?id=home-0") == 6
    assert cost(client, anne, "/difficultes-sans-reponse/?region=53") == 6
    answer = client.get("/").content.decode()
    assert answer.count('club-line"') <= 5 + 3 + 3 + 3 + 3
    assert answer.count("meeting-line__words") == 3 + 2, "mine, and the next of my région"
    assert len(answer) < 45_000


def test_its_lists_read_their_index_and_sort_nothing(national, brittany, anne, bruno):
    with change(by="test"):
        now, regions = timezone.now(), ("53", "84", None)
        topics = (
            Topic(
                space=(national, brittany)[number % 2],
                title=f"Sujet {number}",
                region_id=regions[number % 3],
                author=(anne, bruno)[number % 5 == 0].person,
                kind=("difficulty", "question")[number % 2],
                reply_count=number % 3,
                last_number=1,
                last_post_at=now - timedelta(minutes=number),
                created_at=now - timedelta(minutes=number),
            )
            for number in range(6000)
        )
        Topic.objects.bulk_create(topics, batch_size=1000)
        made = Topic.objects.all()
        posts = (Post(topic=t, number=1, author=bruno.person, html="<p>a</p>", text="a") for t in made)
        Post.objects.bulk_create(posts, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    seen = Topic.objects.visible_to(anne)
    ordered = {
        "topic_waiting": waiting(anne)[:3],
        "topic_recent": queries.latest_first(seen)[:3],
        "topic_of_author": seen.filter(author=bruno.person, kind="question").order_by("-last_post_at", "-id")[:3],
        "topic_of_region": seen.filter(region="53").order_by("-last_post_at", "-id")[:6],
        "topic_latest": Topic.objects.filter(space=national, state="visible").order_by("-last_post_at", "-id")[:6],
    }
    unread = queries.unread_elsewhere(anne, ["84"])[:3]
    for index, rows in [*ordered.items(), ("topic_recent", unread)]:
        plan = rows.explain()
        assert index in plan, plan
        assert "TEMP B-TREE" not in plan, plan
        assert "Sort" not in plan, plan
        assert "SCAN forum_topic\n" not in plan, plan
        assert "Seq Scan on forum_topic" not in plan, plan


def test_the_home_s_own_queries_name_no_more_rows_than_they_show(national, brittany, anne, bruno):
    fill(60, [national, brittany], bruno, anne)
    assert len(queries.replies(anne)) == queries.NEWS + 1
    assert len(queries.asked_by(anne)) == queries.SHOWN
    assert queries.drafts(anne).count == 60
    own = queries.regions(anne)
    (news,) = queries.region_news(anne, own, queries.spaces(anne, ["53"]))
    assert [len(news.waiting), len(news.latest)] == [queries.SHOWN, queries.SHOWN]
