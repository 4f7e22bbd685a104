"""Who hears of a review, in which words; a reminder once; dates kept to the minute, with the checks asked again."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from changes import change
from changes.models import Fact
from cms.consumers import publish_scheduled, remind_of_reviews
from cms.models import ArticlePage
from cms.review.reminders import working_days_before
from members.models import PartnershipAgreement, Person
from members.viewer import Viewer
from notifications.models import Notice, QueuedMail
from notifications.notices import said

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def send(page, by):
    with change(by="test"):
        page.get_workflow().start(page, by)


def act(page, action, by, **options):
    page = ArticlePage.objects.get(pk=page.pk)
    with change(by="test"):
        page.current_workflow_task.on_action(page.current_workflow_task_state, by, action, **options)


def told(person) -> list[str]:
    return [f"{one.words} — {one.detail}".rstrip(" —") for one in said(Viewer.of(Person.objects.get(pk=person.pk)))]


def later(work, **span):
    with time_machine.travel(timezone.now() + timedelta(**span)):
        work()


def mailed(person) -> list[str]:
    return list(QueuedMail.objects.filter(to=[person.email]).order_by("pk").values_list("subject", flat=True))


def test_each_step_is_told_to_whom_it_concerns(house, work):
    page = house.article("Des noues")
    send(page, house.author)
    work()
    for person in (house.office, house.deputy):
        assert told(person) == ["Une page attend votre relecture : « Des noues »"]
    assert told(house.author) == told(house.other) == told(house.correspondent) == []
    act(page, "reject", house.office, comment="Citez vos sources.")
    work()
    assert told(house.author) == ["Une modification est demandée : « Des noues » — Motif : Citez vos sources."]
    assert told(house.office) == [], "it waits no longer"
    page = ArticlePage.objects.get(pk=page.pk)
    with change(by="test"):
        page.current_workflow_state.resume(house.author)
    act(page, "approve", house.office)
    work()
    assert told(house.author)[0] == "Votre page « Des noues » est publiée"


def test_mails_leave_after_a_minute_and_only_while_they_are_true(house, work):
    page = house.article("Des noues")
    send(page, house.author)
    work()
    assert mailed(house.office) == []
    later(work, seconds=90)
    assert mailed(house.office) == ["Une page attend votre relecture"]
    act(page, "reject", house.office, comment="Citez vos sources.")
    work()
    with change(by="test"):
        house.author.roles.update(ends_at=timezone.now())
        PartnershipAgreement.objects.update(ends_at=timezone.now())
        house.author.groups.clear()
    later(work, seconds=90)
    assert "Des noues" not in " ".join(told(house.author)), "the pen is gone: the page is named no more"
    mail = QueuedMail.objects.filter(to=[house.author.email]).first()
    assert mail is not None
    assert "Citez" not in mail.text


def test_a_reviewer_who_lost_the_role_is_told_nothing(house, work):
    send(house.article("Des noues"), house.author)
    with change(by="test"):
        house.deputy.roles.update(ends_at=timezone.now())
    work()
    assert not Notice.objects.filter(person=house.deputy).exists()


def test_the_region_is_told_of_its_page(house, work):
    page = house.article("Des noues", region="53", by=house.facilitator)
    send(page, house.facilitator)
    work()
    assert told(house.correspondent) == ["Une page attend votre relecture : « Des noues »"]
    assert told(house.office) == told(house.facilitator) == []


def test_a_review_of_five_working_days_reminds_once(house, work):
    send(house.article("Des noues"), house.author)
    work()
    begun = timezone.now()
    with time_machine.travel(begun + timedelta(days=4, hours=20)):
        remind_of_reviews()
        work()
        assert not Notice.objects.filter(kind=Notice.Kind.PAGE_WAITS).exists()
    with time_machine.travel(begun + timedelta(days=8)):
        for _ in range(2):
            remind_of_reviews()
            work()
        assert Notice.objects.filter(kind=Notice.Kind.PAGE_WAITS).count() == 2, "the two of the bureau"
        assert Fact.objects.filter(kind="page.waits").count() == 1


def test_working_days_leave_out_the_end_of_the_week():
    monday = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert working_days_before(monday, 1) == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert working_days_before(monday, 5) == datetime(2026, 11, 16, 12, tzinfo=UTC)


@pytest.fixture
def dated(house):
    """An article of the partner that the bureau accepted for in two hours."""
    page = house.article("Des noues", go_live_at=timezone.now() + timedelta(hours=2))
    send(page, house.author)
    act(page, "approve", house.office)
    return ArticlePage.objects.get(pk=page.pk)


def test_it_goes_live_to_the_minute_and_ends_so(house, dated, work):
    assert not dated.live
    with time_machine.travel(dated.go_live_at - timedelta(seconds=20)):
        publish_scheduled()
        assert not ArticlePage.objects.get(pk=dated.pk).live
    with time_machine.travel(dated.go_live_at + timedelta(seconds=20)):
        publish_scheduled()
        page = ArticlePage.objects.get(pk=dated.pk)
        assert page.live
        with change(by="test"):
            ArticlePage.objects.filter(pk=page.pk).update(expire_at=page.go_live_at + timedelta(hours=1))
    with time_machine.travel(dated.go_live_at + timedelta(hours=1, seconds=20)):
        publish_scheduled()
        assert not ArticlePage.objects.get(pk=dated.pk).live


def test_what_a_check_refuses_meanwhile_does_not_go_live(house, dated, work):
    """A page that it links to was taken down since it was accepted."""
    revision = dated.scheduled_revision
    revision.content["body"] = (
        '[{"type": "paragraph", "value": "<p><a linktype=\\"page\\" id=\\"99999\\">Un guide</a></p>"}]'
    )
    with change(by="test"):
        revision.save()
    with time_machine.travel(dated.go_live_at + timedelta(seconds=20)):
        publish_scheduled()
        work()
        assert not ArticlePage.objects.get(pk=dated.pk).live
        assert any("n’a pas pu paraître" in line for line in told(house.author))
        assert any("n’a pas pu paraître" in line for line in told(house.office))


def test_an_author_who_dated_their_own_page_is_stopped_there_too(house, work):
    page = house.article(
        "Des noues", region="53", by=house.correspondent, go_live_at=timezone.now() + timedelta(hours=1)
    )
    from wagtail.actions.publish_page_revision import PublishPageRevisionAction

    with change(by="test"):
        PublishPageRevisionAction(page.get_latest_revision(), user=house.correspondent).execute(
            skip_permission_checks=True
        )
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        publish_scheduled()
        assert not ArticlePage.objects.get(pk=page.pk).live


def test_one_page_that_fails_stops_no_other(house, dated, monkeypatch):
    broken = house.article("Cassée", go_live_at=timezone.now() + timedelta(hours=1))
    send(broken, house.author)
    act(broken, "approve", house.office)
    from cms.review import schedule

    whole = schedule.check_page
    monkeypatch.setattr(schedule, "check_page", lambda page: 1 / 0 if page.title == "Cassée" else whole(page))
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        publish_scheduled()
        assert ArticlePage.objects.get(pk=dated.pk).live
        assert not ArticlePage.objects.get(pk=broken.pk).live


def test_a_comment_is_told_to_those_who_still_work_on_the_page(house, client, work):
    from wagtail.models import Comment

    page = house.article("Des noues")
    with change(by="test"):
        Comment.objects.create(page=page, user=house.other, text="Déjà lu ailleurs ?", contentpath="title")
        with change(by="test") as c:
            c.fact("page.commented", page.pk, payload={"by": house.office.pk})
    work()
    assert told(house.author) == ["Un commentaire sur une page : « Des noues »"]
    assert told(house.other) == [], "who may not work on the page hears nothing of it"
