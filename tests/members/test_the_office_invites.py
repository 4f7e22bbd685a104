"""Inviting: the organisation is found in the referential, the link works once, within 14 days, on POST only."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from members import actions
from members.models import Invitation, Organisation, Person, Role, Scope
from members.organisations import find_organisations, organisation_of_key
from members.queries import scope_choices
from members.rules import NotAllowed
from members.viewer import Viewer
from notifications.models import QueuedMail
from territories.names import normalise

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
PASSWORD = "trois noues et un platane"


@pytest.fixture
def invited(organisation, office):
    return actions.invite(
        email="Nouvelle@Ville.example", organisation=organisation, function="élue", by=Viewer.of(office)
    )


def accept(token: str, password: str = PASSWORD, **names: str):
    return actions.accept_invitation(
        token, given_name=names.get("given", "Lou"), family_name=names.get("family", "Caron"), password=password
    )


def test_an_invited_person_gets_an_account_with_mandate_and_role(organisation, office):
    invited = actions.invite(
        email="ref@ville.example",
        organisation=organisation,
        function="directrice",
        role=Role.REFERENT,
        scope_kind=Scope.ORGANISATION,
        scope_id=str(organisation.pk),
        by=Viewer.of(office),
    )
    person = accept(invited.token)
    viewer = Viewer.of(person)
    assert person.check_password(PASSWORD)
    assert viewer.is_member
    assert viewer.holds(Role.REFERENT, Scope.ORGANISATION, str(organisation.pk))


def test_the_secret_of_a_link_is_not_in_the_database(invited):
    assert invited.token not in str(Invitation.objects.values().get())


def test_a_link_works_once(invited):
    accept(invited.token)
    with pytest.raises(actions.InvitationClosed):
        accept(invited.token)
    assert Person.objects.filter(email="nouvelle@ville.example").count() == 1


def test_a_link_is_dead_after_14_days(invited):
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1)), pytest.raises(actions.InvitationClosed):
        accept(invited.token)
    with time_machine.travel(timezone.now() + timedelta(days=13, hours=23)):
        assert accept(invited.token).pk


def test_a_withdrawn_link_is_dead(invited, office):
    actions.withdraw_invitation(invited.invitation, by=Viewer.of(office))
    with pytest.raises(actions.InvitationClosed):
        accept(invited.token)


def test_a_second_invitation_replaces_the_first(invited, organisation, office):
    again = actions.invite(
        email="nouvelle@ville.example", organisation=organisation, function="élue", by=Viewer.of(office)
    )
    with pytest.raises(actions.InvitationClosed):
        accept(invited.token)
    assert accept(again.token).pk


def test_a_weak_password_uses_no_link_up(invited):
    for weak in ("court", "123456789012", "nouvelle@ville.example"):
        with pytest.raises(ValidationError):
            accept(invited.token, weak)
    assert accept(invited.token).pk


def test_a_link_takes_over_no_existing_account(make_person, organisation, office):
    owner = make_person("deja@ville.example", password=PASSWORD)
    with_link = actions.invite(
        email="deja@ville.example", organisation=organisation, function="autre", by=Viewer.of(office)
    )
    with pytest.raises(NotAllowed):
        accept(with_link.token, "un autre mot de passe")
    assert accept(with_link.token, PASSWORD).pk == owner.pk


def test_only_the_office_invites(member, organisation):
    with pytest.raises(NotAllowed):
        actions.invite(email="x@y.example", organisation=organisation, function="f", by=Viewer.of(member))


def test_a_link_acts_on_post_only(client, invited):
    address = reverse("members:accept", args=[invited.token])
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert not Person.objects.filter(email="nouvelle@ville.example").exists()
    answer = client.post(address, {"given_name": "Lou", "family_name": "Caron", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get(reverse("account")).status_code == 200, "signed in"
    assert client.get(address).status_code == 410


def test_an_unknown_link_says_the_same_as_a_dead_one(client, invited):
    accept(invited.token)
    dead = client.get(reverse("members:accept", args=[invited.token]))
    unknown = client.get(reverse("members:accept", args=["n-importe-quoi"]))
    assert (dead.status_code, unknown.status_code) == (410, 410)
    assert "a déjà servi, a été retirée ou a plus de 14" in unknown.content.decode()


def test_collectivites_are_found_in_the_referential(referential):
    assert [found.key for found in find_organisations("Vendenheim")] == ["commune:67506"]
    kinds = {found.key.partition(":")[0] for found in find_organisations("strasbourg")}
    assert {"commune", "epci"} <= kinds
    organisation = organisation_of_key("commune:67506", by="test")
    assert (organisation.kind, organisation.region_id, organisation.commune.code) == ("commune", "44", "67506")
    assert organisation_of_key("commune:67506", by="test") == organisation


@pytest.mark.parametrize("key", ["", "commune:99999", "org:0", "org:abc", "planet:3", "epci:", "commune:67506' OR 1=1"])
def test_a_key_that_leads_nowhere_is_refused(referential, key):
    with pytest.raises(LookupError):
        organisation_of_key(key, by="test")


def post(client, **changes: str):
    data = {"email": "neuf@ville.example", "organisation": "Vendenheim", "function": "chargé de mission", "role": "",
            "scope": "", **changes}  # fmt: skip
    return client.post(reverse("members:invite"), data)


def test_the_page_sends_one_mail_with_the_link(as_office, referential, work):
    assert post(as_office).status_code == 302
    mail = QueuedMail.objects.get()
    assert mail.to == ["neuf@ville.example"]
    assert "/membres/invitation/" in mail.text
    assert "14 jours" in mail.text
    assert Organisation.objects.get(kind="commune").name == "Vendenheim"


def test_several_organisations_are_offered_as_choices(as_office, referential):
    answer = post(as_office, organisation="Strasbourg")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "choisissez la bonne" in page
    assert 'value="commune:67482"' in page
    assert post(as_office, organisation="Strasbourg", organisation_key="commune:67482").status_code == 302
    assert Invitation.objects.get().organisation.commune.code == "67482"


def test_the_one_chosen_from_the_suggestions_is_not_asked_for_again(as_office, referential):
    """It comes with its key, even where its namesakes would not all fit into the choices."""
    assert find_organisations("Strasbourg", limit=1)[0].key == "commune:67482"
    answer = post(as_office, organisation="strasbourg ", organisation_key="commune:67482")
    assert answer.status_code == 302
    assert Invitation.objects.get().organisation.commune.code == "67482"


@pytest.mark.parametrize("key", ["commune:67482", "commune:99999", "org:1", "org:²", "nothing", "planet:3", ":"])
def test_a_choice_that_no_longer_goes_with_the_name_is_dropped(as_office, referential, key):
    assert post(as_office, organisation="Vendenheim", organisation_key=key).status_code == 302
    assert Invitation.objects.get().organisation.name == "Vendenheim"
    answer = post(as_office, organisation="Strasbourg", organisation_key="commune:67506")
    assert "choisissez la bonne" in answer.content.decode()


def test_scopes_stand_under_headings_in_the_order_of_the_dictionary(as_office, referential):
    page = as_office.get(reverse("members:invite")).content.decode()
    assert page.index('<optgroup label="Régions">') < page.index('<optgroup label="Départements">')
    labels = [label for key, label in scope_choices() if key.startswith("region:")]
    assert labels == sorted(labels, key=normalise)


def test_a_free_text_makes_no_collectivite(as_office, referential):
    answer = post(as_office, organisation="Trifouillis-les-Oies")
    assert "Aucune organisation ne porte ce nom" in answer.content.decode()
    assert not Invitation.objects.exists()


def test_a_role_needs_a_scope_that_makes_sense(as_office, referential):
    assert "Ce rôle se donne pour" in post(as_office, role="correspondent").content.decode()
    assert "Ce rôle se donne pour" in post(as_office, role="correspondent", scope="nation").content.decode()
    assert post(as_office, role="correspondent", scope="region:53").status_code == 302


@pytest.mark.parametrize("name", ["members:list", "members:invite"])
def test_the_pages_do_not_exist_for_others(client, member, name):
    assert client.get(reverse(name)).status_code == 404
    client.force_login(member)
    assert client.get(reverse(name)).status_code == 404
    assert client.post(reverse("members:invite"), {"email": "a@b.example"}).status_code == 404


def test_hostile_text_never_errs(as_office, referential):
    for text in ("\x00", "%" * 100, "'; DROP TABLE", "é" * 5000, "🏘️", "\u202e"):
        assert post(as_office, organisation=text).status_code == 200
        assert as_office.get(reverse("members:organisations"), {"q": text}).status_code == 200
        assert as_office.get(reverse("members:list"), {"q": text}).status_code == 200


def test_the_same_form_pressed_twice_invites_once(as_office, referential):
    operation = "0d0f3a52-0000-4000-8000-000000000001"
    assert post(as_office, operation=operation).status_code == 302
    assert post(as_office, operation=operation).status_code == 302
    assert Invitation.objects.count() == QueuedMail.objects.count() == 1
    assert Invitation.objects.get().is_open


def test_nobody_is_flooded(as_office, referential):
    for _ in range(5):
        assert post(as_office).status_code == 302
    answer = post(as_office)
    assert "Cinq invitations sont déjà parties" in answer.content.decode()
    assert QueuedMail.objects.count() == 5


def test_a_withdrawn_invitation_s_mail_does_not_leave(as_office, office, referential, work):
    post(as_office)
    actions.withdraw_invitation(Invitation.objects.get(), by=Viewer.of(office))
    work()
    assert QueuedMail.objects.get().state == "withdrawn"


def test_a_closed_account_accepts_nothing(make_person, organisation, office):
    from changes import change

    closed = make_person("parti@ville.example", password=PASSWORD)
    with change(by="test"):
        Person.objects.filter(pk=closed.pk).update(is_active=False)
    invited = actions.invite(email="parti@ville.example", organisation=organisation, function="f", by=Viewer.of(office))
    with pytest.raises(actions.InvitationClosed):
        accept(invited.token, PASSWORD)


@pytest.mark.slow
def test_a_link_is_no_way_to_guess_a_password(make_person, organisation, office):
    make_person("deja@ville.example", password=PASSWORD)
    invited = actions.invite(email="deja@ville.example", organisation=organisation, function="f", by=Viewer.of(office))
    for n in range(10):
        with pytest.raises(NotAllowed, match="pas celui"):
            accept(invited.token, f"faux {n}")
    with pytest.raises(NotAllowed, match="Trop"):
        accept(invited.token, PASSWORD)


def test_a_role_in_a_senseless_scope_is_refused_by_the_action_too(organisation, office, member):
    with pytest.raises(NotAllowed):
        actions.give_role(member, Role.REFERENT, Scope.REGION, "53", by="test")
    with pytest.raises(NotAllowed):
        actions.invite(
            email="x@y.example", organisation=organisation, function="f", role="referent", scope_kind="region",
            scope_id="53", by=Viewer.of(office),
        )  # fmt: skip
