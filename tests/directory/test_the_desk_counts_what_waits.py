"""The desk of those who animate: each number is that of the list which it opens."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from changes import change
from directory.models import AccessComplaint
from forum import actions
from forum.models import Topic
from members.models import Person, Role, Scope

pytestmark = [pytest.mark.django_db, pytest.mark.storage]
NBSP = "\u00a0"
REGION = (Scope.REGION, "53")


@pytest.fixture
def late(national, brittany, bruno, lea):
    """Two late difficulties in Bretagne, one elsewhere; a recent one, a question and an answered one."""

    def old(title: str, by, kind: str = "difficulty", days: int = 4) -> Topic:
        made = actions.start_topic(space=national, title=title, source="Corps.", kind=kind, by=by)
        with change(by="test"):
            Topic.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=days))
        return made

    made = {"a": old("Tardive A", bruno), "b": old("Tardive B", bruno, days=40), "alps": old("Des Alpes", lea)}
    old("Récente", bruno, days=2)
    old("Question", bruno, kind="question")
    actions.reply_to_topic(topic_id=old("Répondue", bruno).pk, source="Voici.", by=lea)
    return made


def figures(part: str) -> dict[str, str]:
    """Words of each number and the page it opens."""
    items = re.findall(r'home-desk__figure[^>]*>(?:<a href="([^"]*)">)?([^<]*)<', part)
    return {words.replace(NBSP, " "): address.replace("&amp;", "&") for address, words in items}


def test_a_correspondent_counts_their_region_and_the_number_opens_its_list(client, section, late, make_viewer):
    guide = make_viewer("maelle", role=Role.CORRESPONDENT, scope=REGION)
    shown = figures(section(guide, "bureau"))
    address = shown["2 difficultés sans réponse depuis 3 jours"]
    page = client.get(address).content.decode()
    assert f"2{NBSP}difficultés attendent" in page
    assert page.index("Tardive B") < page.index("Tardive A"), "the oldest first"
    for title in ("Des Alpes", "Récente", "Répondue", "Question"):
        assert f">{title}<" not in page


def test_the_bureau_counts_everywhere(client, section, late, make_viewer):
    office = make_viewer("isabelle", role=Role.NATIONAL_OFFICE)
    shown = figures(section(office, "bureau"))
    page = client.get(shown["3 difficultés sans réponse depuis 3 jours"]).content.decode()
    assert "Des Alpes" in page
    assert not section(office, "region-53"), "whoever animates the nation has no région of their own"


def test_reports_of_the_spaces_that_one_moderates_are_counted(
    client, section, late, brittany, bruno, anne, make_viewer
):
    guide = make_viewer("maelle", role=Role.CORRESPONDENT, scope=REGION)
    mine = actions.start_topic(space=brittany, title="Ici", source="Corps.", by=bruno)
    for topic in (mine, late["alps"]):
        actions.report_post(post_id=topic.posts.get().pk, reason="other", by=anne)
    shown = figures(section(guide, "bureau"))
    assert shown["1 signalement à examiner"] == "/forum/moderation/"
    assert f"1{NBSP}signalement attend" in client.get("/forum/moderation/").content.decode()
    office = make_viewer("isabelle", role=Role.NATIONAL_OFFICE)
    assert "2 signalements à examiner" in figures(section(office, "bureau"))
    moderator = make_viewer("ines", "84", role=Role.MODERATOR, scope=(Scope.SPACE, str(late["a"].space_id)))
    assert list(figures(section(moderator, "bureau"))) == ["1 signalement à examiner"]


def test_problems_of_access_are_counted_for_the_bureau_alone(section, client, make_viewer):
    with change(by="test"):
        AccessComplaint.objects.create(due_on=timezone.localdate())
        AccessComplaint.objects.create(due_on=timezone.localdate(), answered_at=timezone.now())
    office = make_viewer("isabelle", role=Role.NATIONAL_OFFICE)
    assert figures(section(office, "bureau"))["1 problème d’accès à répondre"] == "/problemes-d-acces/"
    guide = make_viewer("maelle", role=Role.CORRESPONDENT, scope=REGION)
    assert "accès" not in section(guide, "bureau")


def test_new_members_of_the_region_are_counted_for_thirty_days(section, national, anne, bruno, lea, make_viewer):
    guide = make_viewer("maelle", role=Role.CORRESPONDENT, scope=REGION)
    with change(by="test"):
        Person.objects.filter(pk=bruno.person.pk).update(joined_at=timezone.now() - timedelta(days=31))
    shown = figures(section(guide, "bureau"))
    assert shown["1 nouveau membre depuis 30 jours"] == "", "there is no list that they may open"
    office = make_viewer("isabelle", "84", role=Role.NATIONAL_OFFICE)
    shown = figures(section(office, "bureau"))
    assert shown["3 nouveaux membres depuis 30 jours"] == "/membres/"


def test_nothing_waiting_is_said_quietly(section, national, make_viewer):
    guide = make_viewer("maelle", role=Role.CORRESPONDENT, scope=REGION)
    part = section(guide, "bureau")
    assert "0 difficulté sans réponse depuis 3 jours" in figures(part)
    assert part.count("home-desk__figure--none") == part.count("<li")
    assert "Pour commencer" not in section(guide, "vous"), "whoever animates needs no first steps"


def test_members_have_no_desk_and_a_role_that_ended_takes_it_away(section, national, anne, make_viewer, end):
    assert not section(anne, "bureau")
    guide = make_viewer("maelle", role=Role.CORRESPONDENT, scope=REGION)
    assert section(guide, "bureau")
    end(guide.person.roles.get())
    assert not section(guide, "bureau")


def test_the_list_shows_what_its_reader_may_read_and_takes_any_address(client, late, brittany, bruno, lea):
    actions.start_topic(space=brittany, title="Entre Bretons", source="Corps.", kind="difficulty", by=bruno)
    assert client.get("/difficultes-sans-reponse/").status_code == 302
    client.force_login(lea.person)
    page = client.get("/difficultes-sans-reponse/?region=53").content.decode()
    assert "Tardive A" in page
    assert "Entre Bretons" not in page
    for query in ("region=%00", "region=zz&jours=x", "jours=99999999", "jours=-1", "page=999", "region=53&region=84"):
        assert client.get(f"/difficultes-sans-reponse/?{query}").status_code == 200
    client.force_login(bruno.person)
    assert "Entre Bretons" in client.get("/difficultes-sans-reponse/?region=53").content.decode()
