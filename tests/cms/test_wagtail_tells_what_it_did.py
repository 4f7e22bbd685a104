"""Wagtail's signals become facts in the same transaction, and visitors' pages are renewed with them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageViewRestriction

from changes import change, streams
from changes.models import Fact
from cms.consumers import publish_scheduled
from cms.models import ClubImage, HomePage
from cms.tree import plant_tree

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def home(settings):
    settings.FACT_CONSUMERS = {"ears": ["page.*", "image.*", "document.*"]}
    settings.FACTS_ANNOUNCED = {*settings.FACTS_ANNOUNCED, "members.person_changed"}
    home = plant_tree()
    Fact.objects.all().delete()
    return home


def heard() -> list[tuple[str, str]]:
    return list(Fact.objects.order_by("pk").values_list("kind", "object_id"))


def public() -> int:
    return streams.stand(streams.PUBLIC, streams.PUBLIC).pos


def test_publishing_and_unpublishing(home):
    before = public()
    home.save_revision().publish()
    assert heard() == [("page.published", str(home.pk))]
    assert public() == before + 1
    home.unpublish()
    assert heard()[1:] == [("page.unpublished", str(home.pk))]
    assert public() == before + 2


def test_a_publication_that_fails_tells_nothing(home, monkeypatch):
    revision = home.save_revision()
    with pytest.raises(RuntimeError), change(by="test"):  # noqa: PT012 - the whole block is what is undone
        revision.publish()
        raise RuntimeError
    assert heard() == []


def test_through_the_editor(home, as_office):
    page = as_office.get(f"/redaction/pages/{home.pk}/edit/")
    assert page.status_code == 200
    form = {"title": "Accueil", "slug": "accueil", "introduction": "Une autre phrase.", "action-publish": "1"}
    management = {f"comments-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    answer = as_office.post(f"/redaction/pages/{home.pk}/edit/", {**form, **management})
    assert answer.status_code == 302
    assert ("page.published", str(home.pk)) in heard()
    assert HomePage.objects.get().introduction == "Une autre phrase."


def test_scheduled_publication_and_expiry(home):
    home.unpublish()
    home.go_live_at = timezone.now() - timedelta(minutes=1)
    home.save_revision(approved_go_live_at=home.go_live_at)
    Fact.objects.all().delete()
    publish_scheduled()
    assert ("page.published", str(home.pk)) in heard()
    page = HomePage.objects.get()
    assert page.live
    page.expire_at = timezone.now() - timedelta(seconds=1)
    page.save()
    publish_scheduled()
    assert ("page.unpublished", str(home.pk)) in heard()


def test_restrictions_moves_deletions_and_pictures(home):
    root = Page.get_first_root_node()
    before = public()
    with change(by="test"):
        restriction = PageViewRestriction.objects.create(page=home, restriction_type=PageViewRestriction.GROUPS)
        restriction.groups.add(Group.objects.create(name="Un groupe"))
        restriction.delete()
    assert heard() == [("page.restricted", str(home.pk))] * 2
    with change(by="test"):
        image = ClubImage.objects.create(title="Une noue", file=get_test_image_file())
        image.delete()
    assert [kind for kind, _ in heard()[2:]] == ["image.saved", "image.deleted"]
    with change(by="test"):
        home.move(root, pos="last-child")
    moved = len(heard())
    pk = home.pk
    with change(by="test"):
        HomePage.objects.get().delete()
    assert heard()[moved:] == [("page.unpublished", str(pk)), ("page.deleted", str(pk))]
    assert public() > before
