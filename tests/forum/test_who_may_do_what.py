"""Rights of the forum: default deny, 404 where existence is private; one rule hides the button and refuses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from forum import actions
from forum.models import Post, State
from members.models import Membership, Role, Scope
from members.rules import NotAllowed
from members.viewer import VISITOR_VIEWER, Viewer

pytestmark = pytest.mark.django_db


def test_visitors_read_public_spaces_and_no_others(client, space, reserved, topic, author):
    hidden = actions.start_topic(space=reserved, title="Un sujet entre nous", source="SECRET", by=author)
    assert client.get("/forum/").content.decode().count(reserved.title) == 0
    assert client.get(space.get_absolute_url()).status_code == 200
    assert client.get(topic.get_absolute_url()).status_code == 200
    post = hidden.posts.get()
    for address in (reserved.get_absolute_url(), hidden.get_absolute_url(), post.get_absolute_url()):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "SECRET" not in answer.content.decode()
        assert hidden.title not in answer.content.decode()


def test_visitors_pages_hold_no_form_of_the_forum_and_set_no_cookie(client, space, topic):
    for address in (space.get_absolute_url(), topic.get_absolute_url()):
        answer = client.get(address)
        assert "csrfmiddlewaretoken" not in answer.content.decode()
        assert not answer.cookies


def test_a_visitor_cannot_write(client, topic):
    with pytest.raises(NotAllowed):
        actions.reply_to_topic(topic_id=topic.pk, source="Bonjour", by=VISITOR_VIEWER)
    assert client.post(topic.get_absolute_url(), {"source": "Bonjour"}).status_code in (403, 302)
    assert topic.posts.count() == 1


def test_only_the_author_edits_and_withdraws(client, topic, reply, author, reader):
    client.force_login(author.person)
    for act in ("modifier", "retirer", "retablir"):
        answer = client.post(f"/forum/messages/{reply.pk}/{act}/", {"source": "x", "revision": 1})
        assert answer.status_code in (403, 404)
    client.force_login(reader.person)
    assert client.get(f"/forum/messages/{reply.pk}/modifier/").status_code == 200


def test_the_matter_is_not_withdrawn_by_its_author(topic, author):
    with pytest.raises(NotAllowed):
        actions.delete_post(post_id=topic.posts.get().pk, by=author)


def test_only_moderators_hide_show_and_move(client, topic, reply, reserved, author, moderator):
    for action, arguments in (
        (actions.hide_post, {"post_id": reply.pk, "reason": "Hors sujet"}),
        (actions.hide_topic, {"topic_id": topic.pk, "reason": "Hors sujet"}),
        (actions.move_topic, {"topic_id": topic.pk, "target": reserved}),
    ):
        with pytest.raises(NotAllowed):
            action(**arguments, by=author)
        action(**arguments, by=moderator)


def test_moderating_a_space_opens_no_other(topic, reply, reserved, make_person, space):
    person = make_person("une@club.example", role=Role.MODERATOR, scope=(Scope.SPACE, str(space.pk)))
    viewer = Viewer.of(person)
    actions.hide_post(post_id=reply.pk, reason="Hors sujet", by=viewer)
    with pytest.raises(NotAllowed):
        actions.move_topic(topic_id=topic.pk, target=reserved, by=viewer)


def test_the_right_to_moderate_alone_reads_nothing(reserved, author, make_person):
    topic = actions.start_topic(space=reserved, title="Un sujet entre nous", source="SECRET", by=author)
    person = make_person("ancienne@club.example", role=Role.MODERATOR, scope=(Scope.SPACE, str(reserved.pk)))
    viewer = Viewer(person, frozenset({"public", f"space:{reserved.pk}:moderator"}))
    with pytest.raises(NotAllowed):
        actions.hide_topic(topic_id=topic.pk, reason="Hors sujet", by=viewer)


def test_a_hidden_message_is_gone_for_all_but_moderators(client, topic, reply, reader, moderator):
    actions.hide_post(post_id=reply.pk, reason="Données personnelles", by=moderator)
    assert "Une fauche" not in client.get(topic.get_absolute_url()).content.decode()
    assert client.get(reply.get_absolute_url()).status_code == 404
    client.force_login(reader.person)
    assert "Une fauche" not in client.get(topic.get_absolute_url()).content.decode()
    client.force_login(moderator.person)
    shown = client.get(topic.get_absolute_url()).content.decode()
    assert "Une fauche" in shown
    assert "Données personnelles" in shown


def test_a_withdrawn_reply_keeps_its_place_without_its_text_and_comes_back_for_a_day(client, topic, reply, reader):
    actions.delete_post(post_id=reply.pk, by=reader)
    actions.delete_post(post_id=reply.pk, by=reader)  # twice is once
    shown = client.get(topic.get_absolute_url()).content.decode()
    assert f'id="post-{reply.pk}"' in shown
    assert "Une fauche" not in shown
    assert "0\u00a0réponse" in shown
    actions.restore_post(post_id=reply.pk, by=reader)
    assert "Une fauche" in client.get(topic.get_absolute_url()).content.decode()
    actions.delete_post(post_id=reply.pk, by=reader)
    Post.objects.filter(pk=reply.pk).update(deleted_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(NotAllowed):
        actions.restore_post(post_id=reply.pk, by=reader)


def test_the_text_of_a_withdrawn_reply_is_erased_after_a_day(topic, reply, reader):
    from forum.consumers import erase_withdrawn

    actions.delete_post(post_id=reply.pk, by=reader)
    erase_withdrawn()
    assert Post.objects.get(pk=reply.pk).text
    # Somebody who takes it back in the last second must not find it empty.
    Post.objects.filter(pk=reply.pk).update(deleted_at=timezone.now() - timedelta(hours=24, minutes=1))
    erase_withdrawn()
    assert Post.objects.get(pk=reply.pk).text
    Post.objects.filter(pk=reply.pk).update(deleted_at=timezone.now() - timedelta(hours=25))
    erase_withdrawn()
    kept = Post.objects.get(pk=reply.pk)
    assert (kept.text, kept.html, kept.state) == ("", "", State.DELETED)


def test_the_organisation_of_the_moment_stays_with_the_message(reply, reader):
    mandate = Membership.objects.get(person=reader.person)
    assert (reply.organisation_id, reply.function) == (mandate.organisation_id, "chargée de mission")


def test_a_topic_that_goes_and_comes_back_tells_what_was_said_meanwhile(topic, reserved, space, author, moderator):
    """A visitor who slept through all of it must not miss the replies written while they could not read."""
    from realtime import reading

    _, pos = reading.read(topic.stream, "public", None)
    actions.move_topic(topic_id=topic.pk, target=reserved, by=moderator)
    meanwhile = actions.reply_to_topic(topic_id=topic.pk, source="Écrit entre-temps.", by=author)
    actions.move_topic(topic_id=topic.pk, target=space, by=moderator)
    frame, _ = reading.read(topic.stream, "public", pos)
    assert f"post-{meanwhile.pk}" in {one["id"] for one in frame["up"]}
