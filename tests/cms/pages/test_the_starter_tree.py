"""The starter tree is planted once; what editors did since stays; its texts are of people, not of a machine."""

import re
from collections import Counter

import pytest
from wagtail.models import Page

from changes import change
from cms.models import ArticlePage, ClubImage, ExperienceSheet, LegalPage, PartnerPage, RegionPage
from cms.planting import plant_demo, plant_structure
from members.demo import make_demo_people
from members.services import seed_services
from projects.charter import seed_charter
from projects.demo import make_demo_projects

pytestmark = [pytest.mark.django_db, pytest.mark.storage, pytest.mark.slow]


@pytest.fixture
def planted(home, referential):
    seed_charter()
    seed_services()
    plant_structure(home)
    make_demo_projects()
    make_demo_people()
    plant_demo()
    return home


def test_it_has_what_a_club_begins_with(planted, client):
    assert RegionPage.objects.live().count() == 18
    assert PartnerPage.objects.live().count() == 6
    assert ArticlePage.objects.live().count() == 5
    assert ExperienceSheet.objects.live().exclude(project=None).count() == 6
    assert set(LegalPage.objects.values_list("kind", flat=True)) == {"cgu", "charte-de-moderation"}
    for page in Page.objects.filter(depth__gte=3):
        answer = client.get(page.url)
        assert answer.status_code == (200 if page.live else 404), page.url
        assert page.get_latest_revision() is not None


def test_it_is_planted_once_and_never_over_an_edit(planted):
    article = ArticlePage.objects.get(slug="chantier-sobre")
    practice = ExperienceSheet.objects.get(slug="vivre-avec-la-crue")
    region = RegionPage.objects.get(region="53")
    with change(by="test"):
        article.title, article.slug = "Un autre titre", "une-autre-adresse"
        article.save()
        practice.delete()
        region.summary = "Réécrit par la région."
        region.save()
    before = set(Page.objects.values_list("pk", flat=True))
    assert plant_structure(planted) == 0
    assert plant_demo() == 0
    assert set(Page.objects.values_list("pk", flat=True)) == before
    assert ArticlePage.objects.get(pk=article.pk).title == "Un autre titre"
    assert RegionPage.objects.get(region="53").summary == "Réécrit par la région."


def test_pictures_are_light(planted):
    images = ClubImage.objects.all()
    assert images
    for image in images:
        assert image.file.size <= 60_000
        assert image.credit


def words_of(page) -> list[str]:
    """All words of a page, as it is written."""
    told = [page.title, getattr(page, "summary", "")]
    for field in page._meta.get_fields():
        if field.name in ("body", "attachments", "practical", "resources"):
            value = getattr(page, field.name)
            told += [str(one) for one in value.stream_block.get_searchable_content(value)]
        elif field.name in ("difficulty", "results_text", "redo", "avoid", "costs", "agreement"):
            told.append(getattr(page, field.name))
    return re.findall(r"\w+", re.sub(r"<[^>]+>", " . ", " . ".join(told)).lower())


def test_no_run_of_eight_words_stands_twice(planted):
    runs: Counter[tuple[str, ...]] = Counter()
    for page in Page.objects.filter(depth__gte=3).specific():
        words = words_of(page)
        runs.update({tuple(words[start : start + 8]) for start in range(len(words) - 7)})
    assert [" ".join(run) for run, count in runs.items() if count > 1] == []


def test_a_region_page_that_was_there_is_taken_as_it_is(home, referential):
    from cms.models import SectionPage
    from territories.models import Region

    seed_services()
    with change(by="test"):
        section = home.add_child(instance=SectionPage(title="Régions", slug="regions"))
        section.add_child(instance=RegionPage(title="La Bretagne", slug="bzh", region=Region.objects.get(code="53")))
    plant_structure(home)
    assert RegionPage.objects.filter(region="53").count() == 1
