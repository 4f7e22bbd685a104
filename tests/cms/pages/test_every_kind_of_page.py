"""Every kind of page is shown, to visitors and to members, with few SQL queries however many sisters it has."""

import re

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from changes import change
from cms.models import ArticlePage, RegionPage, SectionPage

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
MOST = 12


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_it_is_shown(client, one_of_each, member, who):
    if who == "member":
        client.force_login(member)
    for kind, page in one_of_each.items():
        answer = client.get(page.url)
        text = answer.content.decode()
        assert answer.status_code == 200, kind
        assert page.title in re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)[1]
        assert text.count("<h1") == 1
        assert 'rel="canonical"' in text
        assert ('property="og:title"' in text) is (who == "visitor"), (
            "links are shared with those who are not signed in"
        )


def test_the_breadcrumb_is_the_tree(client, one_of_each):
    text = client.get(one_of_each["report"].url).content.decode()
    crumbs = re.findall(r'fr-breadcrumb__link"[^>]*>([^<]+)<', text)
    assert crumbs == ["Accueil", "Une rubrique", "Grand Est", "Une visite", "Ce qui s’est dit"]


def queries_of(client, url: str) -> int:
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_a_cold_page_costs_few_queries(client, one_of_each):
    for page in one_of_each.values():
        client.get(page.url)  # the sizes of its pictures are made once
        assert queries_of(client, page.url) <= MOST, page.url


def many(parent: Page, count: int, **fields) -> None:
    """Sisters below a page."""
    with change(by="test"):
        for number in range(count):
            page = ArticlePage(title=f"Article {number}", slug=f"a-{number}", summary="Un résumé.", **fields)
            page.body = [("paragraph", "<p>Le texte.</p>")]
            parent.add_child(instance=page)


@pytest.mark.slow
@pytest.mark.parametrize("count", [10, 300])
def test_sisters_cost_nothing(client, make_page, region, organisation, image, count):
    section = make_page(SectionPage, title="Actualités")
    region_page = make_page(RegionPage, section, title="Grand Est", region=region)
    for parent in (section, region_page):
        many(parent, count, organisation=organisation, picture=image)
        client.get(parent.url)
        client.get(f"{parent.url}a-5/")  # the sizes of the picture are made once
        assert queries_of(client, parent.url) <= MOST
        assert queries_of(client, f"{parent.url}a-5/") <= MOST


def test_every_field_of_ours_says_what_it_is_for():
    silent = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("cms").get_models()
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if field.model._meta.app_label == "cms"
        and not field.help_text
        and not field.auto_created
        and field.editable
        and not any(hasattr(base, field.name) for base in model.__mro__[1:] if base.__module__.startswith("wagtail"))
    ]
    assert silent == []


def test_every_block_says_what_it_is_for():
    from cms.blocks import ATTACHED, BODY

    silent: list[str] = []

    def walk(name, block):
        children = getattr(block, "child_blocks", None) or (
            {"": block.child_block} if hasattr(block, "child_block") else {}
        )
        if not children and type(block).__name__ != "StaticBlock" and not _help(block) and "separator" not in name:
            silent.append(name)
        for key, child in children.items():
            walk(f"{name}.{key}", child)

    for name, block in [*BODY, *ATTACHED]:
        assert block.meta.description, name
        assert block.meta.group, name
        if name not in ("table", "image"):
            walk(name, block)
    assert [name for name in silent if name.split(".")[-1] not in ("image", "decorative", "alt_text")] == []


def _help(block) -> str:
    return getattr(block.meta, "help_text", "") or getattr(getattr(block, "field", None), "help_text", "")
