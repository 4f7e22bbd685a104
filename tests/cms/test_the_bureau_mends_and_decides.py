"""The bureau mends what others wrote and publishes it; who asked for a review withdraws; a press says what it did."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction

from changes import change
from cms.consumers import publish_scheduled
from cms.models import ArticlePage
from tests.editing import typed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OWN = "Personne ne publie son propre article"
UPDATED = "a été mise à jour"


def fresh(page):
    return ArticlePage.objects.get(pk=page.pk)


def save(page, *people):
    for person in people:
        with change(by="test"):
            fresh(page).save_revision(user=person)


def send(page, by):
    with change(by="test"):
        fresh(page).get_workflow().start(page, by)


def may_publish(page, person):
    return fresh(page).permissions_for_user(person).can_publish()


@pytest.fixture
def edit(house, client):
    """`edit(page, person, …)`: the page that the editor shows once these fields were posted."""

    def post(page, person, **fields):
        client.force_login(person)
        values = typed(page.title, slug=page.slug, organisation=house.ademe.pk, **fields)
        answer = client.post(f"/redaction/pages/{page.pk}/edit/", values, follow=True)
        return answer.content.decode()

    return post


def decide(action, reason="", **fields):
    extra = f'{{"comment": "{reason}"}}' if reason else "{}"
    pressed = {"action-workflow-action": "1", "workflow-action-name": action, "workflow-action-extra-data": extra}
    return {**pressed, **fields}


def test_the_bureau_mends_a_published_article_however_often_the_editor_saved(house, edit):
    page = house.article()
    page.get_latest_revision().publish(user=house.office)
    edit(page, house.office, summary="Mieux")
    edit(page, house.office, summary="Mieux dit.")
    shown = edit(page, house.office, summary="Mieux dit encore.", **{"action-publish": "1"})
    assert OWN not in shown
    assert fresh(page).summary == "Mieux dit encore."
    assert not fresh(page).has_unpublished_changes


def test_what_it_mended_goes_live_at_its_date_too(house):
    page = house.article()
    page.get_latest_revision().publish(user=house.office)
    save(page, house.office, house.office)
    page = fresh(page)
    page.summary, page.go_live_at = "Demain.", timezone.now() + timedelta(hours=1)
    with change(by="test"):
        PublishPageRevisionAction(page.save_revision(user=house.office), user=house.office).execute()
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        publish_scheduled()
    assert fresh(page).summary == "Demain."


def test_mending_never_publishes_ones_own(house):
    own = house.article(by=house.office)
    save(own, house.office, house.office)
    assert not may_publish(own, house.office)
    save(own, house.deputy, house.deputy)
    assert not may_publish(own, house.office)
    assert may_publish(own, house.deputy), "who mends what a colleague made publishes it"
    shared = house.article("À plusieurs")
    save(shared, house.office)
    assert may_publish(shared, house.office)
    save(shared, house.deputy, house.office)
    assert not may_publish(shared, house.office), "a text of theirs, under that of somebody else, was never published"


def test_what_the_bureau_mended_before_a_review_it_may_review(house):
    page = house.article()
    save(page, house.office, house.office)
    send(page, house.author)
    assert fresh(page).current_workflow_task.may_review(fresh(page), house.office)
    assert house.office in fresh(page).current_workflow_task.told(fresh(page))


@pytest.mark.parametrize("who", ["office", "correspondent"])
def test_a_press_that_publishes_nothing_says_why(house, edit, who):
    person = getattr(house, who)
    page = house.article(region="53", by=person)
    shown = edit(page, person, **{"action-publish": "1"})
    assert not fresh(page).live
    assert OWN in shown
    assert UPDATED not in shown


def test_only_who_asked_for_a_review_withdraws_from_it(house, client, edit):
    page = house.article()
    send(page, house.author)
    client.force_login(house.office)
    shown = client.get(f"/redaction/pages/{page.pk}/edit/").content.decode()
    assert "Demander une modification" in shown
    assert "action-cancel-workflow" not in shown
    edit(page, house.office, **{"action-cancel-workflow": "1"})
    assert fresh(page).workflow_in_progress
    assert page.revisions.count() == 1, "nothing was saved by that press"
    client.force_login(house.author)
    assert "action-cancel-workflow" in client.get(f"/redaction/pages/{page.pk}/edit/").content.decode()
    edit(page, house.author, **{"action-cancel-workflow": "1"})
    assert not fresh(page).workflow_in_progress


def test_what_was_decided_is_said(house, edit):
    page = house.article("Des noues")
    send(page, house.author)
    shown = edit(page, house.office, **decide("reject", "Citez vos sources."))
    assert "« Des noues » est renvoyée à son auteur" in shown
    assert UPDATED not in shown
    page = house.article("Des haies")
    send(page, house.author)
    assert "« Des haies » est publiée" in edit(page, house.office, **decide("approve"))
    page = house.article("Des mares")
    send(page, house.author)
    later = (timezone.localtime() + timedelta(days=3)).strftime("%Y-%m-%d %H:%M")
    assert "« Des mares » est programmée" in edit(page, house.office, **decide("approve", go_live_at=later))
    page = house.article("Des arbres", region="53", by=house.facilitator)
    send(page, house.facilitator)
    assert "« Des arbres » attend maintenant" in edit(page, house.correspondent, **decide("approve"))


def test_the_menu_of_reports_offers_what_opens(house, client):
    for person, offered in ((house.author, False), (house.office, True)):
        client.force_login(person)
        assert ("page-types-usage" in client.get("/redaction/").content.decode()) is offered
        assert (client.get("/redaction/reports/page-types-usage/").status_code == 200) is offered
