"""Feeds of articles and practices: of everybody, of a région, of an engagement; what is reserved stands in none."""

import pytest

from changes import change
from cms.models import ArticlePage, ExperienceSheet, SectionPage
from projects.models import Commitment

pytestmark = pytest.mark.django_db


def titles(client, address: str) -> set[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Type"].startswith("application/rss+xml")
    return {part.partition("</title>")[0] for part in answer.content.decode().split("<item><title>")[1:]}


@pytest.fixture
def pages(make_page, region, restrict):
    """Articles of a région, of an engagement, of neither, and a reserved one of both; a practice of the engagement."""
    water = Commitment.objects.get(number=17)
    section = make_page(SectionPage, title="Actualités")
    made = {
        "open": make_page(ArticlePage, section, title="Ouvert"),
        "region": make_page(ArticlePage, section, title="De la région", region=region),
        "theme": make_page(ArticlePage, section, title="Du thème"),
        "closed": make_page(ArticlePage, section, title="Réservé", region=region),
        "practice": make_page(ExperienceSheet, section, title="Une pratique"),
    }
    for name in ("theme", "closed", "practice"):
        with change(by="test"):
            made[name].commitments = [water]
            made[name].save()
    restrict(made["closed"], "Membres")
    return made


def test_each_feed_holds_its_own_and_nothing_reserved(client, pages):
    assert titles(client, "/actualites.rss") == {"Ouvert", "De la région", "Du thème"}
    assert titles(client, "/regions/44/actualites.rss") == {"De la région"}
    assert titles(client, "/engagements/17/actualites.rss") == {"Du thème"}
    assert titles(client, "/engagements/17/bonnes-pratiques.rss") == {"Une pratique"}
    assert titles(client, "/engagements/3/actualites.rss") == set()
    assert client.get("/engagements/99/actualites.rss").status_code == 404
    assert client.get("/regions/999/actualites.rss").status_code == 404


def test_a_page_names_the_feeds_of_its_themes(client, pages):
    name = Commitment.objects.get(number=17).name
    article = client.get(pages["theme"].url).content.decode()
    assert f'title="Articles, {name}" href="/engagements/17/actualites.rss"' in article
    practice = client.get(pages["practice"].url).content.decode()
    assert 'href="/engagements/17/bonnes-pratiques.rss"' in practice
