"""What a draft is for: where it goes on, in words and as an address, as far as its author may still go there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from forum import queries, rules
from forum.models import Draft, Kind, Post, Space, Topic
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
    kind, _, rest = target.partition(":")
    name, _, nature = rest.partition(":")
    number = number_of(name)
    if str(number) != name:
        return False
    if kind == "topic" and not nature:
        topic = queries.topic_of(viewer, number)
        return topic is not None and rules.may_reply(viewer, topic)
    if kind == "space" and nature in Kind.values:
        space = Space.objects.filter(pk=number).first()
        return space is not None and rules.may_write(viewer, space)
    post = queries.post_of(viewer, number) if kind == "post" and not nature else None
    return post is not None and rules.may_edit(viewer, post)


def places_of(drafts: Sequence[Draft], viewer: Viewer) -> list[tuple[Draft, Place]]:
    """Drafts with where each goes on. Three SQL queries, however many."""
    ids: dict[str, list[int]] = {"topic": [], "space": [], "post": []}
    for draft in drafts:
        kind, name = draft.target.split(":")[:2]
        ids[kind].append(number_of(name))
    topics = Topic.objects.select_related("space").in_bulk(ids["topic"])
    spaces = Space.objects.in_bulk(ids["space"])
    posts = Post.objects.select_related("topic__space").in_bulk(ids["post"])
    found = []
    for draft in drafts:
        kind, name, *nature = draft.target.split(":")
        number, place = number_of(name), LOST
        if kind == "topic" and number in topics:
            place = _reply(viewer, topics[number])
        elif kind == "space" and number in spaces and rules.may_write(viewer, spaces[number]):
            path = next((path for path, one in PATHS.items() if nature == [one]), "question")
            address = reverse("forum:start", args=[spaces[number].slug, path])
            place = Place(f"{PATHS[path].label} dans « {spaces[number].title} »", address)
        elif kind == "post" and number in posts and rules.may_edit(viewer, posts[number]):
            place = Place(
                f"Une modification dans « {posts[number].topic.title} »", reverse("forum:edit", args=[number])
            )
        found.append((draft, place))
    return found


def _reply(viewer: Viewer, topic: Topic) -> Place:
    if rules.may_reply(viewer, topic):
        return Place(f"Une réponse à « {topic.title} »", reverse("forum:unread", args=[topic.pk]))
    if rules.may_see_topic(viewer, topic):
        return Place(f"« {topic.title} » est close : on n’y répond plus ; votre texte est gardé ici.", "")
    return LOST
