"""What a page of the forum is about: found where the viewer may see it, else 404; and its breadcrumb."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse

from forum import queries
from forum.models import Post, Space, Topic
from members.middleware import ClubRequest

FORUM = "Forum"
Crumbs = list[tuple[str, str]]


def the_space(request: ClubRequest, slug: str) -> Space:
    """The space of an address."""
    space = queries.space_of(request.viewer, slug)
    if space is None:
        raise Http404
    return space


def the_topic(request: ClubRequest, pk: int) -> Topic:
    """The topic of an address."""
    topic = queries.topic_of(request.viewer, pk)
    if topic is None:
        raise Http404
    return topic


def the_post(request: ClubRequest, pk: int) -> Post:
    """The post of an address."""
    post = queries.post_of(request.viewer, pk)
    if post is None:
        raise Http404
    return post


def crumbs(space: Space | None = None, topic: Topic | None = None, last: str = "") -> Crumbs:
    """Forum, space, topic, and what is done there; the last one has no address."""
    found: Crumbs = [(FORUM, reverse("forum:spaces"))]
    if space is not None:
        found.append((space.title, space.get_absolute_url()))
    if topic is not None:
        found.append((topic.title, topic.get_absolute_url()))
    return [*found, (last, "")] if last else [*found[:-1], (found[-1][0], "")]


def number_in(request: ClubRequest, name: str) -> int | None:
    """A number of the address (`?page=3`); None where there is none."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 8 else None
