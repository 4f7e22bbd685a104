"""After random acts on pages, what a visitor is answered from what was kept is what would be made for them now."""

import random
import re

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from changes import change
from cms.models import ArticlePage, SectionPage

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


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
    """What may happen to a page; each is one change."""

    def __init__(self, sections: list[Page], chance: random.Random) -> None:
        self.sections, self.chance = sections, chance
        self.group = Group.objects.get_or_create(name="Membres")[0]

    def one(self, page: Page) -> None:
        """Do one of them, at random."""
        acts = (self.rename, self.publish, self.unpublish, self.move, self.reorder, self.restrict, self.open)
        with change(by="test"):
            self.chance.choice(acts)(Page.objects.get(pk=page.pk).specific)

    def rename(self, page: Page) -> None:
        page.title = f"Titre {self.chance.randrange(10_000)}"
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


@pytest.mark.parametrize("seed", range(3))
def test_random_acts(sections, make_page, seed):
    chance = random.Random(seed)
    pages = [
        make_page(ArticlePage, chance.choice(sections), title=f"Article {n}", slug=f"article-{n}") for n in range(4)
    ]
    acts = Acts(sections, chance)
    for _ in range(25):
        acts.one(chance.choice(pages))
        addresses = [
            *(page.url for page in sections),
            Page.objects.get(pk=chance.choice(pages).pk).url,
            "/plan-du-site/",
        ]
        kept = {address: shown(address) for address in addresses}
        for page in Page.objects.filter(pk__in=[page.pk for page in pages]):
            hidden = not page.live or PageViewRestriction.objects.filter(page=page).exists()
            for address, (_, text) in kept.items():
                if hidden:
                    assert not re.search(rf">\s*{page.title}\s*<", text), address
        cache.clear()
        assert {address: shown(address) for address in addresses} == kept
