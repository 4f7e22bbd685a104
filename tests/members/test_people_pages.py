"""The bureau's pages: lists with a fixed number of queries, ends of mandates and roles, a page each."""

import pytest
from django.urls import reverse

from changes import change
from members.models import Membership, Person, Role, RoleAssignment, Scope

pytestmark = pytest.mark.django_db


def people(count: int, organisation) -> None:
    with change(by="test"):
        rows = Person.objects.bulk_create(
            Person(email=f"p{n}@ville.example", given_name="Paul", family_name=f"Nom{n:04}", password="!")
            for n in range(count)
        )
        Membership.objects.bulk_create(
            Membership(person=row, organisation=organisation, function="agent") for row in rows
        )


@pytest.mark.parametrize("count", [10, 1000])
def test_the_list_takes_the_same_queries_whatever_its_length(
    as_office, organisation, referential, django_assert_num_queries, count
):
    people(count, organisation)
    as_office.get(reverse("members:list"))
    # session, person; count, page, mandates and their organisations, roles; invitations; régions, départements
    with django_assert_num_queries(10):
        answer = as_office.get(reverse("members:list"))
    assert answer.content.count(b"club-line__title") <= 26


def test_a_page_ends_a_mandate_and_the_journal_keeps_why(as_office, member):
    from changes.models import JournalLine

    mandate = member.memberships.get()
    address = reverse("members:end-mandate", args=[mandate.pk])
    assert "Les droits qui en viennent cessent tout de suite" in as_office.get(address).content.decode()
    assert as_office.post(address, {"reason": "a quitté la commune"}).status_code == 302
    assert not Membership.objects.get(pk=mandate.pk).is_current
    assert JournalLine.objects.filter(verb="end", reason="a quitté la commune").count() == 1
    again = as_office.post(address, {"reason": "encore"}, follow=True)
    assert "déjà terminé" in again.content.decode()


def test_an_organisation_is_told_from_its_namesakes(referential):
    from members.organisations import organisation_of_key

    keys = ("commune:97411", "commune:93066", "department:67", "region:53", "epci:246700488")
    labels = [organisation_of_key(key, by="test").label for key in keys]
    assert labels == ["Saint-Denis (974)", "Saint-Denis (93)", "Bas-Rhin (département)", "Bretagne (région)",
                      "Eurométropole de Strasbourg"]  # fmt: skip


def test_a_page_ends_a_role(as_office, make_person):
    person = make_person("c@dreal.example", role=Role.CORRESPONDENT, scope=(Scope.REGION, "53"))
    role = person.roles.get()
    assert as_office.post(reverse("members:end-role", args=[role.pk]), {"reason": ""}).status_code == 302
    assert not RoleAssignment.objects.get(pk=role.pk).is_current


def test_one_s_own_office_role_is_refused_with_the_reason(as_office, office):
    answer = as_office.get(reverse("members:end-role", args=[office.roles.get().pk]))
    assert answer.status_code == 403
    assert "demandez à un collègue" in answer.content.decode()


def test_the_right_acts_on_the_next_request_of_the_person(client, office, make_person):
    other = make_person("b@club.example", role=Role.NATIONAL_OFFICE)
    client.force_login(other)
    assert client.get(reverse("members:list")).status_code == 200
    from members.actions import end_role
    from members.viewer import Viewer

    end_role(other.roles.get(), by=Viewer.of(office))
    assert client.get(reverse("members:list")).status_code == 404


def test_one_s_account_shows_mandates_and_roles(client, member):
    assert client.get(reverse("account")).status_code == 302
    client.force_login(member)
    page = client.get(reverse("account")).content.decode()
    assert "Atelier des Rives" in page
    assert member.email in page
