"""What the forum's pages read, each with its number of SQL queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce
from django.utils import timezone

from changes.prepared import Prepared, PreparedObjects, given
from changes.streams import stands
from forum import fragments, rules
from forum.models import Concern, Draft, Post, Reading, Space, State, Topic
from forum.shown import post_shown_in
from forum.streams import view_in
from members.models import Follow, Person
from members.viewer import Viewer
from realtime.kinds import Content, Key

LAST_DAY = date(9000, 1, 1)
PAGE = 20
"""Posts, by number, on one page of a topic: page 200 costs what page 1 costs, and no count is asked for."""


def spaces(viewer: Viewer) -> list[Space]:
    """The spaces that the viewer reads, in their order. One SQL query."""
    return list(Space.objects.visible_to(viewer).select_related("region"))


def space_of(viewer: Viewer, slug: str) -> Space | None:
    """The space of an address (an older one too), where the viewer reads it. One SQL query, two for an older one."""
    seen = Space.objects.visible_to(viewer).select_related("parent")
    return seen.filter(slug=slug).first() or seen.filter(addresses__slug=slug).first()


Positions = Mapping[str, int]
"""How far each view of a stream has come."""


def positions(stream: str) -> Positions:
    """Where each view of a stream stands; ask before any row that the page shows, its topic too. One SQL query."""
    return {view: stand.pos for (_, view), stand in stands([stream]).items()}


def topic_of(viewer: Viewer, pk: int) -> Topic | None:
    """The topic of an address, where the viewer may see it. One SQL query."""
    topic = next(iter(ONE_TOPIC.objects(topic=pk)), None)
    return topic if topic is not None and rules.may_see_topic(viewer, topic) else None


ONE_TOPIC = PreparedObjects(Topic, lambda: Topic.objects.filter(pk=given("topic")).order_by(), "space")


@dataclass(frozen=True)
class Mine:
    """What a topic is to a person: how far they read, whether they follow it, what they have begun to write."""

    read: int = 0
    level: str = ""
    draft: str = ""
    sequence: int = 0
    saved_at: datetime | None = None


def mine(viewer: Viewer, topic: Topic) -> Mine:
    """What the topic is to the viewer. One SQL query; visitors cost none."""
    if viewer.person is None:
        return Mine()
    rows = MINE.rows(person=viewer.person.pk, topic=topic.pk, object=str(topic.pk), target=topic.stream)
    if not rows:
        return Mine()
    read, level, draft, sequence, saved_at = rows[0]
    return Mine(read or 0, level or "", (draft or {}).get("source", ""), sequence or 0, saved_at)


def _mine() -> QuerySet[Any, Any]:
    person = given("person", IntegerField())
    drafts = Draft.objects.filter(person=person, target=given("target", TextField()))
    follows = Follow.objects.filter(person=person, kind="topic", object_id=given("object", TextField()))
    reads = Reading.objects.filter(person=person, topic=given("topic", IntegerField()))
    return (
        Person.objects.filter(pk=person)
        .order_by()
        .annotate(
            read=Subquery(reads.values("number")),
            level=Subquery(follows.values("level")),
            draft=Subquery(drafts.values("content")),
            sequence=Subquery(drafts.values("sequence")),
            saved_at=Subquery(drafts.values("saved_at")),
        )
        .values_list("read", "level", "draft", "sequence", "saved_at")
    )


MINE = Prepared(_mine)


@dataclass(frozen=True)
class TopicPage:
    """One page of a topic, as a view shows it."""

    topic: Topic
    view: str
    pos: int
    head: Content
    answer: Content
    posts: Sequence[Post]
    fragments: dict[Key, Content]
    number: int
    pages: int

    @property
    def first(self) -> int:
        """The lowest number of a post that stands on this page, whether it is shown or not."""
        return (self.number - 1) * PAGE + 1

    @property
    def last(self) -> int:
        """The highest number; a last page takes more while it is open."""
        return self.number * PAGE

    @property
    def is_last(self) -> bool:
        return self.number == self.pages


def topic_page(viewer: Viewer, topic: Topic, at: Positions, number: int) -> TopicPage:
    """Posts of one page (the last one where the number is beyond). One SQL query, whatever the topic's length.

    `at` was read before the topic: what is committed between the two comes to the page by its stream.
    """
    view = view_in(viewer, topic.space) or "public"
    pages = max(1, -(-topic.last_number // PAGE))
    number = min(max(1, number), pages)
    shown = []
    for post in PAGE_POSTS.objects(topic=topic.pk, before=(number - 1) * PAGE, last=number * PAGE):
        post.topic = topic
        if view in post_shown_in(post):
            shown.append(post)
    found = fragments.page(topic, shown, view)
    head, answer = found.pop(("topic", str(topic.pk))), found.pop(("answer", str(topic.pk)))
    return TopicPage(topic, view, at.get(view, 0), head, answer, shown, found, number, pages)


PAGE_POSTS = PreparedObjects(
    Post,
    lambda: Post.objects.filter(
        topic=given("topic"), number__gt=given("before", IntegerField()), number__lte=given("last", IntegerField())
    ).order_by("number"),
    fields=("id", "topic_id", "number", "author_id", "state", "revision", "edited_at", "deleted_at"),
)
"""What rules ask about posts; their text stands in fragments, mostly rendered before."""


UNREAD_COUNTED = 100
"""Messages after the last one read among which unread ones are counted: a long topic costs no more than a short one."""


class Unread(NamedTuple):
    """What a person has not read of a topic: how many messages (`more`: at least so many), the first's number."""

    messages: int
    first: int
    more: bool = False


def unread_posts(person: Any, joined_at: Any = None, of: str = "") -> QuerySet[Post]:
    """Visible posts of others that the person has not been shown, since they joined. For the rights ask the topics.

    Inside another query `of` names its field that holds the topic: how far the person is is then read once for each of
    its rows, not for each post. In a prepared query person and date stand for what is asked.
    """
    rows = Post.objects.filter(state=State.VISIBLE, created_at__gt=joined_at or person.joined_at).exclude(author=person)
    if of:
        rows = rows.filter(topic=OuterRef(of))
    return rows.filter(number__gt=_number_read(person, OuterRef(OuterRef(of)) if of else OuterRef("topic")))


def _number_read(person: Any, topic: OuterRef) -> Coalesce:
    return Coalesce(Subquery(Reading.objects.filter(person=person, topic=topic).values("number")), 0)


def unread_in(viewer: Viewer, topics: Iterable[int]) -> dict[int, Unread]:
    """What is unread in topics that the viewer sees, by primary key; those read whole are missing. One SQL query."""
    if viewer.person is None:
        return {}
    unread = unread_posts(viewer.person, of="pk").order_by()
    nearest = unread.filter(number__lte=_number_read(viewer.person, OuterRef(OuterRef("pk"))) + UNREAD_COUNTED)
    rows = Topic.objects.filter(pk__in=list(topics)).annotate(
        first=Subquery(unread.order_by("number").values("number")[:1]),
        messages=Subquery(nearest.values("topic").annotate(count=Count("pk")).values("count")),
        beyond=F("last_number") - _number_read(viewer.person, OuterRef("pk")) - UNREAD_COUNTED,
    )
    return {
        pk: Unread(messages or 1, first, beyond > 0)
        for pk, first, messages, beyond in rows.order_by().values_list("pk", "first", "messages", "beyond")
        if first is not None
    }


def first_unread(viewer: Viewer, topic: Topic) -> Post | None:
    """The first visible message that the viewer has not read; None where all is read. One SQL query."""
    if viewer.person is None:
        return None
    return unread_posts(viewer.person).filter(topic=topic).order_by("number").first()


def level_of(viewer: Viewer, kind: str, pk: int) -> str:
    """`watched`, `muted` (wants to hear no more of it), or neither (empty). One SQL query."""
    if viewer.person is None:
        return ""
    rows = Follow.objects.filter(person=viewer.person, kind=kind, object_id=str(pk))
    return rows.values_list("level", flat=True).first() or ""


def post_of(viewer: Viewer, pk: int) -> Post | None:
    """A post of an address, where the viewer sees it. One SQL query."""
    post = Post.objects.select_related("topic__space", "author", "organisation").filter(pk=pk).first()
    if post is None or not rules.may_see_topic(viewer, post.topic):
        return None
    return post if (view_in(viewer, post.topic.space) or "") in post_shown_in(post) else None


def post_at(topic: Topic, *, number: int | None = None, day: date | None = None) -> Post | None:
    """The first visible message from a number on, or from a day on; else the last one. At most two SQL queries."""
    rows = Post.objects.filter(topic=topic, state=State.VISIBLE)
    if number is not None:
        found = rows.filter(number__gte=number).order_by("number").first()
    else:
        first = timezone.localdate(topic.created_at)
        start = timezone.make_aware(datetime.combine(min(max(day or first, first), LAST_DAY), time.min))
        found = rows.filter(created_at__gte=start).order_by("number").first()
    return found or rows.order_by("-number").first()


def concerned_by(topic: Topic) -> list[Concern]:
    """The collectivités that have the same difficulty, by name. One SQL query."""
    return list(topic.concerns.select_related("organisation").order_by("organisation__name", "id")[:500])


def page_of_post(post: Post) -> int:
    """The page of its topic on which a post stands."""
    return (post.number - 1) // PAGE + 1


def move_targets(viewer: Viewer, topic: Topic) -> list[Space]:
    """Where the viewer may move a topic. One SQL query."""
    return [space for space in Space.objects.visible_to(viewer) if rules.may_move(viewer, topic, space)]


def miscounted() -> QuerySet[Topic]:
    """Topics whose counters are not what a recount gives. One SQL query."""
    replies = Count("posts", filter=Q(posts__state=State.VISIBLE, posts__number__gt=1), distinct=True)
    concerns = Count("concerns", distinct=True)
    recounted = Topic.objects.annotate(replies=replies, concerned=concerns)
    return recounted.exclude(replies=F("reply_count"), concerned=F("concern_count"))
