"""The reports of the administration: what each lists, to whom, and that it costs the same at any volume."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page

from changes import change
from changes.models import Fact
from cms.models import ArticlePage, BrokenLink, ClubImage
from cms.reports.queries import to_read_again
from cms.reports.walking import walk_links

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
ROUTES = ("a-relire", "sans-engagement", "images-sans-texte", "liens-rompus")


def report(person, route: str, query: str = "") -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(f"/redaction/rapports/{route}/{query}")
    assert answer.status_code == 200, route
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


def publish(house, title: str, **fields) -> ArticlePage:
    page = house.article(title, **fields)
    with change(by="test"):
        page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


def published_on(page: Page, days: int) -> None:
    with change(by="test"):
        Page.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - timedelta(days=days))


def test_a_page_is_asked_again_after_eighteen_months_or_on_its_day(house):
    today = timezone.localdate()
    old, young, spared, due = (publish(house, title) for title in ("Vieille", "Jeune", "Confirmée", "Échue"))
    for page, days in ((old, 600), (young, 500), (spared, 600), (due, 10)):
        published_on(page, days)
    with change(by="test"):
        ArticlePage.objects.filter(pk=spared.pk).update(review_on=today + timedelta(days=30))
        ArticlePage.objects.filter(pk=due.pk).update(review_on=today)
    listed = {page.title for page in to_read_again(house.office)}
    assert {"Vieille", "Échue"} <= listed
    assert not {"Jeune", "Confirmée"} & listed
    assert "Vieille" in report(house.office, "a-relire")


def test_a_page_without_engagement_is_listed_until_it_has_one(house):
    page = publish(house, "Sans thème")
    assert "Sans thème" not in report(house.office, "sans-engagement")
    with change(by="test"):
        page.commitments.clear()
        page.save()
    assert "Sans thème" in report(house.office, "sans-engagement")


def test_an_image_without_words_is_listed_where_a_page_uses_it(house, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with change(by="test"):
        collection = Collection.objects.get(name="ADEME")
        used, idle, described = (
            ClubImage.objects.create(title=title, file=get_test_image_file(), collection=collection, description=words)
            for title, words in (("Employée", ""), ("Oubliée", ""), ("Décrite", "Une noue"))
        )
        for image in (used, described):
            house.article(f"Avec {image.title}", picture=image)
    listed = report(house.office, "images-sans-texte")
    assert "Employée" in listed
    assert "Oubliée" not in listed
    assert "Décrite" not in listed
    assert idle.pk != used.pk


def test_the_weekly_walk_finds_links_to_what_is_gone_and_forgets_what_was_mended(house, work):
    target = publish(house, "La cible")
    body = [
        ("paragraph", f'<p><a linktype="page" id="{target.pk}">la cible</a> et <a href="/nulle-part/">rien</a>.</p>'),
        ("paragraph", '<p><a href="https://ailleurs.example/absent">un autre site</a></p>'),
    ]
    page = publish(house, "Qui cite", body=body)
    walk_links()
    work()
    assert [row.message for row in BrokenLink.objects.filter(page=page)] == [
        "le lien « rien » mène à une adresse du site qui n’existe pas."
    ]
    with change(by="test"):
        target.unpublish()
    walk_links()
    work()
    assert BrokenLink.objects.filter(page=page).count() == 2
    assert "la cible" in report(house.office, "liens-rompus")
    with change(by="test"):
        page.body = [("paragraph", "<p>Plus aucun lien.</p>")]
        page.save_revision().publish()
        Fact.objects.filter(kind="page.walk").update(done_at=None)  # a worker that was killed before it said so
    work()
    assert not BrokenLink.objects.filter(page=page).exists()


def test_an_editor_sees_only_their_own(house, work):
    mine = publish(house, "SECRETPAGE", body=[("paragraph", '<p><a href="/nulle-part/">SECRETLIEN</a></p>')])
    with change(by="test"):
        mine.commitments.clear()
        mine.save()
        image = ClubImage.objects.create(
            title="SECRETIMAGE", file=get_test_image_file(), collection=Collection.objects.get(name="ADEME")
        )
        house.article("Avec image", picture=image)
    published_on(mine, 600)
    walk_links()
    work()
    for route in ROUTES:
        assert "SECRET" in report(house.author, route), route
        assert "SECRET" in report(house.office, route), route
        assert "SECRET" in report(house.office, route, "?export=csv"), route
        for other in (house.other, house.correspondent):
            for query in ("", "?export=csv", "resultats/"):
                assert "SECRET" not in report(other, route, query), (route, query)


def test_who_edits_nothing_has_no_report(house, client, make_person):
    client.force_login(make_person("membre@commune.example"))
    for route in ROUTES:
        assert client.get(f"/redaction/rapports/{route}/").status_code in (302, 403)


def test_a_report_costs_the_same_at_any_volume(house, work):
    def costs() -> list[int]:
        found = []
        for route in ROUTES:
            report(house.office, route)
            with CaptureQueriesContext(connection) as seen:
                report(house.office, route)
            found.append(len(seen))
        return found

    def add(count: int) -> None:
        for number in range(count):
            page = publish(house, f"Page {number}", body=[("paragraph", '<p><a href="/nulle-part/">lien</a></p>')])
            with change(by="test"):
                page.commitments.clear()
                page.save()
            published_on(page, 600)
        walk_links()
        work()

    add(2)
    cache.clear()
    few = costs()
    add(12)
    assert costs() == few
    assert report(house.office, "a-relire").count("Page 1") > 1
