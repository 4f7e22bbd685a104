"""« Réagir »: one discussion per page, in a space that is never wider than the page, also after the page narrows."""

import threading

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from wagtail.models import Collection, Locale, PageViewRestriction

from changes import change
from cms.models import ArticlePage, Reaction
from cms.reacting import react, space_for
from cms.tree import plant_tree
from forum import actions
from forum.models import Post, Space, State, Topic
from members.models import Organisation, Person
from members.projection import MEMBERS, members_of, project_groups
from members.rules import NotAllowed
from members.viewer import Viewer
from territories.models import Region

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture
def spaces(referential):
    actions.open_space(slug="national", title="National", audience="public", by="test")
    actions.open_space(slug="entre-membres", title="Entre membres", audience="members", by="test")
    breton = actions.open_space(slug="bretagne", title="Bretagne", audience="region:53", by="test")
    with change(by="test"):
        Space.objects.filter(pk=breton.pk).update(region_id="53", kind="regional")


def publish(region="", title="Des noues qui durent"):
    with change(by="test"):
        # a test with real transactions may have emptied the tables
        Locale.objects.get_or_create(language_code="fr")
        if Collection.get_first_root_node() is None:
            Collection.add_root(name="Root")
        return plant_tree().add_child(
            instance=ArticlePage(
                title=title,
                slug=f"article-{ArticlePage.objects.count()}",
                organisation=Organisation.objects.order_by("pk").first(),
                region_id=region or None,
                body=[("paragraph", "<p>Un texte.</p>")],
            )
        )


def reserve(page, name):
    with change(by="test"):
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
        restriction.groups.set([Group.objects.get_or_create(name=name)[0]])


@pytest.fixture
def reader(member):
    with change(by="test"):
        project_groups(member)
    return Viewer.of(member)


def test_a_visitor_is_led_to_sign_in_a_member_opens_the_discussion(client, spaces, reader):
    page = publish()
    shown = client.get(page.url).content.decode()
    assert f'href="/reagir/{page.pk}/"' in shown
    assert "<textarea" not in shown, "visitors' pages hold no posting form"
    assert "/compte/connexion/" in client.get(f"/reagir/{page.pk}/").url
    client.force_login(reader.person)
    form = client.get(f"/reagir/{page.pk}/").content.decode()
    assert "Espace" not in form or "National" in form
    answer = client.post(f"/reagir/{page.pk}/", {"source": "Chez nous elles se tassent.", "operation": "un"})
    topic = Topic.objects.get()
    assert answer.url == topic.get_absolute_url()
    assert page.title in topic.title
    assert page.url in Post.objects.get().html
    client.logout()
    shown = client.get(page.url).content.decode()
    assert topic.get_absolute_url() in shown
    assert f"/reagir/{page.pk}/" not in shown


def test_two_at_once_have_one_discussion(spaces, reader):
    page = publish()
    first = react(page, source="La première réaction.", operation="a", by=reader)
    again = react(page, source="La première réaction.", operation="a", by=reader)
    second = react(page, source="La seconde réaction.", operation="b", by=reader)
    assert first == again == second
    assert Post.objects.count() == 2
    assert Reaction.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_have_one_discussion(spaces, reader):
    page = publish()
    gate = threading.Barrier(2)

    def one(number):
        try:
            gate.wait(10)
            react(page, source=f"Réaction numéro {number}.", operation=str(number), by=reader)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (Topic.objects.count(), Post.objects.count(), Reaction.objects.count()) == (1, 2, 1)


@pytest.mark.parametrize(
    ("group", "region", "space"),
    [
        ("", "", "national"),
        ("", "53", "bretagne"),
        ("members", "", "entre-membres"),
        ("members", "53", "bretagne"),
        ("region", "53", "bretagne"),
        ("region", "", None),
        ("other", "", None),
    ],
)
def test_the_space_is_never_wider_than_the_page(spaces, reader, group, region, space):
    page = publish(region)
    names = {"members": MEMBERS, "region": members_of(Region.objects.get(code="53")), "other": "Bureau national"}
    if group:
        reserve(page, names[group])
    found = space_for(page)
    assert (found.slug if found else None) == space


def test_who_may_not_read_the_page_does_not_learn_of_it(client, spaces, member, make_person):
    page = publish()
    reserve(page, "Bureau national")
    client.force_login(member)
    assert client.get(f"/reagir/{page.pk}/").status_code == 404
    assert client.post(f"/reagir/{page.pk}/", {"source": "Quelques mots."}).status_code == 404
    with pytest.raises(NotAllowed):
        react(page, source="Quelques mots.", operation="", by=Viewer.of(member))
    assert not Topic.objects.exists()


def test_a_page_that_narrows_takes_its_discussion_along(client, spaces, reader, work):
    page, other = publish(), publish(title="Une autre page")
    topic = react(page, source="Une réaction publique.", operation="a", by=reader)
    kept = react(other, source="Une réaction qui reste.", operation="b", by=reader)
    reserve(page, MEMBERS)
    work()
    topic.refresh_from_db()
    kept.refresh_from_db()
    assert (topic.state, kept.state) == (State.HIDDEN, State.VISIBLE)
    assert client.get(topic.get_absolute_url()).status_code == 404
    assert page.title not in client.get("/forum/national/").content.decode()


def test_a_section_that_narrows_takes_the_discussions_below_along(spaces, reader, work):
    page = publish()
    topic = react(page, source="Une réaction publique.", operation="a", by=reader)
    reserve(page.get_parent(), MEMBERS)
    work()
    topic.refresh_from_db()
    assert topic.state == State.HIDDEN


def test_publishing_an_older_draft_keeps_the_discussion(client, spaces, reader):
    page = publish()
    with change(by="test"):
        older = page.save_revision()
    topic = react(page, source="Une réaction.", operation="a", by=reader)
    with change(by="test"):
        older.publish()
    assert topic.get_absolute_url() in client.get(page.url).content.decode()


def test_pages_that_take_none_have_no_form(client, spaces, reader):
    client.force_login(reader.person)
    home = plant_tree()
    assert client.get(f"/reagir/{home.pk}/").status_code == 404
    assert client.get("/reagir/999999/").status_code == 404
    assert Person.objects.count() == 1


def test_a_discussion_comes_back_when_the_page_opens_again(client, spaces, reader, work):
    page = publish()
    topic = react(page, source="Une réaction publique.", operation="a", by=reader)
    reserve(page, MEMBERS)
    work()
    client.force_login(reader.person)
    assert client.get(f"/reagir/{page.pk}/").status_code == 404, "there is one, and it rests"
    with change(by="test"):
        PageViewRestriction.objects.all().delete()
        from cms.facts import tell

        tell("page.restricted", page.pk)
    work()
    topic.refresh_from_db()
    assert topic.state == State.VISIBLE


def test_a_discussion_that_moves_to_a_wider_space_rests(client, spaces, reader, office, work):
    page = publish()
    reserve(page, MEMBERS)
    topic = react(page, source="Une réaction entre membres.", operation="a", by=reader)
    work()
    target = Space.objects.get(slug="national")
    actions.move_topic(topic_id=topic.pk, target=target, by=Viewer.of(office))
    work()
    topic.refresh_from_db()
    assert topic.state == State.HIDDEN
    assert page.title not in client.get("/forum/national/").content.decode()


def test_the_discussion_of_a_page_that_is_withdrawn_rests_until_it_is_back(
    client, spaces, reader, work, django_capture_on_commit_callbacks
):
    page = publish()
    topic = react(page, source="Une réaction publique.", operation="a", by=reader)
    work()
    with django_capture_on_commit_callbacks(execute=True), change(by="test"):
        page.unpublish()
    work()
    topic.refresh_from_db()
    assert topic.state == State.HIDDEN
    assert client.get(topic.get_absolute_url()).status_code == 404
    assert page.title not in client.get("/forum/national/").content.decode()
    with django_capture_on_commit_callbacks(execute=True), change(by="test"):
        page.save_revision().publish()
    work()
    topic.refresh_from_db()
    assert topic.state == State.VISIBLE
    assert topic.get_absolute_url() in client.get(page.url).content.decode()


def test_what_a_moderator_hid_does_not_come_back_with_the_page(
    spaces, reader, office, work, django_capture_on_commit_callbacks
):
    page = publish()
    topic = react(page, source="Une réaction déplacée.", operation="a", by=reader)
    actions.hide_topic(topic_id=topic.pk, reason="Hors sujet.", by=Viewer.of(office))
    with django_capture_on_commit_callbacks(execute=True), change(by="test"):
        page.unpublish()
    work()
    with django_capture_on_commit_callbacks(execute=True), change(by="test"):
        page.save_revision().publish()
    work()
    topic.refresh_from_db()
    assert topic.state == State.HIDDEN
