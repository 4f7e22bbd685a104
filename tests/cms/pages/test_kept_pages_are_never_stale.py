"""After random acts on pages, discussions, documents and meetings, what a visitor is answered from what was kept is
what would be made for them now, and holds nothing that is not theirs to read.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from changes import change
from cms.models import ArticlePage, ClubDocument, EventPage, Reaction, RegionPage, SectionPage, StandardPage
from cms.reacting import react
from forum import actions as forum
from forum.models import Post, Space, Topic
from forum.models import State as TopicState
from meetings import actions as agenda
from meetings.models import COMING, Meeting
from meetings.models import State as MeetingState
from members.models import Person
from members.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
STEPS = 40


@pytest.fixture
def sections(make_page) -> list[Page]:
    return [make_page(SectionPage, title=f"Rubrique {letter}", show_in_menus=True) for letter in "AB"]


def shown(address: str) -> tuple[int, str]:
    answer = Client().get(address)
    return answer.status_code, answer.content.decode()


def test_a_kept_page_costs_one_query(sections):
    first = Client().get(sections[0].url)
    with CaptureQueriesContext(connection) as seen:
        again = Client().get(sections[0].url)
    assert len(seen) == 1
    assert again.content == first.content
    assert not again.cookies
    assert "no-cache" in again["Cache-Control"]


class Acts:
    """What may happen to things of one kind; each is one change. `private` names what no visitor may be shown."""

    def __init__(self, chance: random.Random, mark: Callable[[], str]) -> None:
        self.chance, self.mark = chance, mark

    def choices(self) -> list[Callable[[], object]]:
        """The acts that may come next."""
        raise NotImplementedError

    def private(self) -> Iterator[str]:
        """Words that stand on no page of a visitor now."""
        raise NotImplementedError

    def addresses(self) -> Iterator[str]:
        """Where one of these things may be seen."""
        raise NotImplementedError


class PageActs(Acts):
    """Articles of two sections, and one that people talk about."""

    def __init__(self, sections: list[Page], articles: list[Page], *args) -> None:
        super().__init__(*args)
        self.sections, self.articles = sections, articles
        self.group = Group.objects.get_or_create(name="Membres")[0]

    def choices(self) -> list[Callable[[], object]]:
        acts = (self.rename, self.publish, self.unpublish, self.move, self.reorder, self.restrict, self.open)
        discussed = Page.objects.get(pk=self.articles[0].pk).specific
        several = [lambda act=act: act(self.any()) for act in acts]
        return [*several, lambda: self.restrict(discussed), lambda: self.open(discussed)]

    def any(self) -> Page:
        return Page.objects.get(pk=self.chance.choice(self.articles).pk).specific

    def rename(self, page: Page) -> None:
        page.title = f"Titre {self.mark()}"
        page.save_revision().publish()

    def publish(self, page: Page) -> None:
        page.save_revision().publish()

    def unpublish(self, page: Page) -> None:
        page.unpublish()

    def move(self, page: Page) -> None:
        page.move(Page.objects.get(pk=self.chance.choice(self.sections).pk), pos="last-child")

    def reorder(self, page: Page) -> None:
        page.move(page.get_parent(), pos="first-child")

    def restrict(self, page: Page) -> None:
        self.open(page)
        made = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
        made.groups.add(self.group)

    def open(self, page: Page) -> None:
        for restriction in PageViewRestriction.objects.filter(page=page):
            restriction.delete()

    def private(self) -> Iterator[str]:
        for page in Page.objects.filter(pk__in=[page.pk for page in self.articles]):
            if not page.live or PageViewRestriction.objects.filter(page=page).exists():
                yield page.title

    def addresses(self) -> Iterator[str]:
        yield from (page.url for page in self.sections)
        yield self.any().url


class ForumActs(Acts):
    """Discussions of a public space, one of them the reactions to an article."""

    def __init__(self, article: Page, office: Viewer, member: Viewer, *args) -> None:
        super().__init__(*args)
        self.article, self.office, self.member = article, office, member
        self.space = forum.open_space(slug="national", title="National", audience="public", by="test")
        self.closed = forum.open_space(slug="entre-membres", title="Entre membres", audience="members", by="test")
        page = ArticlePage.objects.get(pk=article.pk)
        page.title = self.mark()
        react(page, source=self.mark(), operation="", by=office)  # its title and its message say what was called so
        self.start()

    def choices(self) -> list[Callable[[], object]]:
        acts = [self.start, self.post, self.post, self.hide_post, self.show_post, self.hide_topic, self.show_topic]
        return [*acts, self.move, self.start_closed]

    def topic(self, **state) -> Topic | None:
        found = list(Topic.objects.filter(**state).order_by("pk"))
        return self.chance.choice(found) if found else None

    def start(self, space: Space | None = None) -> None:
        forum.start_topic(space=space or self.space, title=self.mark(), source=self.mark(), by=self.member)

    def start_closed(self) -> None:
        self.start(self.closed)

    def post(self) -> None:
        if topic := self.topic(state=TopicState.VISIBLE):
            forum.reply_to_topic(topic_id=topic.pk, source=self.mark(), by=self.member)

    def hide_post(self) -> None:
        post = self.chance.choice(list(Post.objects.order_by("pk")))
        forum.hide_post(post_id=post.pk, reason="Hors sujet", by=self.office)

    def show_post(self) -> None:
        for post in Post.objects.filter(state=TopicState.HIDDEN)[:1]:
            forum.show_post(post_id=post.pk, by=self.office)

    def hide_topic(self) -> None:
        if topic := self.topic():
            forum.hide_topic(topic_id=topic.pk, reason="Doublon", by=self.office)

    def show_topic(self) -> None:
        if topic := self.topic(state=TopicState.HIDDEN):
            forum.show_topic(topic_id=topic.pk, by=self.office)

    def move(self) -> None:
        if topic := self.topic(state=TopicState.VISIBLE):
            target = self.closed if topic.space_id == self.space.pk else self.space
            forum.move_topic(topic_id=topic.pk, target=target, by=self.office)

    def private(self) -> Iterator[str]:
        about = Reaction.objects.get().topic_id
        reserved = PageViewRestriction.objects.filter(page=self.article.pk).exists()
        for post in Post.objects.select_related("topic__space"):
            topic = post.topic
            closed = topic.state == TopicState.HIDDEN or topic.space.audience != "public"
            closed = closed or (topic.pk == about and reserved)
            if closed or post.state == TopicState.HIDDEN:
                yield post.text.split()[0]
            if closed:
                yield topic.title.split()[-1]

    def addresses(self) -> Iterator[str]:
        yield self.article.url
        yield "/forum/"
        yield self.space.get_absolute_url()
        yield Reaction.objects.get().topic.get_absolute_url()
        yield self.topic().get_absolute_url()


class DocumentActs(Acts):
    """A document that a page offers, in an open collection or in a reserved one, which may open and close."""

    def __init__(self, make_page, *args) -> None:
        super().__init__(*args)
        root = Collection.get_first_root_node()
        with change(by="test"):
            self.collections = [root.add_child(name=name) for name in ("Ouverte", "Réservée")]
            self.document = ClubDocument(title=self.mark(), file=ContentFile(b"a,b\n", "cahier.csv"))
            self.document.collection = self.collections[0]
            self.document._set_document_file_metadata()
            self.document.save()
            self.restrict(self.collections[1])
        body = [("download", {"document": self.document, "detail": ""})]
        self.page = make_page(StandardPage, title="À télécharger", body=body)

    def choices(self) -> list[Callable[[], object]]:
        one = self.now().collection
        return [self.rename, self.move, self.move, lambda: self.restrict(one), lambda: self.open(one), self.nest]

    def now(self) -> ClubDocument:
        return ClubDocument.objects.get(pk=self.document.pk)

    def rename(self) -> None:
        document = self.now()
        document.title = self.mark()
        document.save()

    def move(self) -> None:
        document = self.now()
        document.collection = self.chance.choice(self.collections)
        document.save()

    def restrict(self, collection: Collection) -> None:
        self.open(collection)
        made = CollectionViewRestriction.objects.create(collection=collection, restriction_type="groups")
        made.groups.add(Group.objects.get_or_create(name="Membres")[0])

    def open(self, collection: Collection) -> None:
        for restriction in CollectionViewRestriction.objects.filter(collection=collection):
            restriction.delete()

    def nest(self) -> None:
        """The open collection goes below the other one, or back."""
        first, second = (Collection.objects.get(pk=one.pk) for one in self.collections)
        root = Collection.get_first_root_node()
        first.save()  # as Wagtail’s form does before it moves
        first.move(root if first.is_child_of(second) else second, "sorted-child")

    def private(self) -> Iterator[str]:
        document = self.now()
        closed = CollectionViewRestriction.objects.values("collection")
        if document.collection.get_ancestors(inclusive=True).filter(pk__in=closed).exists():
            yield document.title

    def addresses(self) -> Iterator[str]:
        yield self.page.url


class MeetingActs(Acts):
    """Meetings of the agenda, one of them shown by an event’s page."""

    def __init__(self, make_page, sections: list[Page], region, office: Viewer, *args) -> None:
        super().__init__(*args)
        self.region, self.office = region, office
        self.draft()
        self.first = Meeting.objects.get()
        below = make_page(RegionPage, sections[0], title="Grand Est", region=region)
        self.page = make_page(EventPage, below, title="La visite", meeting=self.first)

    def choices(self) -> list[Callable[[], object]]:
        return [self.draft, self.announce, self.rename, self.move, self.narrow, self.widen, self.cancel]

    def draft(self) -> None:
        begins = timezone.now().replace(microsecond=0) + timedelta(days=self.chance.randrange(2, 30))
        agenda.create_meeting(
            title=self.mark(), audience="public", region_id=self.region.pk, kind="visit", begins_at=begins,
            ends_at=begins + timedelta(hours=3), place=self.mark(), by=self.office,
        )  # fmt: skip

    def any(self, *states: str) -> Meeting | None:
        found = list(Meeting.objects.filter(state__in=states).order_by("pk"))
        return self.chance.choice(found) if found else None

    def edit(self, **fields) -> None:
        if meeting := self.any(MeetingState.DRAFT, *COMING):
            agenda.edit_meeting(meeting_id=meeting.pk, revision=meeting.revision, by=self.office, **fields)

    def announce(self) -> None:
        if meeting := self.any(MeetingState.DRAFT):
            agenda.announce_meeting(meeting_id=meeting.pk, by=self.office)

    def rename(self) -> None:
        self.edit(title=self.mark())

    def move(self) -> None:
        self.edit(place=self.mark())

    def narrow(self) -> None:
        self.edit(audience="members")

    def widen(self) -> None:
        self.edit(audience="public")

    def cancel(self) -> None:
        if meeting := self.any(*COMING):
            agenda.cancel_meeting(meeting_id=meeting.pk, reason=self.mark(), by=self.office)

    def private(self) -> Iterator[str]:
        for meeting in Meeting.objects.all():
            if meeting.state == MeetingState.DRAFT or meeting.audience != "public":
                yield from filter(None, (meeting.title, meeting.place, meeting.cancel_reason))

    def addresses(self) -> Iterator[str]:
        yield self.page.url
        yield "/agenda/"
        yield "/agenda/calendrier.ics"
        yield self.chance.choice(list(Meeting.objects.order_by("pk"))).get_absolute_url()


@pytest.fixture
def world(sections, make_page, make_person, region, office, monkeypatch) -> Callable[[int], list[Acts]]:
    """`world(seed)`: pages, discussions, documents and meetings, with what may happen to them."""

    def make(seed: int) -> list[Acts]:
        numbers = iter(range(10_000))
        common = (random.Random(seed), lambda: f"MARQUE{next(numbers):05}")
        people = [Person.objects.get(pk=person.pk) for person in (office, make_person("auteur@club.example"))]
        bureau, member = (Viewer.of(person) for person in people)
        articles = [
            make_page(ArticlePage, sections[n % 2], title=f"Article {n}", slug=f"article-{n}") for n in range(4)
        ]
        return [
            PageActs(sections, articles, *common),
            ForumActs(articles[0], bureau, member, *common),
            DocumentActs(make_page, *common),
            MeetingActs(make_page, sections, region, bureau, *common),
        ]

    return make


def settle(address: str, text: str) -> str:
    """What is the same each time: a calendar says when it was made."""
    if not address.endswith(".ics"):
        return text
    return "\n".join(line for line in text.splitlines() if not line.startswith("DTSTAMP"))


@pytest.mark.parametrize("seed", range(3))
def test_random_acts(world, work, seed):
    kinds = world(seed)
    chance = kinds[0].chance
    for _ in range(STEPS):
        act = chance.choice(chance.choice(kinds).choices())
        with change(by="test"):
            act()
        work()
        addresses = ["/", "/plan-du-site/", *(address for kind in kinds for address in kind.addresses())]
        kept = {address: shown(address) for address in addresses}
        for word in (word for kind in kinds for word in kind.private()):
            for address, (_, text) in kept.items():
                assert word not in text, (act, word, address)
        for name in caches:  # also `pages`, in which whole pages are kept
            caches[name].clear()
        for address, (status, text) in kept.items():
            fresh = shown(address)
            assert (fresh[0], settle(address, fresh[1])) == (status, settle(address, text)), (act, address)
