"""Reading: one position per person and topic, forward only; what is unread is derived over what one may see."""

import pytest

from forum import actions, queries
from forum.models import Reading
from members.models import Person
from members.viewer import VISITOR_VIEWER

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.fixture(autouse=True)
def _long_since_members(db, author, reader, moderator):
    """They joined before anything was written."""
    from datetime import timedelta

    from django.utils import timezone

    from changes import change

    with change(by="test"):
        Person.objects.update(joined_at=timezone.now() - timedelta(days=30))
    for viewer in (author, reader, moderator):
        viewer.person.refresh_from_db()


def unread(viewer, topic) -> int:
    found = queries.unread_in(viewer, [topic.pk]).get(topic.pk)
    return found.messages if found else 0


def say(topic, by, text="Une réponse."):
    return actions.reply_to_topic(topic_id=topic.pk, source=text, by=by)


def test_ones_own_messages_are_never_unread(topic, author, reader):
    assert unread(author, topic) == 0
    assert unread(reader, topic) == 1
    say(topic, author)
    assert unread(author, topic) == 0


def test_opening_the_page_reads_what_it_shows_and_nothing_beyond(client, topic, author, reader):
    for number in range(25):
        say(topic, author, f"Réponse {number}")
    client.force_login(reader.person)
    client.get(topic.get_absolute_url())
    assert unread(reader, topic) == 6, "page 1 of 2 shows twenty of twenty-six"
    client.get(f"{topic.get_absolute_url()}?page=2")
    assert unread(reader, topic) == 0
    client.get(topic.get_absolute_url())
    assert unread(reader, topic) == 0, "going back to page 1 takes nothing back"


def test_hidden_and_withdrawn_messages_do_not_count(topic, author, reader, moderator):
    hidden, withdrawn = say(topic, author), say(topic, author)
    assert unread(reader, topic) == 3
    actions.hide_post(post_id=hidden.pk, reason="Hors sujet", by=moderator)
    actions.delete_post(post_id=withdrawn.pk, by=author)
    assert unread(reader, topic) == 1


def test_the_first_unread_is_found_at_the_click_even_where_it_vanished(client, topic, author, reader, moderator):
    client.force_login(reader.person)
    client.get(topic.get_absolute_url())
    first, second = say(topic, author), say(topic, author)
    address = f"/forum/discussions/{topic.pk}/non-lu/"
    assert client.get(address).url == first.get_absolute_url()
    actions.hide_post(post_id=first.pk, reason="Hors sujet", by=moderator)
    assert client.get(address).url == second.get_absolute_url()
    client.logout()
    assert client.get(address).url == topic.get_absolute_url()


def test_the_line_is_drawn_before_the_first_unread(client, topic, author, reader):
    client.force_login(reader.person)
    assert "Nouveau depuis votre visite" not in client.get(topic.get_absolute_url()).content.decode()
    new = say(topic, author)
    page = client.get(topic.get_absolute_url()).content.decode()
    assert page.index("Nouveau depuis votre visite") < page.index(f'id="post-{new.pk}"')
    assert "Nouveau depuis votre visite" not in client.get(topic.get_absolute_url()).content.decode()


def test_a_list_says_how_much_is_new_in_words(client, space, topic, author, reader):
    say(topic, author)
    client.force_login(reader.person)
    assert "2\u00a0nouveaux messages" in client.get(space.get_absolute_url()).content.decode()
    client.get(topic.get_absolute_url())
    assert "nouveau" not in client.get(space.get_absolute_url()).content.decode().partition("data-strip=")[2][:200]


def test_what_the_page_says_is_bounded_and_never_goes_back(client, topic, author, reader):
    say(topic, author)
    client.force_login(reader.person)
    assert client.post(f"/forum/discussions/{topic.pk}/lu/", {"number": "2"}).status_code == 204
    assert client.post(f"/forum/discussions/{topic.pk}/lu/", {"number": "1"}).status_code == 204
    assert Reading.objects.get(person=reader.person).number == 2
    client.post(f"/forum/discussions/{topic.pk}/lu/", {"number": "99999"})
    assert Reading.objects.get(person=reader.person).number == 2, "what was never written was not read"
    for bad in ("", "-1", "x", "9" * 40):
        assert client.post(f"/forum/discussions/{topic.pk}/lu/", {"number": bad}).status_code == 400


def test_visitors_leave_no_trace_and_the_forbidden_is_not_read(client, reserved, topic, author):
    client.get(topic.get_absolute_url())
    hidden = actions.start_topic(space=reserved, title="Un sujet entre nous", source="Bonjour", by=author)
    assert actions.mark_read(topic=hidden, number=1, by=VISITOR_VIEWER) is False
    assert client.post(f"/forum/discussions/{hidden.pk}/lu/", {"number": "1"}).status_code == 404
    assert Reading.objects.count() == 0


def test_newcomers_are_not_greeted_by_years_of_unread(topic, make_person):
    from members.viewer import Viewer

    assert unread(Viewer.of(make_person("nouvelle@collectivite.example")), topic) == 0


def test_identifiers_beyond_a_thousand_are_written_as_they_are(client, space, author):
    """« 1 234 » is a figure for people; in an id, an address or a form it is another object."""
    from changes import change
    from forum.models import Post, Topic

    with change(by="test"):
        topic = Topic.objects.create(pk=1234567, space=space, title="Un sujet", author=author.person, last_number=1)
        Post.objects.create(pk=7654321, topic=topic, number=1, author=author.person, html="<p>a</p>", text="a")
    client.force_login(author.person)
    page = client.get("/forum/discussions/1234567/", follow=True).content.decode()
    assert 'id="post-7654321"' in page
    assert 'id="topic-1234567"' in page
    assert 'data-strip="post-7654321"' in page
    assert "1\u202f234" not in page
    assert "1\u00a0234" not in page
