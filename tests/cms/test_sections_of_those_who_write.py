"""Sections, collections and groups: made by a command that can be run again, by a fact, and following agreements."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Workflow

from changes import change, facts
from changes.models import Fact
from cms.models import PartnerPage, RegionPage
from members.actions import give_role
from members.models import Organisation, PartnershipAgreement, Person, Role, Scope

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def names(person) -> set[str]:
    return set(person.groups.values_list("name", flat=True))


def test_the_command_can_be_run_again(house):
    def state():
        return [
            model.objects.count()
            for model in (Page, Collection, GroupPagePermission, GroupCollectionPermission, Workflow)
        ]

    before = state()
    page = PartnerPage.objects.get(organisation=house.ademe)
    with change(by="test"):
        page.title = "L’agence"
        page.save_revision().publish()
    call_command("editors", verbosity=0)
    assert state() == before
    assert PartnerPage.objects.get(organisation=house.ademe).title == "L’agence"
    assert RegionPage.objects.count() == 18


def test_a_partner_writes_there_and_nowhere_else(house):
    own = PartnerPage.objects.get(organisation=house.ademe)
    other = PartnerPage.objects.get(organisation=house.ush)
    home = own.get_parent().get_parent().specific
    assert own.permissions_for_user(house.author).can_add_subpage()
    assert not own.permissions_for_user(house.author).can_publish()
    for page in (other, home):
        assert not page.permissions_for_user(house.author).can_edit()
        assert not page.permissions_for_user(house.author).can_add_subpage()


def test_a_partner_who_gains_an_author_gains_a_section(house, make_person, work):
    with change(by="test"):
        partner = Organisation.objects.create(kind="partner", name="CSTB")
    person = make_person("c@p.example")
    give_role(person, Role.PARTNER_AUTHOR, Scope.ORGANISATION, str(partner.pk), by="test")
    work()
    page = PartnerPage.objects.get(organisation=partner)
    assert page.live
    assert "Auteurs — CSTB" not in names(person), "no agreement yet"


def test_the_dates_that_the_bureau_publishes_are_those_of_the_agreement(house, work):
    page = PartnerPage.objects.get(organisation=house.ademe)
    today = timezone.localdate()
    page.agreement_from, page.agreement_until = today - timedelta(days=400), today - timedelta(days=1)
    with change(by="test"):
        page.save_revision(user=house.author)
    work()
    assert "Auteurs — ADEME" in names(house.author), "a draft changes nothing"
    with change(by="test"):
        page.save_revision(user=house.office).publish(user=house.office)
    work()
    assert "Auteurs — ADEME" not in names(house.author)
    page.agreement_until = today + timedelta(days=30)
    with change(by="test"):
        page.save_revision(user=house.office).publish(user=house.office)
    work()
    assert "Auteurs — ADEME" in names(Person.objects.get(pk=house.author.pk))
    assert PartnershipAgreement.objects.filter(organisation=house.ademe).count() == 1


def test_a_worker_that_dies_after_the_publication_leaves_nothing_undone(house, work):
    """It took the facts and was killed before it did them: their lease ends, another does them, once."""
    page = PartnerPage.objects.get(organisation=house.ademe)
    page.agreement_from = page.agreement_until = timezone.localdate() - timedelta(days=1)
    with change(by="test"):
        page.save_revision().publish(user=house.office)
    assert facts.claim("sections", limit=200), "taken, and never given back"
    work()
    assert Fact.objects.filter(consumer="sections", done_at=None).exists()
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.FACT_LEASE_SECONDS + 1)):
        work()
    assert not Fact.objects.filter(consumer="sections", done_at=None).exists()
    assert "Auteurs — ADEME" not in names(house.author)


@pytest.mark.parametrize("who", ["author", "correspondent", "facilitator", "office"])
def test_who_writes_finds_the_way_in(house, client, who):
    client.force_login(getattr(house, who))
    assert 'href="/redaction/">Rédaction</a>' in client.get("/agenda/").content.decode()
    assert client.get("/redaction/").status_code == 200


def test_who_does_not_write_is_shown_no_door(house, client, make_person):
    assert "/redaction/" not in client.get("/agenda/").content.decode()
    client.force_login(make_person("membre@ville.example"))
    assert "/redaction/" not in client.get("/agenda/").content.decode()
