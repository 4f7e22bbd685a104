"""Spaces in their tree, who reads them, their older addresses; lists with filters; what is unread in each."""

import pytest
from django.core.cache import cache

from changes.models import Entry
from forum import actions, lists
from forum.lists import Filters
from forum.models import Kind, Space, Topic
from forum.rights import matrix_for
from forum.spaces import SpaceRefused
from members.actions import give_role
from members.models import Person, Role, Scope
from members.rules import NotAllowed
from members.viewer import VISITOR_VIEWER, Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def keep(space, by, **fields):
    return actions.keep_space(space=space, by=by, **fields)


def test_the_bureau_opens_and_changes_spaces_and_nobody_else(client, referential, space, reader, moderator):
    with pytest.raises(NotAllowed):
        keep(None, reader, slug="a", title="Abc")
    client.force_login(moderator.person)
    form = {"title": "Bretagne", "slug": "bretagne", "kind": "regional", "readers": "region", "order": "10"}
    assert "Choisissez la région" in client.post("/forum/espaces/ouvrir/", form).content.decode()
    assert client.post("/forum/espaces/ouvrir/", {**form, "region": "53"}).url == "/forum/espaces/"
    made = Space.objects.get(slug="bretagne")
    assert (made.audience, made.region_id) == ("region:53", "53")
    form = {**form, "region": "53", "slug": "bretagne-ouest", "readers": "public"}
    assert client.post(f"/forum/espaces/{made.pk}/", form).status_code == 302
    client.logout()
    moved = client.get("/forum/bretagne/?etat=resolues")
    assert (moved.status_code, moved.url) == (301, "/forum/bretagne-ouest/?etat=resolues")
    for slug in ("moderation", "national", "bretagne"):
        with pytest.raises(SpaceRefused) if slug != "moderation" else pytest.raises(AssertionError):
            assert slug != "moderation"
            keep(None, moderator, slug=slug, title="Autre")


def test_an_older_address_of_a_space_says_nothing_to_those_who_do_not_read_it(client, reserved, moderator):
    keep(reserved, moderator, slug="nouveau")
    assert client.get("/forum/membres/").status_code == 404
    client.force_login(moderator.person)
    assert client.get("/forum/membres/").url == "/forum/nouveau/"


def test_spaces_stand_in_three_levels_at_most_and_never_in_themselves(space, moderator):
    second = keep(None, moderator, slug="deux", title="Deux", parent=space)
    third = keep(None, moderator, slug="trois", title="Trois", parent=second)
    for child, parent in ((None, third), (space, third), (space, space)):
        with pytest.raises(SpaceRefused):
            keep(child, moderator, slug=child.slug if child else "quatre", title="Quatre", parent=parent)
    other = keep(None, moderator, slug="cinq", title="Cinq")
    with pytest.raises(SpaceRefused):
        keep(space, moderator, parent=other)  # two levels hang below it


def test_a_space_that_closes_takes_its_topics_off_every_screen(client, space, topic, moderator, author):
    keep(space, moderator, audience="members")
    assert client.get(topic.get_absolute_url()).status_code == 404
    assert client.get(space.get_absolute_url()).status_code == 404
    told = Entry.objects.filter(stream="rights").values_list("object_id", flat=True)
    assert {space.stream, topic.stream} <= set(told)
    client.force_login(author.person)
    assert client.get(topic.get_absolute_url()).status_code == 200


def test_who_may_do_what_stands_on_one_page_also_as_one_person(client, referential, space, reserved, make_person):
    office = make_person("bureau@club.example", role=Role.NATIONAL_OFFICE)
    person = make_person("elle@collectivite.example")
    give_role(person, Role.MODERATOR, Scope.SPACE, str(reserved.pk), by="test")
    client.force_login(office)
    assert "Anne Morel" in client.get("/forum/espaces/").content.decode()
    client.get("/forum/espaces/?personne=elle@collectivite.example")
    cache.clear()
    rows = {row.space.slug: row for row in matrix_for(Person.objects.get(pk=person.pk))}
    assert (rows["membres"].moderates, rows["national"].moderates) == (True, False)
    client.force_login(person)
    assert client.get("/forum/espaces/").status_code == 404


@pytest.fixture
def several(space, author, reader) -> dict[str, Topic]:
    made = {}
    for name, kind in (("waiting", Kind.DIFFICULTY), ("solved", Kind.QUESTION), ("track", Kind.TRACK)):
        made[name] = actions.start_topic(space=space, title=f"Discussion {name}", source="Ici.", kind=kind, by=author)
    post = actions.reply_to_topic(topic_id=made["solved"].pk, source="Voilà.", by=reader)
    actions.accept_answer(post_id=post.pk, by=author)
    made["theirs"] = actions.start_topic(space=space, title="Discussion theirs", source="Là.", by=reader)
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"waiting", "solved", "track", "theirs"}),
        ("etat=sans-reponse", {"waiting", "theirs"}),
        ("etat=resolues", {"solved"}),
        ("etat=non-lues", {"solved", "theirs"}),
        ("nature=pistes", {"track"}),
        ("sans_expert=1", {"waiting", "solved", "theirs"}),
        ("miennes=1", {"waiting", "solved", "track"}),
        ("miennes=1&etat=sans-reponse", {"waiting"}),
        ("nature=pistes&etat=resolues", set()),
        ("etat=nimporte&nature=x&etape=9&engagement=77&region='--", {"waiting", "solved", "track", "theirs"}),
    ],
)
def test_filters_combine_and_their_address_can_be_shared(client, space, several, author, query, found):
    client.force_login(author.person)
    answer = client.get(f"{space.get_absolute_url()}?{query}")
    page = answer.content.decode()
    assert {name for name, topic in several.items() if f"Discussion {name}" in page} == found
    assert len(answer.context["page"].object_list) == len(found)
    assert answer.context["page"].paginator.count == len(found)


def test_a_question_that_an_expert_answered_waits_for_none(client, space, several, moderator):
    actions.reply_to_topic(topic_id=several["waiting"].pk, source="Le bureau répond.", by=moderator)
    page = client.get(f"{space.get_absolute_url()}?sans_expert=1").content.decode()
    assert "Discussion theirs" in page
    assert "Discussion waiting" not in page
    assert "Sans réponse d’un expert<span" in page


def test_visitors_have_no_unread_and_no_own(client, space, several):
    page = client.get(f"{space.get_absolute_url()}?etat=non-lues&miennes=1").content.decode()
    assert "Discussion waiting" in page
    assert "Non lues" not in page


def test_counts_of_tabs_are_what_the_lists_hold(space, several, author, reader, moderator):
    for viewer in (author, reader, moderator, VISITOR_VIEWER):
        counts = lists.counts_of(space, viewer, Filters())
        for tab in ("", "sans-reponse", "resolues"):
            assert counts[tab] == (lists.topics_of(space, viewer, Filters(tab=tab)).count(), False), tab


def test_what_is_unread_per_space_is_what_its_list_says(space, reserved, several, author, reader, moderator):
    hidden = actions.start_topic(space=space, title="Bientôt masquée", source="Là.", by=reader)
    actions.start_topic(space=reserved, title="Entre membres", source="Là.", by=reader)
    assert lists.unread_per_space(author) == {space.pk: 3, reserved.pk: 1}
    actions.hide_topic(topic_id=hidden.pk, reason="Hors sujet", by=moderator)
    for viewer in (author, reader, moderator):
        told = lists.unread_per_space(viewer)
        for one in (space, reserved):
            rows = lists.unread_topics(Topic.objects.visible_to(viewer).filter(space=one), viewer.person)
            assert told.get(one.pk, 0) == rows.count()
    actions.mark_read(topic=several["theirs"], number=1, by=author)
    actions.unfollow_space(space=reserved, by=author)
    assert lists.unread_per_space(author) == {space.pk: 1}
    assert lists.unread_per_space(VISITOR_VIEWER) == {}


def test_the_excerpt_of_a_hidden_matter_stands_in_no_list(client, space, topic, moderator):
    assert "Deux sont tassées." in client.get(space.get_absolute_url()).content.decode()
    actions.hide_post(post_id=topic.posts.get().pk, reason="Hors sujet", by=moderator)
    assert "Deux sont tassées." not in client.get(space.get_absolute_url()).content.decode()


def test_ones_own_region_comes_first_among_the_spaces(client, referential, make_person, moderator):
    keep(None, moderator, slug="bretagne", title="Bretagne", kind="regional", region_id="53", audience="members")
    keep(None, moderator, slug="normandie", title="Normandie", kind="regional", region_id="28", audience="members")
    person = make_person("rennes@collectivite.example")
    give_role(person, Role.EXPERT, Scope.REGION, "53", by="test")
    client.force_login(person)
    page = client.get("/forum/").content.decode()
    assert page.index("Dans votre région") < page.index("Bretagne") < page.index("En région") < page.index("Normandie")
    assert Viewer.of(person).is_member
