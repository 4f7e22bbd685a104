"""« Dans votre région », « Ailleurs dans le club » and « En ce moment »."""

from datetime import timedelta

import pytest
from django.utils import timezone

from changes import change
from directory import queries
from forum import actions
from forum.models import Topic
from members.actions import give_membership, give_role
from members.models import Person, Role, Scope

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
NBSP = "\u00a0"


def topic(space, by, title: str, kind: str = "difficulty", days: int = 0) -> Topic:
    made = actions.start_topic(space=space, title=title, source="Deux noues sont tassées.", kind=kind, by=by)
    if days:
        with change(by="test"):
            Topic.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=days))
    return made


def test_difficulties_without_an_answer_come_first_the_oldest_before_the_others(
    section, national, brittany, anne, bruno, lea
):
    topic(national, bruno, "Récente")
    topic(national, bruno, "Ancienne", days=6)
    topic(brittany, bruno, "D’hier", days=1)
    topic(national, lea, "D’ailleurs", days=9)
    topic(national, anne, "La mienne", days=20)
    answered = topic(national, bruno, "Répondue déjà", days=8)
    actions.reply_to_topic(topic_id=answered.pk, source="Une fauche.", by=anne)
    shown = section(anne, "region-53")
    waits, _, latest = shown.partition("Dernières discussions")
    places = [waits.index(title) for title in ("Ancienne", "D’hier", "Récente")]
    assert places == sorted(places)
    for words in (f"attend depuis 6{NBSP}jours", "attend depuis hier", "attend depuis aujourd’hui"):
        assert words in waits
    for title in ("D’ailleurs", "La mienne", "Répondue déjà"):
        assert title not in waits
    assert "La mienne" not in latest, "one's own stand above"
    assert "Répondue déjà" in latest
    assert "Ancienne" not in latest, "what waits is not told twice"
    assert "D’ailleurs" not in latest


def test_the_latest_are_those_of_the_region_s_spaces_and_collectivites(section, national, brittany, anne, bruno, lea):
    topic(national, bruno, "D’une ville bretonne", "question")
    with change(by="test"):
        give_role(lea.person, Role.EXPERT, Scope.REGION, "53", by="test")
    expert = type(lea).of(Person.objects.get(pk=lea.person.pk))
    topic(brittany, expert, "Dans l’espace breton", "track")
    topic(national, lea, "D’une ville des Alpes", "question")
    shown = section(anne, "region-53")
    assert "D’une ville bretonne" in shown
    assert "Dans l’espace breton" in shown
    assert "D’une ville des Alpes" not in shown
    assert "D’une ville des Alpes" in section(anne, "ailleurs")


def test_each_region_of_a_person_has_its_part_that_of_the_mandate_first(look, national, cities, make_viewer):
    person = make_viewer("samir", "53", role=Role.FACILITATOR, scope=(Scope.REGION, "84"))
    shown = look(person)
    assert shown.index("Dans votre région : Bretagne".replace(" :", f"{NBSP}:")) < shown.index("Auvergne-Rhône-Alpes")


def test_correspondents_are_named_with_their_function_never_with_their_address(
    section, national, anne, make_viewer, end
):
    guide = make_viewer("maelle", "53", role=Role.CORRESPONDENT, scope=(Scope.REGION, "53"))
    make_viewer("samir", "84", role=Role.FACILITATOR, scope=(Scope.REGION, "84"))
    shown = section(anne, "region-53")
    assert "Maelle Morel" in shown
    assert "chargée de mission, Rennes" in shown
    assert "Samir" not in shown
    assert "@" not in shown
    assert "Maelle" not in section(guide, "region-53"), "nobody is told of themselves"
    end(guide.person.roles.get())
    assert "Maelle" not in section(anne, "region-53")


def test_a_region_where_nothing_happens_says_what_will_be_there(section, national, brittany, anne):
    shown = section(anne, "region-53")
    assert "n’attend de première réponse" in shown
    assert "arriveront ici" in shown


def test_elsewhere_is_what_i_have_not_read_three_of_it_the_latest_first(section, national, anne, lea):
    for number in range(5):
        topic(national, lea, f"Sujet {number}", "question")
    shown = section(anne, "ailleurs")
    assert [number for number in range(5) if f"Sujet {number}" in shown] == [2, 3, 4]
    last = Topic.objects.get(title="Sujet 4")
    actions.mark_read(topic=last, number=1, by=anne)
    shown = section(anne, "ailleurs")
    assert [number for number in range(5) if f"Sujet {number}" in shown] == [1, 2, 3]
    actions.unfollow_space(space=national, by=anne)
    assert "Sujet" not in section(anne, "ailleurs")


def test_to_a_newcomer_what_was_said_before_is_new_and_a_hidden_end_is_not(section, national, lea, make_viewer):
    known = topic(national, lea, "D’avant", "question")
    answer = actions.reply_to_topic(topic_id=known.pk, source="À masquer.", by=lea)
    newcomer = make_viewer("noe", "53")
    with change(by="test"):
        Person.objects.filter(pk=newcomer.person.pk).update(joined_at=timezone.now() + timedelta(seconds=1))
    newcomer.person.refresh_from_db()
    assert "D’avant" in section(newcomer, "ailleurs")
    actions.mark_read(topic=known, number=1, by=newcomer)
    assert "D’avant" in section(newcomer, "ailleurs")
    actions.hide_post(post_id=answer.pk, reason="Hors sujet", by=make_viewer("isabelle", role=Role.NATIONAL_OFFICE))
    assert "D’avant" not in section(newcomer, "ailleurs")


def test_a_person_of_many_regions_has_a_home_of_three(make_viewer, cities):
    person = make_viewer("noe", "53")
    with change(by="test"):
        for code in ("11", "24", "27", "28"):
            give_role(person.person, Role.EXPERT, Scope.REGION, code, by="test")
    viewer = type(person).of(Person.objects.get(pk=person.person.pk))
    codes = [region.pk for region in queries.regions(viewer)]
    assert codes[0] == "53"
    assert len(codes) == queries.REGIONS


def test_visitors_see_their_own_home_with_public_discussions_only(client, home, national, brittany, bruno, lea):
    from forum.actions import open_space

    members = open_space(slug="membres", title="Entre membres", audience="members", by="test")
    topic(national, lea, "Publique")
    topic(members, lea, "Entre nous")
    topic(brittany, bruno, "Entre Bretons")
    page = client.get("/").content.decode()
    assert "En ce moment" in page
    assert "Publique" in page
    assert "Entre nous" not in page
    assert "Entre Bretons" not in page
    assert "Pour vous" not in page
    assert "Rejoindre le club" in page


def test_a_club_without_public_discussions_has_no_empty_part_for_visitors(client, home, national):
    assert "En ce moment" not in client.get("/").content.decode()


def test_a_new_mandate_acts_at_the_next_request(section, national, cities, make_viewer):
    person = make_viewer("noe", "84")
    assert not section(person, "region-53")
    with change(by="test"):
        give_membership(person.person, cities["53"], "élue", by="test")
    person.person.refresh_from_db()
    assert section(person, "region-53")
