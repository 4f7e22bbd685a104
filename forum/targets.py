"""What a draft is for: where it goes on, in words and as an address, as far as its author may still go there."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from forum import queries, rules
from forum.models import Draft, Kind, Space
from members.viewer import Viewer
from realtime.kinds import number_of

PATHS = {"difficulte": Kind.DIFFICULTY, "question": Kind.QUESTION, "piste": Kind.TRACK, "information": Kind.INFORMATION}
"""The kinds of topics, as the addresses of their forms name them."""


@dataclass(frozen=True)
class Place:
    """Where a draft goes on."""

    words: str
    address: str


LOST = Place("L’endroit où vous écriviez ne vous est plus ouvert ; votre texte est gardé ici.", "")


def writes_at(viewer: Viewer, target: str) -> bool:
    """Whether the viewer may keep a draft for this. At most one SQL query."""
    kind, _, object_id = target.partition(":")
    number = number_of(object_id)
    if kind == "topic":
        topic = queries.topic_of(viewer, number)
        return topic is not None and rules.may_reply(viewer, topic)
    if kind == "space":
        space = Space.objects.filter(pk=number).first()
        return space is not None and rules.may_write(viewer, space)
    post = queries.post_of(viewer, number) if kind == "post" else None
    return post is not None and rules.may_edit(viewer, post)


def place_of(draft: Draft, viewer: Viewer) -> Place:
    """Where a draft goes on. At most two SQL queries."""
    kind, _, object_id = draft.target.partition(":")
    number = number_of(object_id)
    if not writes_at(viewer, draft.target):
        return LOST
    if kind == "topic" and (topic := queries.topic_of(viewer, number)):
        return Place(f"Une réponse à « {topic.title} »", f"{reverse('forum:unread', args=[topic.pk])}")
    if kind == "space" and (space := Space.objects.filter(pk=number).first()):
        path = next((path for path, one in PATHS.items() if one == draft.content.get("kind")), "question")
        return Place(f"Une discussion dans « {space.title} »", reverse("forum:start", args=[space.slug, path]))
    post = queries.post_of(viewer, number)
    return (
        Place(f"Une modification dans « {post.topic.title} »", reverse("forum:edit", args=[number])) if post else LOST
    )
