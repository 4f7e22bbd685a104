"""An author sends, somebody else publishes: whatever the way, whatever the role."""

import pytest
from django.core.exceptions import PermissionDenied
from wagtail.models import TaskState, WorkflowState

from changes import change
from cms.models import ArticlePage, OfficeReview, RegionReview
from cms.roles import section_of_region
from members.models import Role, Scope
from territories.models import Region
from tests.editing import typed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def send(page, by):
    with change(by="test"):
        page.get_workflow().start(page, by)


def step(page):
    return ArticlePage.objects.get(pk=page.pk).current_workflow_task


def act(page, action, by, **options):
    page = ArticlePage.objects.get(pk=page.pk)
    with change(by="test"):
        page.current_workflow_task.on_action(page.current_workflow_task_state, by, action, **options)


def test_a_page_filed_under_a_region_is_of_that_region(house):
    page = house.article(region="53", by=house.facilitator)
    with change(by="test"):
        ArticlePage.objects.filter(pk=page.pk).update(region=None)
    send(page, house.facilitator)
    assert isinstance(step(page), RegionReview), "the field is empty, the page stands below the région"
    page = ArticlePage.objects.get(pk=page.pk)
    with change(by="test"):
        page.save()
    assert ArticlePage.objects.get(pk=page.pk).region_id == "53"
    national = house.article()
    assert national.region_id is None


def test_a_national_page_goes_to_the_bureau_at_once(house):
    page = house.article()
    send(page, house.author)
    assert isinstance(step(page), OfficeReview)
    assert TaskState.objects.filter(status=TaskState.STATUS_SKIPPED).count() == 1
    act(page, "approve", house.office)
    assert ArticlePage.objects.get(pk=page.pk).live


def test_a_regional_page_passes_by_the_region(house):
    page = house.article(region="53", by=house.facilitator)
    send(page, house.facilitator)
    assert isinstance(step(page), RegionReview)
    with pytest.raises(PermissionDenied):
        act(page, "approve", house.facilitator)
    act(page, "approve", house.correspondent)
    assert isinstance(step(page), OfficeReview)
    act(page, "approve", house.office)
    assert ArticlePage.objects.get(pk=page.pk).live


def test_without_another_person_of_the_region_the_bureau_has_it_at_once(house):
    page = house.article(region="84", by=house.office)
    send(page, house.office)
    assert isinstance(step(page), OfficeReview)
    with pytest.raises(PermissionDenied):
        act(page, "approve", house.office)
    act(page, "approve", house.deputy)
    assert ArticlePage.objects.get(pk=page.pk).live


def test_a_change_is_asked_with_its_reason_and_the_page_comes_back(house):
    page = house.article()
    send(page, house.author)
    with pytest.raises(PermissionDenied):
        act(page, "reject", house.office, comment="  ")
    act(page, "reject", house.office, comment="Citez la source des chiffres.")
    state = WorkflowState.objects.get()
    assert state.status == WorkflowState.STATUS_NEEDS_CHANGES
    assert state.current_task_state.comment == "Citez la source des chiffres."
    with change(by="test"):
        ArticlePage.objects.get(pk=page.pk).save_revision(user=house.author)
        state.resume(house.author)
    act(page, "approve", house.office)
    assert ArticlePage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("who", ["office", "correspondent"])
def test_the_right_to_publish_ends_at_ones_own_page(house, who):
    person = getattr(house, who)
    own = house.article(region="53", by=person)
    another = house.article("Une autre", region="53", by=house.facilitator)
    assert not own.permissions_for_user(person).can_publish()
    assert another.permissions_for_user(person).can_publish()
    with pytest.raises(PermissionDenied):
        own.get_latest_revision().publish(user=person)
    another.get_latest_revision().publish(user=person)
    assert ArticlePage.objects.get(pk=another.pk).live


@pytest.mark.parametrize("who", ["author", "other", "facilitator"])
def test_partners_and_facilitators_publish_nothing(house, who):
    person = getattr(house, who)
    for page in (house.article(), house.article(region="53", by=house.correspondent)):
        assert not page.permissions_for_user(person).can_publish()


def test_who_saved_it_since_its_publication_is_an_author_too(house):
    page = house.article(region="53", by=house.facilitator)
    page.get_latest_revision().publish(user=house.correspondent)
    page = ArticlePage.objects.get(pk=page.pk)
    with change(by="test"):
        page.save_revision(user=house.correspondent)
    assert not page.permissions_for_user(house.correspondent).can_publish()
    assert page.permissions_for_user(house.office).can_publish()


def test_what_a_reviewer_mends_makes_no_author_of_them(house):
    page = house.article()
    send(page, house.author)
    with change(by="test"):
        ArticlePage.objects.get(pk=page.pk).save_revision(user=house.office)
    act(page, "approve", house.office)
    assert ArticlePage.objects.get(pk=page.pk).live


def test_a_review_of_one_page_gives_no_word_on_another(house, client, make_person):
    """Wagtail reads the page and the state of a review from the address, each by itself."""
    mine = house.article("La mienne", region="53", by=house.facilitator)
    make_person("lyon@etat.example", role=Role.CORRESPONDENT, scope=(Scope.REGION, "84"))
    theirs = house.article("La leur", region="84", by=house.office)
    for page, by in ((mine, house.facilitator), (theirs, house.office)):
        send(page, by)
    assert isinstance(step(theirs), RegionReview), "the same step, of another région"
    state = ArticlePage.objects.get(pk=theirs.pk).current_workflow_task_state
    client.force_login(house.correspondent)
    client.post(f"/redaction/pages/workflow/action/{mine.pk}/approve/{state.pk}/")
    assert not ArticlePage.objects.get(pk=theirs.pk).live
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS


def test_a_role_that_ended_reviews_nothing(house):
    page = house.article(region="53", by=house.facilitator)
    send(page, house.facilitator)
    assert step(page).may_review(page, house.correspondent)
    with change(by="test"):
        house.correspondent.roles.update(ends_at="2026-01-01T00:00:00Z", starts_at="2025-01-01T00:00:00Z")
    assert not step(page).may_review(page, house.correspondent)


def test_a_closed_list_of_checks_is_asked_again_when_accepted(house):
    page = house.article()
    send(page, house.author)
    page = ArticlePage.objects.get(pk=page.pk)
    page.body = [("paragraph", '<p><a href="https://club.example">ici</a></p>')]
    with change(by="test"):
        page.save_revision(user=house.office)
    with pytest.raises(PermissionDenied):
        act(page, "approve", house.office)
    assert not ArticlePage.objects.get(pk=page.pk).live


def test_the_side_preview_may_stand_in_a_frame_of_ours_and_keeps_the_pages_policy(house, client):
    page = house.article()
    client.force_login(house.author)
    answer = client.get(f"/redaction/pages/{page.pk}/view_draft/")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "script-src 'self';" in policy + ";"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("who", ["office", "correspondent"])
def test_a_new_page_is_not_published_with_the_right_on_its_parent(house, client, who):
    """Wagtail asks the parent alone; the draft is kept."""
    parent = section_of_region(Region.objects.get(code="53"))
    person = getattr(house, who)
    client.force_login(person)
    address = f"/redaction/pages/add/cms/articlepage/{parent.pk}/"
    assert "Publier maintenant" not in client.get(address).content.decode()
    organisation = person.memberships.get().organisation
    answer = client.post(address, typed(organisation=organisation.pk, **{"action-publish": "1"}))
    assert answer.status_code == 302
    page = ArticlePage.objects.get(title="Mon article")
    assert answer.url == f"/redaction/pages/{page.pk}/edit/"
    assert not page.live
    assert page.owner == person


def test_what_a_check_refuses_is_not_published_in_bulk(house, client):
    page = house.article()
    page.summary = ""
    with change(by="test"):
        page.save_revision(user=house.author, clean=False)
    client.force_login(house.office)
    client.post(f"/redaction/bulk/wagtailcore/page/publish/?id={page.pk}&next=/redaction/")
    assert not ArticlePage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("link", ["ici", "Le guide des noues"])
def test_the_editor_refuses_to_send_what_a_check_stops_and_keeps_what_was_typed(house, client, link):
    parent = house.article().get_parent()
    client.force_login(house.author)
    body = {"body-0-type": "buttons", "body-0-value-buttons-count": "1", "body-0-value-buttons-0-deleted": ""}
    body |= {"body-0-value-buttons-0-order": "0", "body-0-value-buttons-0-id": "", "action-submit": "1"}
    body |= {"body-0-value-buttons-0-value-text": link, "body-0-value-buttons-0-value-page": ""}
    body |= {"body-0-value-buttons-0-value-url": "https://ademe.example/guide"}
    answer = client.post(
        f"/redaction/pages/add/cms/articlepage/{parent.pk}/", typed(organisation=house.ademe.pk, **body)
    )
    made = ArticlePage.objects.filter(title="Mon article").first()
    if link == "ici":
        text = answer.content.decode()
        assert made is None
        assert "ne dit pas où mène le lien" in text
        assert "En bref." in text
    else:
        assert answer.status_code == 302
        assert made is not None
        assert made.workflow_in_progress
