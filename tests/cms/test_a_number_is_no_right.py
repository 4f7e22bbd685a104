"""What an editor posts, copies or asks in bulk is asked for its right, as what they see is."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection

from changes import change
from cms.models import ArticlePage, ClubDocument, ClubImage, ExperienceSheet, RegionPage
from cms.roles import section_of_region
from meetings.models import Meeting
from territories.models import Region

pytestmark = pytest.mark.django_db
COMMENTS = {f"comments-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}


def form(house, title, **more):
    block = {"body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "heading", "body-0-id": ""}
    block |= {"body-0-value-text": "Les choix", "body-0-value-level": "h2"}
    base = {"title": title, "slug": "des-noues", "summary": "En bref.", "organisation": house.ademe.pk}
    return {**base, **block, **COMMENTS, **more}


@pytest.fixture
def secret(house, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    page = house.article("SECRETTITLE")
    with change(by="test"):
        collection = Collection.objects.get(name="ADEME")
        image = ClubImage.objects.create(
            title="SECRETIMAGE", file=get_test_image_file("SECRETFILE.png"), collection=collection
        )
        document = ClubDocument(
            title="SECRETDOCUMENT", file=ContentFile(b"SECRETBYTES", "SECRET.txt"), collection=collection
        )
        document._set_document_file_metadata()
        document.save()
    return page, image, document


@pytest.mark.parametrize("who", ["other", "correspondent", "facilitator"])
def test_all_pages_at_once_are_not_listed(house, client, secret, who):
    client.force_login(getattr(house, who))
    parent = secret[0].get_parent().pk
    for action in ("publish", "move", "unpublish", "delete"):
        for query in ("id=all", f"id=all&childOf={parent}", "id=all&q=SECRETTITLE", "id=x"):
            answer = client.get(f"/redaction/bulk/wagtailcore/page/{action}/?{query}&next=/redaction/")
            assert answer.status_code == 404, (action, query)


@pytest.mark.parametrize("what", ["picture", "page", "document"])
def test_what_is_posted_is_what_one_may_choose(house, client, secret, what):
    page, image, document = secret
    mine = house.article("Le mien", by=house.other)
    client.force_login(house.other)
    more = {
        "picture": {"picture": image.pk},
        "page": {
            "body-0-type": "buttons", "body-0-value-buttons-count": "1", "body-0-value-buttons-0-deleted": "",
            "body-0-value-buttons-0-order": "0", "body-0-value-buttons-0-id": "",
            "body-0-value-buttons-0-value-text": "Un lien", "body-0-value-buttons-0-value-page": page.pk,
            "body-0-value-buttons-0-value-url": "",
        },
        "document": {
            "body-0-type": "download", "body-0-value-document": document.pk, "body-0-value-detail": "",
        },
    }[what]  # fmt: skip
    sent = {**form(house, "Le mien", organisation=house.ush.pk, slug=mine.slug), **more}
    answer = client.post(f"/redaction/pages/{mine.pk}/edit/", sent)
    assert answer.status_code == 404
    for shown in (
        answer,
        client.get(f"/redaction/pages/{mine.pk}/edit/"),
        client.get(f"/redaction/pages/{mine.pk}/view_draft/"),
    ):
        assert "SECRET" not in shown.content.decode()


def test_what_the_page_named_before_may_stay(house, client, secret):
    _, image, _ = secret
    mine = house.article("Le mien", by=house.other, picture=image)
    client.force_login(house.other)
    sent = form(house, "Le mien, relu", organisation=house.ush.pk, slug=mine.slug, picture=image.pk)
    assert client.post(f"/redaction/pages/{mine.pk}/edit/", sent).status_code == 302
    assert ArticlePage.objects.get(pk=mine.pk).get_latest_revision_as_object().title == "Le mien, relu"


def test_a_text_typed_into_a_colleague_s_draft_is_one_s_own(house, client):
    draft = house.article("Vide", by=house.facilitator, region="53")
    client.force_login(house.correspondent)
    sent = form(house, "Tout de ma main", slug=draft.slug, **{"action-publish": "1"})
    client.post(f"/redaction/pages/{draft.pk}/edit/", sent)
    kept = ArticlePage.objects.get(pk=draft.pk)
    assert not kept.live
    assert kept.get_latest_revision_as_object().title == "Tout de ma main", "nothing typed is lost"


def test_a_practice_is_published_by_the_bureau_alone(house, client):
    with change(by="test"):
        parent = section_of_region(Region.objects.get(code="53"))
        sheet = parent.add_child(
            instance=ExperienceSheet(
                title="Des noues", slug="fiche", live=False, region_id="53", owner=house.facilitator
            )
        )
        sheet.save_revision(user=house.facilitator)
    sheet = ExperienceSheet.objects.get(pk=sheet.pk)
    assert not sheet.permissions_for_user(house.correspondent).can_publish()
    assert sheet.permissions_for_user(house.office).can_publish()


def test_a_copy_is_a_draft(house, client):
    page = house.article("Des noues", by=house.facilitator, region="53")
    with change(by="test"):
        page.get_latest_revision().publish()
    client.force_login(house.correspondent)
    sent = {
        "new_title": "Jamais relu", "new_slug": "jamais-relu", "new_parent_page": page.get_parent().pk,
        "publish_copies": "on", "copy_subpages": "",
    }  # fmt: skip
    client.post(f"/redaction/pages/{page.pk}/copy/", sent)
    copy = ArticlePage.objects.get(slug="jamais-relu")
    assert not copy.live


def test_the_form_of_an_event_names_the_meetings_that_one_may_know(house, client):
    with change(by="test"):
        begins = timezone.now() + timedelta(days=3)
        for region, title in (("84", "SECRETMEETING"), ("53", "La nôtre")):
            Meeting.objects.create(
                title=title, audience=f"region:{region}", region_id=region, begins_at=begins,
                ends_at=begins + timedelta(hours=2),
            )  # fmt: skip
    parent = section_of_region(Region.objects.get(code="53"))
    client.force_login(house.facilitator)
    shown = client.get(f"/redaction/pages/add/cms/eventpage/{parent.pk}/").content.decode()
    assert "La nôtre" in shown
    assert "SECRETMEETING" not in shown


def test_a_region_s_page_stays_the_region_s(house, client):
    page = section_of_region(Region.objects.get(code="53"))
    client.force_login(house.correspondent)
    assert not re.search(r'name="region"', client.get(f"/redaction/pages/{page.pk}/edit/").content.decode())
    sent = {"title": page.title, "slug": page.slug, "summary": "x", "region": "84", "body-count": "0", **COMMENTS}
    client.post(f"/redaction/pages/{page.pk}/edit/", {**sent, "action-publish": "1"})
    assert RegionPage.objects.get(pk=page.pk).region_id == "53"


def test_documents_moved_in_bulk_renew_what_visitors_see(house, client, secret, django_capture_on_commit_callbacks):
    from changes.models import Fact
    from changes.streams import PUBLIC, stand

    document = secret[2]
    with change(by="test"):
        closed = Collection.get_first_root_node().add_child(instance=Collection(name="Réservée"))
    client.force_login(house.office)
    before = stand(PUBLIC, PUBLIC).pos
    answer = client.post(
        f"/redaction/bulk/cms/clubdocument/add_to_collection/?id={document.pk}&next=/redaction/documents/",
        {"collection": closed.pk},
    )
    assert answer.status_code == 302
    document.refresh_from_db()
    assert document.collection_id == closed.pk
    assert stand(PUBLIC, PUBLIC).pos > before
    assert not Fact.objects.filter(aside_at__isnull=False).exists()
