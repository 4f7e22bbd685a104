"""Tokens: what dated mandates and roles give to read; a right that ends acts on the next request."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from changes import change
from members import actions
from members.audiences import VISITOR, compute_rights, rights_of
from members.consumers import follow_dates
from members.models import Membership, Person, Role, RoleAssignment, Scope
from members.rules import NotAllowed
from members.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def test_a_visitor_reads_what_is_public_only():
    assert Viewer.of(None).tokens == {"public"}
    assert not Viewer.of(None).is_member


def test_a_member_has_the_tokens_of_their_organisation(member, organisation):
    assert Viewer.of(member).tokens == {"public", "members", f"org:{organisation.pk}", f"person:{member.pk}"}


def test_a_role_gives_its_scope(make_person):
    person = make_person("c@dreal.example", role=Role.CORRESPONDENT, scope=(Scope.REGION, "53"))
    viewer = Viewer.of(person)
    assert {"region:53", "region:53:correspondent"} <= viewer.tokens
    assert viewer.holds(Role.CORRESPONDENT, Scope.REGION, "53")
    assert not viewer.holds(Role.CORRESPONDENT, Scope.REGION, "84")
    assert not viewer.is_national_office


def test_the_national_office_reads_every_region(office, referential):
    tokens = compute_rights(office, timezone.now()).tokens
    assert {"region:53", "region:01", "region:94"} <= tokens


def test_an_inactive_account_reads_what_a_visitor_reads(member):
    member.is_active = False
    assert compute_rights(member, timezone.now()).tokens == VISITOR
    assert Viewer.of(member).person is None


def test_a_mandate_that_ends_acts_at_once(member, office):
    assert Viewer.of(member).is_member
    actions.end_membership(member.memberships.get(), by=Viewer.of(office), reason="a changé de poste")
    assert not Viewer.of(Person.objects.get(pk=member.pk)).is_member


def test_a_right_with_a_date_begins_and_ends_by_itself(make_person):
    person = make_person()
    now = timezone.now()
    with change(by="test"):
        actions.give_role(
            person,
            Role.EXPERT,
            by="test",
            starts_at=now + timedelta(days=1),
            ends_at=now + timedelta(days=2),
        )
    assert not Viewer.of(person).holds(Role.EXPERT)
    with time_machine.travel(now + timedelta(days=1, seconds=1)):
        assert Viewer.of(person).holds(Role.EXPERT), "the tokens kept under this version end at the date"
    with time_machine.travel(now + timedelta(days=2, seconds=1)):
        assert not Viewer.of(person).holds(Role.EXPERT)


def test_rights_are_computed_once_per_version(member, django_assert_num_queries):
    rights_of(member)
    with django_assert_num_queries(0):
        rights_of(member)


def test_nobody_but_the_office_ends_a_mandate(member, make_person):
    correspondent = make_person("c@dreal.example", role=Role.CORRESPONDENT, scope=(Scope.REGION, "53"))
    with pytest.raises(NotAllowed):
        actions.end_membership(member.memberships.get(), by=Viewer.of(correspondent))
    assert Viewer.of(member).is_member


def test_the_office_cannot_end_its_own_role(office):
    with pytest.raises(NotAllowed):
        actions.end_role(office.roles.get(), by=Viewer.of(office))


def test_ending_twice_says_so_and_keeps_the_first_date(member, office):
    mandate = member.memberships.get()
    actions.end_membership(mandate, by=Viewer.of(office))
    first = Membership.objects.get(pk=mandate.pk).ends_at
    with pytest.raises(actions.AlreadyEnded):
        actions.end_membership(mandate, by=Viewer.of(office))
    assert Membership.objects.get(pk=mandate.pk).ends_at == first


def test_groups_are_a_projection_of_the_roles_in_force(office, make_person, referential):
    other = make_person("b@club.example", role=Role.NATIONAL_OFFICE)
    assert {"Bureau national", "Membres", "Membres — région Bretagne"} <= names(other), "it reads every région"
    actions.end_role(other.roles.get(), by=Viewer.of(office))
    assert names(other) == {"Membres"}
    actions.end_membership(other.memberships.get(), by=Viewer.of(office))
    assert names(other) == set()


def names(person):
    return set(person.groups.values_list("name", flat=True))


def test_a_correspondent_publishes_in_the_region_and_a_facilitator_writes_there(make_person, referential):
    dreal = make_person("dreal@etat.example", role=Role.CORRESPONDENT, scope=(Scope.REGION, "53"))
    ddt = make_person("ddt@etat.example", role=Role.CORRESPONDENT, scope=(Scope.DEPARTMENT, "35"))
    cerema = make_person("cerema@etat.example", role=Role.FACILITATOR, scope=(Scope.REGION, "53"))
    there = {"Région — Bretagne", "Membres"}
    assert names(dreal) == there | {"Correspondants", "Correspondants — Bretagne", "Membres — région Bretagne"}
    assert names(ddt) == there | {"Correspondants", "Correspondants — Bretagne"}
    assert names(cerema) == there | {"Animateurs", "Membres — région Bretagne"}


def test_codes_of_departments_are_not_those_of_regions(make_person, referential):
    """`01` is the Ain, and Guadeloupe."""
    ain = make_person("ddt@etat.example", role=Role.CORRESPONDENT, scope=(Scope.DEPARTMENT, "01"))
    assert "Région — Auvergne-Rhône-Alpes" in names(ain)
    assert "Région — Guadeloupe" not in names(ain)


def test_an_author_writes_while_the_agreement_is_in_force(make_person, organisation):
    author = make_person("a@p.example", role=Role.PARTNER_AUTHOR, scope=(Scope.ORGANISATION, str(organisation.pk)))
    pen = "Auteurs — Atelier des Rives"
    assert pen not in names(author), "no agreement yet"
    now = timezone.now()
    actions.sign_agreement(organisation, by="test", ends_at=now + timedelta(hours=1))
    assert pen in names(author)
    with time_machine.travel(now + timedelta(hours=2)):
        follow_dates()
        assert pen not in names(author)
        assert "Membres" in names(author), "it stops writing, not reading"


def test_a_mandate_ends_with_the_roles_in_its_organisation(make_person, organisation, office):
    person = make_person("r@ville.example", role=Role.REFERENT, scope=(Scope.ORGANISATION, str(organisation.pk)))
    actions.end_membership(person.memberships.get(), by=Viewer.of(office))
    assert Viewer.of(Person.objects.get(pk=person.pk)).tokens == {"public", f"person:{person.pk}"}


def test_a_role_that_ends_by_its_date_leaves_the_administration(client, make_person, referential):
    from cms.tree import plant_tree

    plant_tree()
    now = timezone.now()
    person = make_person("b@club.example")
    actions.give_role(person, Role.NATIONAL_OFFICE, by="test", ends_at=now + timedelta(hours=1))
    client.force_login(person)
    assert client.get("/redaction/").status_code == 200
    with time_machine.travel(now + timedelta(hours=2)):
        assert client.get("/redaction/").status_code == 403, "at once, whatever the group says"
        follow_dates()
        assert names(person) == {"Membres"}


MOMENTS = st.integers(min_value=-10, max_value=10)


@settings(max_examples=60, deadline=None)
@given(spans=st.lists(st.tuples(MOMENTS, st.none() | MOMENTS), max_size=6), at=MOMENTS)
def test_tokens_at_a_moment_are_those_of_the_rows_in_force(spans, at):
    """Property: whatever the spans, a person is a member exactly while one of them holds, and until the next date."""
    now = timezone.now()
    person = Person(pk=1, is_active=True)
    roles = [
        RoleAssignment(role=Role.EXPERT, scope_kind=Scope.NATION, starts_at=now + timedelta(hours=a), ends_at=None
                       if b is None else now + timedelta(hours=max(a, b)))
        for a, b in spans
    ]  # fmt: skip
    moment = now + timedelta(hours=at)
    from unittest.mock import patch

    with (
        patch("members.audiences.Membership.objects.filter") as none,
        patch("members.audiences.RoleAssignment.objects.filter", return_value=roles),
    ):
        none.return_value.select_related.return_value = []
        rights = compute_rights(person, moment)
        held = any(r.starts_at <= moment and (r.ends_at is None or r.ends_at > moment) for r in roles)
        assert ("members" in rights.tokens) == held
        if rights.until is not None:
            before = compute_rights(person, rights.until - timedelta(microseconds=1))
            assert before.tokens == rights.tokens
