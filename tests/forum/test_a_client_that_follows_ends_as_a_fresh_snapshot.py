"""The property on which every screen stands, over random sequences by several people in three views:

a client that follows from any position ends exactly as a fresh snapshot, and nothing that its view may not show was
ever in what it was sent. Deeper: `CLUB_SEQUENCES=500 CLUB_STEPS=60 pytest tests/forum/test_a_client…`.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from changes import change, streams
from changes.models import Entry, Head
from forum import actions, queries
from forum import streams as forum_streams
from forum.models import Post, Space, State, Topic
from forum.writing import EditConflict
from members.actions import end_role, give_role
from members.models import Follow, Person, Role, RoleAssignment
from members.rules import NotAllowed
from members.viewer import VISITOR_VIEWER, Viewer
from realtime import kinds, reading

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.storage, pytest.mark.slow]

SEQUENCES = int(os.environ.get("CLUB_SEQUENCES", "25"))
STEPS = int(os.environ.get("CLUB_STEPS", "40"))
MARK = re.compile(r"marque(\d+)x")
told: Counter[str] = Counter()


class Client:
    """A screen: who looks, at which stream, what it holds and where it stands."""

    def __init__(self, who: str, stream: str) -> None:
        self.who, self.stream = who, stream
        self.view: str | None = None
        self.pos: int | None = None
        self.state: dict[str, tuple[int, str]] = {}

    def take(self, frame: dict[str, Any]) -> None:
        """The client's rules, as REALTIME has them."""
        told[frame["k"]] += 1
        objects = {one["id"]: (one["rev"], one["html"]) for one in frame["up"]}
        if frame["k"] == "snap":
            assert frame["whole"]
            self.state, self.pos = objects, frame["pos"]
            return
        assert frame["from"] <= self.pos < frame["to"], "a gap, or nothing new"
        for gone in frame["del"]:
            self.state.pop(gone, None)
        self.state |= objects
        self.pos = frame["to"]


# What happens next: hypothesis draws a whole sequence, and makes a failing one as short as it can.
POST_ACTS = [
    "reply", "reply", "edit", "delete", "delete", "delete", "restore", "restore", "hide", "show", "hide", "show",
    "stale", "trespass", "accept", "accept", "report",
]  # fmt: skip
STEP = st.one_of(
    st.tuples(
        st.just("somebody_acts_on_a_post"),
        st.sampled_from(POST_ACTS),
        st.sampled_from(["member", "regional", "helper", "office"]),
        st.integers(0, 30),
    ),
    st.tuples(st.just("some_catch_up"), st.integers(0, 13), st.integers(1, 4)),
    st.tuples(
        st.just("somebody_acts_on_a_topic"),
        st.sampled_from(
            [
                "hide",
                "hide",
                "hide",
                "show",
                "show",
                "move",
                "move",
                "start",
                "close",
                "reopen",
                "unaccept",
                "pin",
                "unpin",
                "rename",
            ]
        ),
        st.sampled_from(["helper", "office"]),
        st.integers(0, 3),
        st.integers(0, 2),
    ),
    st.tuples(st.just("somebody_acts_on_a_post"), st.just("reply"), st.sampled_from(["member", "office"]), st.just(0)),
    st.tuples(st.just("helper_becomes_moderator_or_no_more"), st.booleans()),
    st.tuples(
        st.just("open"), st.sampled_from(["visitor", "member", "regional", "helper", "office"]), st.integers(0, 6)
    ),
    st.tuples(st.just("some_catch_up"), st.integers(0, 13), st.integers(1, 4)),
    st.tuples(st.sampled_from(["some_catch_up"] * 9 + ["a_month_passes"])).map(
        lambda step: step if step[0] == "a_month_passes" else ("some_catch_up", 0, 1)
    ),
)


def _on_post(act: str, number: int) -> tuple[Any, ...]:
    return ("somebody_acts_on_a_post", act, "member", number)


def _on_topic(act: str) -> tuple[Any, ...]:
    return ("somebody_acts_on_a_topic", act, "office", 0, 1)


# Each act once for sure, with somebody catching up between: chance alone leaves one out, now and then.
EACH_ONCE = [
    step
    for act in (
        _on_post("edit", 1), _on_post("accept", 2), _on_post("hide", 2), _on_post("show", 2), _on_post("delete", 1),
        _on_topic("rename"), _on_topic("pin"), _on_topic("hide"), _on_topic("show"), _on_topic("close"),
        _on_topic("reopen"), _on_topic("move"),
    )
    for step in (act, ("some_catch_up", 0, 2))
]  # fmt: skip


class Forum:
    """Several people write, moderate and change roles; screens open, sleep and catch up whenever they like."""

    people: dict[str, Person]
    office_role: RoleAssignment

    def __init__(self) -> None:
        cache.clear()
        with change(by="test"):
            for table in (Follow, Post, Topic, Space, Entry, Head):
                table.objects.all().delete()
        self.spaces = [
            actions.open_space(slug=slug, title=slug.title(), audience=audience, by="test")
            for slug, audience in (("public", "public"), ("membres", "members"), ("region", "region:53"))
        ]
        self.clients: list[Client] = []
        self.mark = 0
        self.viewers = {name: Viewer.of(person) for name, person in self.people.items()} | {"visitor": VISITOR_VIEWER}
        with change(by="test"):
            for role in RoleAssignment.objects.current().filter(person=self.people["helper"]):
                end_role(role, by=self.viewers["office"])
        self.renew("helper")
        member = self.viewers["member"]
        first = actions.start_topic(space=self.spaces[0], title="Une discussion", source=self.text(), by=member)
        self.topics = [first.pk]
        for _ in range(2):
            actions.reply_to_topic(topic_id=first.pk, source=self.text(), by=member)
        for who in ("visitor", "member", "helper", "office"):
            for stream in (first.stream, self.spaces[0].stream):
                self.clients.append(Client(who, stream))
                self.catch_up(self.clients[-1])

    def renew(self, name: str) -> None:
        self.people[name].refresh_from_db()
        self.viewers[name] = Viewer.of(self.people[name])

    def text(self) -> str:
        self.mark += 1
        return f"Un texte, marque{self.mark}x."

    def post(self, number: int) -> int:
        ids = list(Post.objects.order_by("pk").values_list("pk", flat=True))
        return ids[number % len(ids)]

    def attempt(self, action, **arguments: Any) -> None:
        try:
            action(**arguments)
        except (NotAllowed, EditConflict):
            told["refused"] += 1
        else:
            told[action.__name__] += 1

    # -- what people do ---------------------------------------------------------------------------------------------
    def somebody_acts_on_a_post(self, what: str, who: str, number: int) -> None:
        post = Post.objects.get(pk=self.post(number))
        author = self.viewers[next(n for n, person in self.people.items() if person.pk == post.author_id)]
        new = {"post_id": post.pk, "revision": post.revision, "source": self.text()}
        by = self.viewers[who]
        moderator = self.viewers["helper" if number % 2 else "office"]
        match what:
            case "reply":
                self.attempt(actions.reply_to_topic, topic_id=post.topic_id, source=self.text(), by=by)
            case "edit":
                self.attempt(actions.edit_post, **new, by=author)
            case "stale":
                self.attempt(actions.edit_post, **{**new, "revision": post.revision - 1}, by=author)
            case "delete":
                self.attempt(actions.delete_post, post_id=post.pk, by=author)
            case "restore":
                self.attempt(actions.restore_post, post_id=post.pk, by=author)
            case "hide":
                self.attempt(actions.hide_post, post_id=post.pk, reason="Hors sujet", by=moderator)
            case "show":
                self.attempt(actions.show_post, post_id=post.pk, by=moderator)
            case "accept":
                self.attempt(actions.accept_answer, post_id=post.pk, by=self.viewers["office"])
            case "report":
                self.attempt(actions.report_post, post_id=post.pk, reason="other", by=by)
            case "trespass":
                for action, arguments in (
                    (actions.edit_post, new),
                    (actions.delete_post, {"post_id": post.pk}),
                    (actions.hide_post, {"post_id": post.pk, "reason": "Hors sujet"}),
                ):
                    self.attempt(action, **arguments, by=by)

    def somebody_acts_on_a_topic(self, what: str, who: str, number: int, space: int) -> None:
        topic, by = self.topics[number % len(self.topics)], self.viewers[who]
        match what:
            case "hide":
                self.attempt(actions.hide_topic, topic_id=topic, reason="Hors sujet", by=by)
            case "show":
                self.attempt(actions.show_topic, topic_id=topic, by=by)
            case "move":
                self.attempt(actions.move_topic, topic_id=topic, target=self.spaces[space], by=by)
            case "close":
                self.attempt(actions.close_topic, topic_id=topic, reason=self.text(), by=by)
            case "reopen":
                self.attempt(actions.reopen_topic, topic_id=topic, by=by)
            case "unaccept":
                self.attempt(actions.withdraw_acceptance, topic_id=topic, by=by)
            case "pin":
                until = timezone.now() + timedelta(days=1)
                self.attempt(actions.pin_topic, topic_id=topic, until=until, by=by)
            case "unpin":
                self.attempt(actions.unpin_topic, topic_id=topic, by=by)
            case "rename":
                matter = Post.objects.get(topic=topic, number=1)
                author = next(v for v in self.viewers.values() if v.person and v.person.pk == matter.author_id)
                new = {"revision": matter.revision, "title": self.text(), "source": self.text()}
                self.attempt(actions.edit_matter, topic_id=topic, **new, by=author)
            case "start" if len(self.topics) < 4:
                made = actions.start_topic(
                    space=self.spaces[space % 2], title="Une discussion", source=self.text(), by=by
                )
                self.topics.append(made.pk)

    def helper_becomes_moderator_or_no_more(self, given: bool) -> None:
        roles = RoleAssignment.objects.current().filter(person=self.people["helper"])
        if given and not roles:
            give_role(self.people["helper"], Role.MODERATOR, by="test")
        elif not given:
            for role in roles:
                end_role(role, by=self.viewers["office"])
        self.renew("helper")

    def a_month_passes(self) -> None:
        with change(by="test"):
            Entry.objects.update(at=timezone.now() - timedelta(days=31))
        streams.prune()

    # -- screens ----------------------------------------------------------------------------------------------------

    def open(self, who: str, number: int) -> None:
        if len(self.clients) > 14:
            return
        followed = [f"topic:{pk}" for pk in self.topics] + [space.stream for space in self.spaces]
        client = Client(who, followed[number % len(followed)])
        self.clients.append(client)
        self.catch_up(client)

    def some_catch_up(self, first: int, step: int) -> None:
        for client in self.clients[first % len(self.clients) :: step]:
            self.catch_up(client)

    def catch_up(self, client: Client) -> None:
        """What hub and polling do: the view first, then what changed since; another view begins anew."""
        viewer = self.viewers[client.who]
        view = kinds.view_of(viewer, client.stream)
        if view is None:
            client.view, client.pos, client.state = None, None, {}
            return
        since = client.pos if view == client.view else None
        client.view = view
        frame, _ = reading.read(client.stream, view, since)
        if frame is not None:
            self.check_marks(client, frame)
            client.take(frame)

    def check_marks(self, client: Client, frame: dict[str, Any]) -> None:
        """An oracle of its own: read from the rows, not from `shown_in`."""
        viewer = self.viewers[client.who]
        helper = RoleAssignment.objects.current().filter(person=self.people["helper"]).exists()
        moderates = client.who == "office" or (client.who == "helper" and helper)
        allowed = set()
        for post in Post.objects.select_related("topic__space"):
            reads = post.topic.space.audience in viewer.tokens
            hidden = State.HIDDEN in (post.state, post.topic.state)
            if reads and post.state != State.DELETED and (moderates or not hidden):
                allowed |= set(MARK.findall(post.text))
            if reads and (moderates or post.topic.state == State.VISIBLE):
                allowed |= set(MARK.findall(post.topic.title + post.topic.closed_reason))
        assert set(MARK.findall(json.dumps(frame))) <= allowed

    def counters_equal_a_recount(self) -> None:
        assert not queries.miscounted().exists()

    def all_catch_up(self) -> None:
        """Every screen, wherever it stands, ends as a fresh one."""
        for client in self.clients:
            self.catch_up(client)
            fresh = Client(client.who, client.stream)
            self.catch_up(fresh)
            assert (client.view, client.state) == (fresh.view, fresh.state), f"{client.who} on {client.stream}"


@pytest.mark.parametrize("most", [100, 2])
def test_a_client_that_follows_ends_as_a_fresh_snapshot(make_person, monkeypatch, most):
    from members.models import Organisation

    monkeypatch.setattr(reading, "MOST", most)  # with 2, many catch-ups are snapshots
    people = {name: make_person(f"{name}@club.example") for name in ("member", "helper")}
    people["office"] = make_person("office@club.example", role=Role.NATIONAL_OFFICE)
    people["regional"] = make_person("regional@club.example")
    tokens = {"regional": "region:53", "office": "region:53"}
    real = Viewer.of.__func__
    names = {person.pk: name for name, person in people.items()}

    def of(cls, person):
        viewer = real(cls, person)
        extra = tokens.get(names.get(person.pk, ""))
        return Viewer(person, viewer.tokens | ({extra} if extra else set()))

    monkeypatch.setattr(Viewer, "of", classmethod(of))
    assert Organisation.objects.count() == 1
    told.clear()
    Forum.people = people

    @settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @example(EACH_ONCE)
    @given(st.lists(STEP, min_size=STEPS, max_size=STEPS))
    def sequence(steps: list[tuple[Any, ...]]) -> None:
        forum = Forum()
        for name, *arguments in steps:
            getattr(forum, name)(*arguments)
            forum.counters_equal_a_recount()
        forum.all_catch_up()

    sequence()
    logging.getLogger(__name__).info("%s sequences of %s steps: %s", SEQUENCES, STEPS, dict(told))
    for act in ("reply_to_topic", "hide_post", "show_post", "hide_topic", "move_topic", "edit_post", "delete_post",
        "accept_answer", "close_topic", "edit_matter", "pin_topic"):  # fmt: skip
        assert told[act], f"{act} never happened: this run proved too little"
    assert told["delta"] > SEQUENCES
    assert told["snap"] > SEQUENCES


def test_the_page_and_the_snapshot_show_the_same(make_person, client, monkeypatch):
    """What a page holds when it is sent is what its stream says: same fragments, same ids."""
    person = make_person()
    viewer = Viewer.of(person)
    space = actions.open_space(slug="national", title="National", audience="public", by="test")
    topic = actions.start_topic(space=space, title="Une discussion", source="Bonjour", by=viewer)
    for number in range(5):
        actions.reply_to_topic(topic_id=topic.pk, source=f"Réponse {number}", by=viewer)
    page = client.get(topic.get_absolute_url()).content.decode()
    snapshot = forum_streams.TopicStream().snapshot(str(topic.pk), "public")
    assert len(snapshot.objects) == 8
    for content in snapshot.objects.values():
        assert content.html in page
