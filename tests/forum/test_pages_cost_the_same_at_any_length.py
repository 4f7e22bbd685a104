"""The number of SQL queries of a page is fixed, at ten rows and at a thousand; ordered lists read an index."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changes import change
from forum import lists, queries
from forum.models import Post, Topic
from members.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def lengthen(topic: Topic, count: int, author: Person) -> None:
    """Rows without actions: a test of reading."""
    with change(by="test"):
        first = topic.last_number + 1
        Post.objects.bulk_create(
            Post(topic=topic, number=number, author=author, html=f"<p>{number}</p>", text=str(number))
            for number in range(first, first + count)
        )
        Topic.objects.filter(pk=topic.pk).update(last_number=first + count - 1, reply_count=first + count - 2)
        topic.refresh_from_db()


def cost(client, address: str) -> int:
    client.get(address)  # what is kept for a while (rights, epoch, fragments) is there
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def first_cost(client, address: str) -> int:
    """Of a page that nobody has asked for since the last change; its fragments are there."""
    client.get(address)
    other = f"{address}{'&' if '?' in address else '?'}etape="
    with CaptureQueriesContext(connection) as captured:
        assert client.get(other).status_code == 200
    return len(captured)


@pytest.mark.parametrize("count", [9, 999])
def test_a_topic_page(client, topic, author, count):
    lengthen(topic, count, author.person)
    last = f"{topic.get_absolute_url()}?page={-(-topic.last_number // queries.PAGE)}"
    assert [first_cost(client, address) for address in (topic.get_absolute_url(), last)] == [4, 4]
    assert [cost(client, address) for address in (topic.get_absolute_url(), last)] == [1, 1]
    client.force_login(author.person)
    assert [cost(client, address) for address in (topic.get_absolute_url(), last)] == [7, 7]


@pytest.mark.parametrize("count", [9, 999])
def test_a_space_page(client, space, author, count):
    with change(by="test"):
        Topic.objects.bulk_create(Topic(space=space, title=f"Sujet {n}", author=author.person) for n in range(count))
    assert first_cost(client, space.get_absolute_url()) == 6
    assert cost(client, space.get_absolute_url()) == 1
    client.force_login(author.person)
    assert cost(client, space.get_absolute_url()) == 10


def test_strips_and_catching_up(client, topic, author):
    lengthen(topic, 50, author.person)
    client.force_login(author.person)
    ids = "&".join(f"id=post-{post.pk}" for post in topic.posts.all())
    assert cost(client, f"/me/?{ids}") == 3
    answer = client.get(f"/flux/?s={topic.stream}")
    tag, pos, epoch = answer["ETag"], answer.json()["pos"][topic.stream], answer.json()["ep"]
    address = f"/flux/?s={topic.stream}@{pos}&ep={epoch}"
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        again = client.get(address, headers={"If-None-Match": client.get(address)["ETag"]})
    assert tag
    assert again.status_code == 304
    assert not again.content
    assert len(captured) <= 9


def test_lists_read_their_index_and_sort_nothing(space, topic, author, moderator):
    with change(by="test"):
        Topic.objects.bulk_create(Topic(space=space, title=f"Sujet {n}", author=author.person) for n in range(3000))
    lengthen(topic, 3000, author.person)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    cache.clear()
    ordered = [
        lists.topics_of(space, author).order_by("-last_post_at", "-id")[:25],
        Post.objects.filter(topic=topic, number__gt=40, number__lte=60).order_by("number"),
    ]
    for rows in ordered:
        plan = rows.explain()
        assert "TEMP B-TREE" not in plan, plan
        assert "Sort" not in plan, plan
        assert "SCAN forum_" not in plan, plan
        assert "Seq Scan on forum_topic" not in plan, plan
        assert "Seq Scan on forum_post" not in plan, plan
