"""A home page, pictures, a document, and pages of every kind."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image
from wagtail.models import Page, PageViewRestriction

from changes import change
from cms.models import (
    ArticlePage,
    ClubDocument,
    ClubImage,
    EventPage,
    ExperienceSheet,
    HomePage,
    LegalPage,
    MeetingReport,
    PartnerPage,
    RegionPage,
    SectionPage,
    StandardPage,
)
from cms.tree import plant_tree

DEFAULTS = {
    ArticlePage: {"summary": "Un résumé.", "body": [("paragraph", "<p>Le corps de l’article.</p>")]},
    ExperienceSheet: {"summary": "Un résumé.", "difficulty": "<p>Un sol qui n’infiltre pas.</p>"},
    LegalPage: {"kind": "cgu", "in_force_on": date(2026, 1, 1), "body": [("paragraph", "<p>Le texte.</p>")]},
    MeetingReport: {"held_on": date(2026, 3, 4), "place": "Vendenheim (67)", "attendance": 42},
}


@pytest.fixture
def home(db, settings, tmp_path) -> HomePage:
    """`/`, and nothing below it; files of this test go into a folder of its own."""
    settings.MEDIA_ROOT = str(tmp_path)
    return plant_tree()


@pytest.fixture
def image(home) -> ClubImage:
    """A picture of 1,200 by 800 pixels."""
    content = io.BytesIO()
    Image.new("RGB", (1200, 800), "#447049").save(content, "JPEG")
    with change(by="test"):
        return ClubImage.objects.create(
            title="Une noue", file=ImageFile(content, name="noue.jpg"), credit="Ville de Vendenheim"
        )


@pytest.fixture
def document(home) -> ClubDocument:
    """A document of everybody’s collection."""
    row = ClubDocument(title="Cahier des charges", file=ContentFile(b"a,b\n" * 300, "cahier.csv"))
    row._set_document_file_metadata()
    with change(by="test"):
        row.save()
    return row


@pytest.fixture
def make_page(home, organisation) -> Callable:
    """`make_page(ArticlePage, parent, title="…")`: a published page below a parent (the home page by default)."""

    def make(model=StandardPage, parent=None, title="Une page", **fields):
        parent = Page.objects.get(pk=(parent or home).pk).specific
        if model in (ArticlePage, ExperienceSheet, PartnerPage):
            fields.setdefault("organisation", organisation)
        page = model(title=title, **{**DEFAULTS.get(model, {}), **fields})
        with change(by="test"):
            parent.add_child(instance=page)
            Page.objects.filter(pk=page.pk).update(first_published_at=timezone.now())
        return model.objects.get(pk=page.pk)

    return make


@pytest.fixture
def restrict() -> Callable:
    """`restrict(page, "Membres")`: only that group reads it, and what is below."""

    def close(page, *groups):
        with change(by="test"):
            restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
            restriction.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])
        cache.clear()
        return restriction

    return close


@pytest.fixture
def region(referential):
    """Grand Est."""
    from territories.models import Region

    return Region.objects.get(code="44")


@pytest.fixture
def one_of_each(make_page, region, image) -> dict[str, Page]:
    """A published page of every kind, under the parents that the rules allow."""
    section = make_page(SectionPage, title="Une rubrique", picture=image)
    region_page = make_page(RegionPage, section, title="Grand Est", region=region)
    event = make_page(EventPage, region_page, title="Une visite")
    return {
        "section": section,
        "region": region_page,
        "event": event,
        "report": make_page(MeetingReport, event, title="Ce qui s’est dit"),
        "standard": make_page(StandardPage, section, title="Comment participer"),
        "partner": make_page(PartnerPage, section, title="Atelier des Rives", logo=image),
        "article": make_page(ArticlePage, section, title="Un article", picture=image, picture_alt="Une noue"),
        "practice": make_page(ExperienceSheet, section, title="Des noues", verified_on=date(2026, 5, 4)),
        "legal": make_page(LegalPage, title="Conditions générales"),
    }
