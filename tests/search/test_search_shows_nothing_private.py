"""What the search shows is what the database lets one read: every role and engine, after random acts, indexed or not.

Each text holds one word that nothing else holds, so that one question finds all there is; the engine is asked under the
viewer's rights, before the database corrects what it answers: results, counts, facets, suggestions, what is near.
"""

from __future__ import annotations

from random import Random

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from wagtail.models import Page, PageViewRestriction

from changes import change
from changes.models import Fact
from forum import actions
from forum.models import Post, Space, State, Topic
from members.actions import end_membership
from members.models import Membership, Person, Role, Scope
from members.projection import GROUPS
from members.viewer import VISITOR_VIEWER, Viewer
from projects.models import Project
from search import answering, sources
from search.core.asking import Request, read
from search.engines.base import END, START
from search.rights import scope_of
from search.sources import SOURCES

pytestmark = [pytest.mark.django_db, pytest.mark.storage, pytest.mark.slow]
WORD = "zorglub"


class World:
    """Things of every kind, and what people may do to them."""

    def __init__(self, random: Random, spaces: dict, publish, person, office: Viewer) -> None:
        self.random, self.spaces, self.publish, self.office = random, spaces, publish, office
        self.people = {
            "visitor": VISITOR_VIEWER,
            "member": person("anne", "53"),
            "elsewhere": person("noe", "84"),
            "moderator": person("mado", "84", role=Role.MODERATOR, scope=(Scope.SPACE, str(spaces["members"].pk))),
            "office": office,
        }
        self.writers = [self.people["member"], office]
        self.numbers = iter(range(1, 10_000))
        section = publish(f"Section {WORD}", WORD)
        self.pages = [section.pk, publish(f"Dessous {WORD}", WORD, section).pk, publish(f"Seule {WORD}", WORD).pk]
        for space in spaces.values():
            self.start(space)
            self.start(space)

    def viewers(self) -> dict[str, Viewer]:
        """As they are now: a right that ended is gone at the next question."""
        return {
            name: Viewer.of(Person.objects.get(pk=one.person.pk)) if one.person else one
            for name, one in self.people.items()
        }

    def start(self, space: Space | None = None) -> None:
        number = next(self.numbers)
        space = space or self.random.choice(list(Space.objects.all()))
        title = f"Sujet {number} {WORD}"
        topic = actions.start_topic(space=space, title=title, source=f"Matière {number} {WORD}", by=self.office)
        actions.reply_to_topic(topic_id=topic.pk, source=f"Réponse {number} {WORD}", by=self.office)

    def hide(self) -> None:
        post = self.random.choice(list(Post.objects.filter(state=State.VISIBLE)))
        actions.hide_post(post_id=post.pk, reason="Essai", by=self.office)

    def show(self) -> None:
        if post := Post.objects.filter(state=State.HIDDEN).first():
            actions.show_post(post_id=post.pk, by=self.office)

    def hide_topic(self) -> None:
        topic = self.random.choice(list(Topic.objects.all()))
        act = actions.show_topic if topic.state == State.HIDDEN else actions.hide_topic
        act(topic_id=topic.pk, by=self.office, **({} if act is actions.show_topic else {"reason": "Essai"}))

    def move(self) -> None:
        topic = self.random.choice(list(Topic.objects.filter(state=State.VISIBLE)))
        actions.move_topic(topic_id=topic.pk, target=self.random.choice(list(Space.objects.all())), by=self.office)

    def readers(self) -> None:
        space = self.random.choice(list(Space.objects.all()))
        audience = self.random.choice(["public", "members", "region:53"])
        fields = {"slug": space.slug, "title": space.title, "audience": audience}
        if audience.startswith("region"):
            fields["region_id"] = "53"
        actions.keep_space(space=space, by=self.office, **fields)

    def restrict(self) -> None:
        page = Page.objects.get(pk=self.random.choice(self.pages))
        with change(by="test"):
            if kept := PageViewRestriction.objects.filter(page=page).first():
                kept.delete()
                return
            near = page.get_ancestors() | page.get_descendants()
            if PageViewRestriction.objects.filter(page__in=near).exists():
                return
            kept = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
            kept.groups.add(Group.objects.get_or_create(name=GROUPS[Role.NATIONAL_OFFICE])[0])

    def publish_or_not(self) -> None:
        page = Page.objects.get(pk=self.random.choice(self.pages)).specific
        if page.live:
            page.unpublish()
        else:
            page.save_revision().publish()

    def leave(self) -> None:
        mandate = Membership.objects.filter(person=self.people["elsewhere"].person, ends_at=None).first()
        if mandate:
            end_membership(mandate, by=self.office)
            cache.clear()

    def act(self) -> str:
        acts = [
            self.start, self.hide, self.show, self.hide_topic, self.move, self.readers, self.restrict,
            self.publish_or_not, self.leave,
        ]  # fmt: skip
        chosen = self.random.choices(acts, weights=[3, 3, 2, 2, 3, 3, 3, 3, 1])[0]
        chosen()
        return chosen.__name__


def answered(engine, viewer: Viewer) -> tuple[set[str], int, int, set[str]]:
    """What the engine shows somebody: keys on the first page, the count, the sum of the facet of kinds, suggestions."""
    found = engine.search(Request(read(WORD)), scope_of(viewer))
    kinds = sum(count for _, count in found.facets.get("kind", []))
    suggested = {one.key for one in engine.suggest(WORD, scope_of(viewer), 20)}
    near = {hit.key for hit in engine.similar(WORD, WORD, scope_of(viewer), limit=10)}
    return {hit.key for hit in found.hits}, found.total, kinds, suggested | near


def allowed(viewer: Viewer) -> set[str]:
    """Every document that the viewer may read, by the database."""
    keys = [f"{name}:{pk}" for name in ("topic", "post", "page") for pk in SOURCES[name].ids(0, 10_000)]
    return sources.readable(viewer, keys)


def roots(keys: set[str]) -> set[str]:
    posts = dict(Post.objects.values_list("pk", "topic"))
    return {f"topic:{posts[int(key[5:])]}" if key.startswith("post:") else key for key in keys}


@pytest.mark.parametrize("seed", [1, 2])
def test_after_random_acts_nobody_finds_more_than_they_may_read(engine, work, spaces, publish, person, office, seed):
    world = World(Random(seed), spaces, publish, person, office)
    work()
    compared = 0
    for step in range(40):
        act = world.act()
        if world.random.random() < 0.4:
            work()
        indexed = not _waits()
        for name, viewer in world.viewers().items():
            shown, total, kinds, others = answered(engine, viewer)
            may = allowed(viewer)
            said = (seed, step, act, name)
            assert shown <= may, said
            assert others <= may, said
            assert total <= len(roots(may)), said
            assert kinds <= len(roots(may)), said
            if indexed:
                assert total == kinds == len(roots(may)), said
                compared += 1
    assert compared > 30


def _waits() -> bool:
    return Fact.objects.filter(consumer="search", done_at=None).exists()


def test_nothing_is_said_of_what_is_hidden_by_marks_or_passages(engine, work, spaces, person, office):
    anne = person("anne", "53")
    topic = actions.start_topic(space=spaces["public"], title="Une noue", source="Elle est tassée.", by=anne)
    reply = actions.reply_to_topic(topic_id=topic.pk, source=f"Le mot {WORD} est privé.", by=anne)
    work()
    actions.hide_post(post_id=reply.pk, reason="Privé", by=office)
    work()
    for words in ("noue", WORD, "mot privé", "tassée"):
        for hit in answering.search(Request(read(words)), VISITOR_VIEWER).found.hits:
            assert WORD not in (hit.title + hit.passage).replace(START, "").replace(END, "")


def test_people_and_unpublished_projects_are_no_visitor_s(engine, work, person, office, client):
    anne = person(WORD, "53")
    work()
    assert not engine.search(Request(read(WORD)), scope_of(VISITOR_VIEWER)).total
    assert engine.search(Request(read(WORD)), scope_of(anne)).total == 1
    for address in (f"/recherche/?q={WORD}", f"/recherche/suggestions/?q={WORD}", f"/recherche/flux/?q={WORD}"):
        answer = client.get(address).content.decode()
        assert f"/personnes/{anne.person.pk}/" not in answer
    assert not Project.objects.filter(published=False).exists()
