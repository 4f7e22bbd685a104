"""What the forum's streams show: `topic:9` its head and posts, `space:3` the lines of its topics."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import QuerySet

from forum import fragments, rules
from forum.models import Post, Space, Topic, TopicQuerySet
from forum.shown import post_shown_in, topic_shown_in
from members.viewer import Viewer
from realtime.kinds import Content, Key, Snapshot, StreamKind, number_of, register

SNAPSHOT_POSTS = 100
"""Beyond, a snapshot says only "fetch your page": a topic of 5,000 posts is no frame."""
SNAPSHOT_TOPICS = 50


def view_in(viewer: Viewer, space: Space) -> str | None:
    """The viewer's view of a space and of its visible topics."""
    if not rules.may_read(viewer, space):
        return None
    if rules.may_moderate(viewer, space):
        return "mod"
    return "members" if viewer.is_member else "public"


def _ids(keys: Sequence[Key], kind: str) -> list[int]:
    return [number_of(object_id) for key_kind, object_id in keys if key_kind == kind]


@register
class TopicStream(StreamKind):
    """`topic:9`: objects `topic` (the head of its page), `answer` (the accepted one) and `post`."""

    prefix = "topic"

    def view_of(self, viewer: Viewer, object_id: str) -> str | None:
        """The view of whoever may see the topic. One SQL query."""
        topic = _topic(object_id)
        if topic is None or not rules.may_see_topic(viewer, topic):
            return None
        return view_in(viewer, topic.space)

    def contents(self, object_id: str, view: str, keys: Sequence[Key]) -> Mapping[Key, Content]:
        """Head and posts that the view shows now. At most two SQL queries."""
        topic = _topic(object_id)
        if topic is None or view not in topic_shown_in(topic):
            return {}
        shown: dict[Key, Content] = {}
        if topic.pk in _ids(keys, "topic"):
            shown |= fragments.heads([topic], view)
        if topic.pk in _ids(keys, "answer"):
            shown |= fragments.answers([topic], view)
        if ids := _ids(keys, "post"):
            rows = Post.objects.filter(topic=topic, pk__in=ids).select_related("author", "organisation")
            shown |= fragments.posts(_shown(rows.order_by("number"), topic, view), view)
        return shown

    def snapshot(self, object_id: str, view: str) -> Snapshot:
        """Head and posts; not whole beyond a hundred posts. At most two SQL queries."""
        topic = _topic(object_id)
        if topic is None or view not in topic_shown_in(topic):
            return Snapshot({})
        if topic.last_number > SNAPSHOT_POSTS:
            return Snapshot({}, whole=False)
        rows = Post.objects.filter(topic=topic).select_related("author", "organisation").order_by("number")
        above = {**fragments.heads([topic], view), **fragments.answers([topic], view)}
        return Snapshot({**above, **fragments.posts(_shown(rows, topic, view), view)})

    def with_presence(self, object_ids: Collection[str]) -> set[str]:
        """Topics of the spaces that say so. One SQL query."""
        rows = Topic.objects.filter(pk__in=map(number_of, object_ids), space__tells_presence=True)
        return {str(pk) for pk in rows.values_list("pk", flat=True)}


@register
class SpaceStream(StreamKind):
    """`space:3`: objects `topic`, the lines of its list, latest first."""

    prefix = "space"

    def view_of(self, viewer: Viewer, object_id: str) -> str | None:
        """The view of whoever reads the space. One SQL query."""
        space = Space.objects.filter(pk=number_of(object_id)).first()
        return view_in(viewer, space) if space is not None else None

    def contents(self, object_id: str, view: str, keys: Sequence[Key]) -> Mapping[Key, Content]:
        """Lines that the view shows now. Two SQL queries."""
        space = Space.objects.filter(pk=number_of(object_id)).first()
        if space is None:
            return {}
        return fragments.lines(_listed(space, Topic.objects.filter(pk__in=_ids(keys, "topic")), view), view)

    def snapshot(self, object_id: str, view: str) -> Snapshot:
        """All lines; not whole beyond fifty. Three SQL queries."""
        space = Space.objects.filter(pk=number_of(object_id)).first()
        if space is None:
            return Snapshot({})
        if Topic.objects.filter(space=space)[: SNAPSHOT_TOPICS + 1].count() > SNAPSHOT_TOPICS:
            return Snapshot({}, whole=False)
        return Snapshot(fragments.lines(_listed(space, Topic.objects.all(), view), view))


def _topic(object_id: str) -> Topic | None:
    return Topic.objects.select_related("space").filter(pk=number_of(object_id)).first()


def _shown(rows: QuerySet[Post], topic: Topic, view: str) -> list[Post]:
    shown = []
    for post in rows:
        post.topic = topic
        if view in post_shown_in(post):
            shown.append(post)
    return shown


def _listed(space: Space, rows: TopicQuerySet, view: str) -> list[Topic]:
    """Those of the topics that stand in the space and that the view shows, latest first."""
    shown = []
    for topic in rows.filter(space=space).for_lines().order_by("-last_post_at", "-id"):
        topic.space = space
        if view in topic_shown_in(topic):
            shown.append(topic)
    return shown
