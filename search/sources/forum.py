"""Topics and replies. What stands in a space bears it as its only token: who reads a space is asked at query time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left
from django.urls import reverse

from forum.models import Post, Space, State, Topic
from look.templatetags.look import quantity
from members.models import Organisation, Person, Role
from members.viewer import Viewer
from search.core.matter import Matter
from search.sources.base import Source, place_words, words

READ_REPLIES, READ_TEXT = 30, 1500
"""Replies that are read with their topic, and the characters of each."""
OFFICIAL = {Role.NATIONAL_OFFICE.value, Role.CORRESPONDENT.value, Role.EXPERT.value, Role.FACILITATOR.value}


def token_of_space(pk: int) -> str:
    """What a document in a space bears. No token of a viewer is like it: a role in a space is no right to read it."""
    return f"in-space:{pk}"


def _themes(topics: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Numbers and names of the engagements of topics. One SQL query."""
    tagged = Topic.commitments.through.objects.filter(topic__in=list(topics)).order_by("commitment__number")
    found: dict[int, list[tuple[int, str]]] = {}
    for topic, number, name in tagged.values_list("topic", "commitment__number", "commitment__name"):
        found.setdefault(topic, []).append((number, name))
    return found


def _replies(topics: Iterable[int]) -> dict[int, tuple[str, str]]:
    """What the first replies of topics say, and who wrote them. Three SQL queries, of bounded rows."""
    rows = Post.objects.filter(topic__in=list(topics), number__gt=1, number__lte=READ_REPLIES, state=State.VISIBLE)
    read = list(
        rows.order_by("topic", "number").values_list("topic", "author", "organisation", Left("text", READ_TEXT))
    )
    people = Person.objects.in_bulk({author for _, author, _, _ in read})
    organisations = Organisation.objects.in_bulk({organisation for _, _, organisation, _ in read if organisation})
    texts: dict[int, list[str]] = {}
    voices: dict[int, dict[str, None]] = {}
    for topic, author, organisation, text in read:
        texts.setdefault(topic, []).append(text)
        voices.setdefault(topic, {})[words(people.get(author), organisations.get(organisation))] = None
    return {topic: ("\n".join(said), words(*voices[topic])) for topic, said in texts.items()}


def _of_topic(topic: Topic, themes: list[tuple[int, str]]) -> dict[str, Any]:
    """What topic and replies have in common."""
    region = topic.space.region_id or topic.region_id
    return {
        "root": f"topic:{topic.pk}",
        "audience": (token_of_space(topic.space_id),),
        "space": str(topic.space_id),
        "regions": (region,) if region else (),
        "themes": tuple(str(number) for number, _ in themes),
        "state": topic.status,
        "detail": topic.space.title,
        "extra": {
            "state": topic.get_status_display(),
            "kind": topic.get_kind_display(),
            "replies": quantity(topic.reply_count, "réponse,réponses"),
        },
    }


class TopicSource(Source):
    """A topic with its matter, the first post."""

    name = "topic"

    def rows(self) -> QuerySet[Topic]:
        return Topic.objects.filter(state=State.VISIBLE)

    def build(self, ids: Sequence[int]) -> list[Matter]:
        """Six SQL queries."""
        topics = list(
            self.rows()
            .filter(pk__in=ids)
            .select_related(
                "space__region",
                "author",
                "organisation",
                "region",
                "project__commune__department",
                "project__commune__region",
            )
        )
        matter = dict(Post.objects.filter(topic__in=ids, number=1, state=State.VISIBLE).values_list("topic", "text"))
        themes, replies = _themes(ids), _replies(ids)
        made = []
        for topic in topics:
            tags = themes.get(topic.pk, [])
            project = topic.project
            said, voices = replies.get(topic.pk, ("", ""))
            made.append(
                Matter(
                    key=self.key(topic.pk),
                    kind="topic",
                    title=topic.title,
                    url=topic.get_absolute_url(),
                    containers=(topic.space.stream, self.key(topic.pk)),
                    at=topic.last_post_at,
                    text=matter.get(topic.pk, ""),
                    replies=said,
                    voices=voices,
                    people=words(topic.author, topic.organisation),
                    place=words(
                        topic.region and topic.region.name,
                        topic.space.region and topic.space.region.name,
                        place_words(project.commune) if project else "",
                    ),
                    tags=words(*(name for _, name in tags), project, topic.get_kind_display()),
                    weight=1.15 if topic.accepted_id else 1.0,
                    **_of_topic(topic, tags),
                )
            )
        return made

    def readable(self, viewer: Viewer, ids: Iterable[int]) -> set[int]:
        rows = Topic.objects.visible_to(viewer).filter(pk__in=list(ids))
        return set(rows.values_list("pk", flat=True))


class PostSource(Source):
    """A reply; it folds under its topic."""

    name = "post"

    def rows(self) -> QuerySet[Post]:
        return Post.objects.filter(state=State.VISIBLE, number__gt=1, topic__state=State.VISIBLE)

    def build(self, ids: Sequence[int]) -> list[Matter]:
        """Six SQL queries: of the replies of a batch, few stand in other topics or have other authors."""
        posts = list(
            self.rows().filter(pk__in=ids).prefetch_related("topic__space", "author", "organisation").defer("html")
        )
        topics = {post.topic_id: post.topic for post in posts}
        themes = _themes(topics)
        of_topic = {pk: _of_topic(topic, themes.get(pk, [])) for pk, topic in topics.items()}
        address = reverse("forum:post", args=[0])  # once: it costs more than all else that a reply's document says
        return [
            Matter(
                key=self.key(post.pk),
                kind="post",
                title="",
                about=post.topic.title,
                url=address.replace("0", str(post.pk)),
                containers=(post.topic.space.stream, f"topic:{post.topic_id}", self.key(post.pk)),
                at=post.created_at,
                text=post.text,
                people=words(post.author, post.organisation),
                covered=post.number <= READ_REPLIES and len(post.text) <= READ_TEXT,
                weight=1.3 if post.topic.accepted_id == post.pk else 1.1 if post.role in OFFICIAL else 1.0,
                **of_topic[post.topic_id],
            )
            for post in posts
        ]

    def readable(self, viewer: Viewer, ids: Iterable[int]) -> set[int]:
        spaces = Space.objects.visible_to(viewer)
        rows = self.rows().filter(pk__in=list(ids), topic__space__in=spaces)
        return set(rows.values_list("pk", flat=True))
