"""Topics in memory: kinds, states, replies whose number has a long tail, answers, concerned collectivités, readings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from forum.generating.members import Member
from forum.generating.words import Text, Words, matter
from forum.models import Concern, Difficulty, Kind, Post, Reading, Space, State, Status, Topic
from forum.text import RENDERER
from members.models import Follow

DAYS = 1100  # how far back the oldest topic begins: all but the newest members were there by then
KINDS = [Kind.DIFFICULTY.value, Kind.QUESTION.value, Kind.TRACK.value, Kind.INFORMATION.value]
STATUS, STATE = {one.name: one.value for one in Status}, {one.name: one.value for one in State}


@dataclass
class Made:
    """One topic with what belongs to it, not yet written: ids come later."""

    topic: Topic
    posts: list[Post]
    accepted: Post | None = None
    difficulty: Difficulty | None = None
    commitments: list[int] = field(default_factory=list)
    concerns: list[Concern] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    follows: list[Follow] = field(default_factory=list)


def posts_per_topic(topics: int, posts: int, long: int, random: Random) -> list[int]:
    """How many posts each topic has: at least one, a few very many; the first has `long` where that is asked for."""
    short = topics - bool(long)
    spare = posts - topics - max(0, long - 1)
    if short < 0 or spare < 0 or (spare and not short):
        raise ValueError("il faut au moins un message par discussion, et ceux de la longue")
    weights = [random.paretovariate(1.3) - 1 for _ in range(short)]
    total = sum(weights) or 1.0
    counts = [1 + int(spare * weight / total) for weight in weights]
    missing = posts - sum(counts) - long
    for place in range(missing):
        counts[place % short] += 1
    return [long, *counts] if long else counts


class Maker:
    """Makes topics one after the other from one random source."""

    def __init__(
        self,
        random: Random,
        members: list[Member],
        spaces: list[Space],
        *,
        commitments: list[int],
        projects: list[int],
        now: datetime,
    ) -> None:
        self._random, self._words, self._now = random, Words(random), now
        self._spaces, self._commitments, self._projects = spaces, commitments, projects
        self._space_weights = list(accumulate(1 / rank for rank in range(1, len(spaces) + 1)))
        self._authors = [one for one in members if now - one.joined_at > timedelta(days=DAYS)] or members
        self._author_weights = list(accumulate(1 / (rank + 20) for rank in range(len(self._authors))))

    def topics(self, counts: list[int]) -> Iterator[Made]:
        """As many topics as counts, each with so many posts."""
        for count in counts:
            yield self._topic(count)

    def _topic(self, count: int) -> Made:
        random = self._random
        authors = random.choices(self._authors, cum_weights=self._author_weights, k=count)
        asker, age = authors[0], timedelta(days=DAYS * random.random() ** 1.5)
        start = self._now - age
        space = self._space(asker)
        kind = random.choices(KINDS, cum_weights=[45, 75, 90, 100])[0]
        topic = Topic(
            space=space,
            kind=kind,
            status=STATUS["OPEN"],
            title=self._words.title(),
            author_id=asker.pk,
            organisation_id=asker.organisation,
            region_id=asker.region,
            project_id=random.choice(self._projects) if self._projects and random.random() < 0.2 else None,
            state=STATE["VISIBLE"],
            created_at=start,
            last_number=count,
        )
        made = Made(topic, [])
        first = self._words.text()
        if kind == Kind.DIFFICULTY:
            topic.step = random.choice("1234")
            tried, wanted = self._words.text(), self._words.text()
            made.difficulty = Difficulty(context=first.source, tried=tried.source, wanted=wanted.source)
            first = matter(first, tried, wanted)
            made.concerns = self._concerns(asker, start)
        spread = min(age, timedelta(days=1 + random.expovariate(1 / 25))) / max(1, count)
        for place, author in enumerate(authors):
            at = start + spread * place
            made.posts.append(self._post(author, place + 1, first if place == 0 else self._words.text(), at))
        self._end(made)
        made.commitments = random.sample(self._commitments, min(len(self._commitments), random.randrange(4)))
        made.follows = [Follow(person_id=asker.pk, kind="topic", since=start)]
        made.readings = self._readings(made)
        return made

    def _space(self, asker: Member) -> Space:
        """A reserved space only holds what its own members write."""
        while True:
            space = self._random.choices(self._spaces, cum_weights=self._space_weights)[0]
            if not space.audience.startswith("region:") or space.audience == f"region:{asker.region}":
                return space

    def _post(self, author: Member, number: int, said: Text, at: datetime) -> Post:
        post = Post(
            number=number,
            author_id=author.pk,
            organisation_id=author.organisation,
            function=author.function,
            role=author.role,
            html=said.html,
            text=said.text,
            renderer=RENDERER,
            state=STATE["VISIBLE"],
            created_at=at,
        )
        chance = self._random.random()
        if number > 1 and chance < 0.004:
            post.state, post.reason = STATE["HIDDEN"], "Propos sans rapport avec la discussion."
        elif number > 1 and chance < 0.008:
            post.state, post.deleted_at, post.html, post.text = STATE["DELETED"], at + timedelta(hours=1), "", ""
        return post

    def _end(self, made: Made) -> None:
        """Counters, the accepted answer, how far the topic has come, whether it is hidden."""
        topic, random = made.topic, self._random
        replies = [post for post in made.posts[1:] if post.state == STATE["VISIBLE"]]
        topic.reply_count, topic.concern_count = len(replies), len(made.concerns)
        topic.last_post_at = made.posts[-1].created_at
        if replies and topic.asks and random.random() < 0.4:
            made.accepted = random.choice(replies)
            topic.status = STATUS["ANSWERED"]
        if random.random() < 0.08:
            topic.status, topic.closed_reason = STATUS["CLOSED"], "La réponse a été mise en œuvre."
        if random.random() < 0.003:
            topic.state, topic.hidden_reason = STATE["HIDDEN"], "Discussion en double."

    def _concerns(self, asker: Member, at: datetime) -> list[Concern]:
        said: dict[int, Member] = {}
        for member in self._random.choices(self._authors, k=int(self._random.expovariate(0.6))):
            if member.organisation != asker.organisation and not member.role:
                said.setdefault(member.organisation, member)
        return [
            Concern(organisation_id=organisation, person_id=member.pk, created_at=at + timedelta(hours=2))
            for organisation, member in said.items()
        ]

    def _readings(self, made: Made) -> list[Reading]:
        """Some who wrote have read it whole, some others a part: what is left is unread."""
        random, last = self._random, made.topic.last_number
        readers: dict[int, int] = {}
        for post in made.posts[:50:7]:
            readers[post.author_id] = last if random.random() < 0.6 else post.number
        for member in random.choices(self._authors, k=2):
            readers.setdefault(member.pk, 1 + int(random.random() * last))
        return [Reading(person_id=pk, number=number) for pk, number in readers.items()]


def rows_of(batch: list[Made], name: str) -> list[Any]:
    """All rows of one kind of a batch."""
    return [row for made in batch for row in getattr(made, name)]
