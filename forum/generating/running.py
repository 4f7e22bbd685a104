"""The volume from its numbers to its end: in batches, so that memory is flat; streams move once, at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.text import slugify

from changes import Actor, change
from changes.streams import PUBLIC as EVERYBODY
from forum import bulk
from forum.generating.making import Made, Maker, posts_per_topic, rows_of
from forum.generating.members import make_members
from forum.models import MEMBERS, PUBLIC, Post, Space, Topic
from forum.shown import views_of
from forum.spaces import open_space
from projects.models import Commitment, Project
from territories.models import Region

BATCH = 5000  # posts of one transaction; a longer topic is a batch of its own
Progress = Callable[[int, int], None]
THEMES = {
    "eau-nature": "Eau et nature en ville",
    "energie-reseaux": "Énergie et réseaux",
    "mobilites": "Mobilités",
    "gouvernance-habitants": "Gouvernance et habitants",
}


class GenerationRefused(Exception):
    """Invented volume has no place in production, or the numbers make no sense; the message says which (French)."""


@dataclass(frozen=True)
class Rate:
    """What was made, and how long the posts took from the first to the end."""

    members: int
    topics: int
    posts: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.posts / max(self.seconds, 1e-9)


def generate(
    *,
    members: int,
    topics: int,
    posts: int,
    seed: int,
    long: int = 0,
    space: str = "",
    by: Actor | str,
    progress: Progress | None = None,
) -> Rate:
    """Make members, topics and posts, the same for the same seed; with `space` all topics stand in that one.

    Dates end now. Raises `GenerationRefused`, `AlreadyThere`.
    """
    if settings.PRODUCTION:
        raise GenerationRefused("Le contenu inventé n’est pas admis en production.")
    random, now = Random(seed), timezone.now()  # noqa: S311 - invented content, no secret
    try:
        counts = posts_per_topic(topics, posts, long, random)
    except ValueError as wrong:
        raise GenerationRefused(f"Ces nombres ne vont pas ensemble : {wrong}.") from wrong
    people = make_members(members, random, seed=seed, now=now, by=by)
    spaces = _spaces(space, by=by)
    maker = Maker(
        random,
        people,
        spaces,
        commitments=list(Commitment.objects.order_by("number").values_list("pk", flat=True)),
        projects=list(Project.objects.order_by("source_key", "pk").values_list("pk", flat=True)[:200]),
        now=now,
    )
    begun, done, batch, waiting = time.perf_counter(), 0, list[Made](), 0
    for made in maker.topics(counts):
        batch.append(made)
        waiting += len(made.posts)
        if waiting >= BATCH:
            _write(batch, by=by)
            done, batch, waiting = done + waiting, [], 0
            if progress:
                progress(done, posts)
    _write(batch, by=by)
    _end(spaces, by=by, seed=seed, posts=posts)
    return Rate(members, topics, posts, time.perf_counter() - begun)


def _spaces(only: str, *, by: Actor | str) -> list[Space]:
    """The spaces that the demo has too: the first gets most."""
    if only:
        return [open_space(slug=only, title=only.replace("-", " ").capitalize(), audience=PUBLIC, by=by)]
    spaces = [
        open_space(slug="national", title="Espace national", audience=PUBLIC, by=by),
        open_space(slug="entre-membres", title="Entre membres", audience=MEMBERS, by=by),
    ]
    for slug, title in THEMES.items():
        kind = Space.Kind.THEMATIC.value
        spaces.append(open_space(slug=slug, title=title, audience=PUBLIC, kind=kind, by=by))
    for region in Region.objects.in_force().filter(departments__isnull=False).distinct().order_by("code"):
        kind, slug = Space.Kind.REGIONAL.value, slugify(region.name)
        parent = open_space(slug=slug, title=region.name, audience=MEMBERS, kind=kind, region_id=region.code, by=by)
        reserved = open_space(
            slug=f"{slug}-entre-nous",
            title=f"{region.name}, entre nous",
            audience=f"region:{region.code}",
            kind=kind,
            region_id=region.code,
            parent=parent,
            by=by,
        )
        spaces += [parent, reserved]
    return spaces


def _write(batch: list[Made], *, by: Actor | str) -> None:
    if not batch:
        return
    with change(by=by):
        posts = 0
        for made, pk in zip(batch, bulk.reserve(Topic, len(batch)), strict=True):
            made.topic.pk = pk
            posts += len(made.posts)
        ids = iter(bulk.reserve(Post, posts))
        tag, tags = Topic.commitments.through, []
        for made in batch:
            pk = made.topic.pk
            for post in made.posts:
                post.pk, post.topic_id = next(ids), pk
            for concern in made.concerns:
                concern.topic_id = pk
            for reading in made.readings:
                reading.topic_id = pk
            if made.difficulty:
                made.difficulty.topic_id = pk
            for follow in made.follows:
                follow.object_id = str(pk)
            tags += [tag(topic_id=pk, commitment_id=one) for one in made.commitments]
            made.topic.accepted_id = made.accepted.pk if made.accepted else None
        bulk.insert([made.topic for made in batch])
        bulk.insert(rows_of(batch, "posts"))
        bulk.insert([made.difficulty for made in batch if made.difficulty])
        bulk.insert(tags)
        for name in ("concerns", "readings", "follows"):
            bulk.insert(rows_of(batch, name))


def _end(spaces: list[Space], *, by: Actor | str, seed: int, posts: int) -> None:
    """Open screens take a snapshot, visitors' pages renew, the search hears once of each space."""
    with change(by=by) as c:
        for space in spaces:
            c.renew(space.stream, *views_of(space), snapshot=True)
            c.fact("forum.space_changed", space.pk)
        c.renew(EVERYBODY, EVERYBODY)
        c.log("generate", "forum", seed, after={"posts": posts})
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # plans of pages need to know the new sizes at once
            cursor.execute("ANALYZE forum_topic, forum_post, forum_reading, forum_concern, members_person")
