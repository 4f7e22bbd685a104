"""The journal of what was done in the forum, for whoever moderates: each for the spaces that they moderate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from changes.models import JournalLine
from forum.models import Post, Space, Topic
from members.models import Person

VERBS = {
    "start": "a ouvert une discussion",
    "rename": "a changé le titre d’une discussion",
    "delete": "a retiré un message",
    "restore": "a rétabli un message",
    "hide": "a masqué",
    "show": "a réaffiché",
    "move": "a déplacé une discussion",
    "accept": "a retenu une réponse",
    "withdraw_acceptance": "a retiré la réponse retenue",
    "close": "a clos une discussion",
    "reopen": "a rouvert une discussion",
    "pin": "a mis une discussion en tête",
    "unpin": "a retiré une discussion de la tête",
    "report": "a signalé un message",
    "decide_reports": "a décidé d’un signalement",
    "hide_version": "a masqué une version d’un message",
    "open": "a ouvert un espace",
    "change": "a modifié un espace",
    "look_as": "a regardé les droits d’une personne",
}


@dataclass(frozen=True)
class Line:
    """One line in words."""

    at: datetime
    who: str
    what: str
    about: str
    address: str
    before: Any
    after: Any
    reason: str


def lines_for(spaces: list[Space], *, everywhere: bool) -> QuerySet[JournalLine]:
    """Lines about these spaces, their topics and posts, the newest first; with `everywhere` the whole forum's.

    For a paginator.
    """
    rows = JournalLine.objects.filter(kind__in=["space", "topic", "post"]).order_by("-id")
    if everywhere:
        return rows
    text = CharField()
    in_spaces = Space.objects.filter(pk__in=[space.pk for space in spaces])
    topics = Topic.objects.filter(space__in=in_spaces).values(key=Cast("pk", text))
    posts = Post.objects.filter(topic__space__in=in_spaces).values(key=Cast("pk", text))
    return rows.filter(
        Q(kind="space", object_id__in=in_spaces.values(key=Cast("pk", text)))
        | Q(kind="topic", object_id__in=topics)
        | Q(kind="post", object_id__in=posts)
    )


def in_words(lines: list[JournalLine]) -> list[Line]:
    """A page of lines in words. Four SQL queries."""
    people = Person.objects.in_bulk([int(one.by[7:]) for one in lines if one.by.startswith("person:")])
    ids = {kind: [int(one.object_id) for one in lines if one.kind == kind] for kind in ("space", "topic", "post")}
    spaces, topics = Space.objects.in_bulk(ids["space"]), Topic.objects.in_bulk(ids["topic"])
    posts = {post.pk: post for post in Post.objects.filter(pk__in=ids["post"]).select_related("topic")}
    found = []
    for line in lines:
        person = people.get(int(line.by[7:])) if line.by.startswith("person:") else None
        about, address = _about(line, spaces, topics, posts)
        found.append(
            Line(
                line.at,
                person.get_full_name() if person else "Le site",
                VERBS.get(line.verb, line.verb),
                about,
                address,
                line.before,
                line.after,
                line.reason,
            )
        )
    return found


def _about(
    line: JournalLine, spaces: dict[int, Space], topics: dict[int, Topic], posts: dict[int, Post]
) -> tuple[str, str]:
    pk = int(line.object_id)
    if line.kind == "space" and pk in spaces:
        return spaces[pk].title, spaces[pk].get_absolute_url()
    if line.kind == "topic" and pk in topics:
        return topics[pk].title, reverse("forum:topic_by_number", args=[pk])
    if line.kind == "post" and pk in posts:
        return f"{posts[pk].topic.title}, message {posts[pk].number}", posts[pk].get_absolute_url()
    return "", ""
