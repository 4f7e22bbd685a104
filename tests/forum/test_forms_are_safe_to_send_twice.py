"""Double click, back button, two tabs, two people at once: nothing lost, nothing doubled; what was typed stays."""

import re

import pytest

from forum import actions
from forum.models import Post, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, author):
    client.force_login(author.person)
    return client


def operation_of(page: str) -> str:
    return re.search(r'name="operation" value="([^"]+)"', page)[1]


def test_a_reply_sent_twice_is_published_once_and_leads_to_the_same_place(signed_in, topic):
    operation = operation_of(signed_in.get(topic.get_absolute_url()).content.decode())
    answers = [signed_in.post(topic.get_absolute_url(), {"source": "Oui.", "operation": operation}) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert topic.posts.count() == 2


def test_the_back_button_with_another_text_shows_it_under_a_new_id(signed_in, topic):
    operation = operation_of(signed_in.get(topic.get_absolute_url()).content.decode())
    first = signed_in.post(topic.get_absolute_url(), {"source": "Oui.", "operation": operation})
    again = signed_in.post(topic.get_absolute_url(), {"source": "Non, tout compte fait.", "operation": operation})
    page = again.content.decode()
    assert again.status_code == 409
    assert "déjà publiée" in page
    assert first.url in page
    assert "Non, tout compte fait." in page
    assert operation_of(page) != operation
    answer = signed_in.post(
        topic.get_absolute_url(), {"source": "Non, tout compte fait.", "operation": operation_of(page)}
    )
    assert answer.status_code == 302
    assert list(topic.posts.order_by("number").values_list("text", flat=True))[1:] == ["Oui.", "Non, tout compte fait."]


def test_a_topic_sent_twice_is_opened_once_and_another_text_is_kept(signed_in, space):
    address = f"/forum/{space.slug}/nouvelle-discussion/"
    operation = operation_of(signed_in.get(address).content.decode())
    form = {"title": "Quel coût au mètre ?", "source": "Pour une noue.", "operation": operation}
    assert signed_in.post(address, form).url == signed_in.post(address, form).url
    again = signed_in.post(address, {**form, "source": "Pour un fossé."})
    assert again.status_code == 409
    assert "Pour un fossé." in again.content.decode()
    assert Topic.objects.count() == 1


def test_an_edit_over_a_newer_text_shows_both(signed_in, topic, author):
    post = topic.posts.get()
    address = f"/forum/messages/{post.pk}/modifier/"
    page = signed_in.get(address).content.decode()
    actions.edit_post(post_id=post.pk, revision=post.revision, source="Depuis le téléphone.", by=author)
    form = {"title": topic.title, "source": "Depuis le bureau."}
    answer = signed_in.post(address, {**form, "revision": 1, "operation": operation_of(page)})
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Depuis le téléphone." in shown
    assert "Depuis le bureau." in shown
    assert "<del>téléphone.</del><ins>bureau.</ins>" in shown
    assert Post.objects.get(pk=post.pk).text == "Depuis le téléphone."
    again = signed_in.post(address, {**form, "revision": 2, "operation": operation_of(shown)})
    assert again.status_code == 302
    assert Post.objects.get(pk=post.pk).text == "Depuis le bureau."


@pytest.mark.parametrize("source", ["", "   ", "\n\n", "<!-- rien -->" * 2000, "x" * 20_001])
def test_what_cannot_be_published_is_said_beside_the_field_and_kept(signed_in, topic, source):
    answer = signed_in.post(topic.get_absolute_url(), {"source": source, "operation": "1"})
    if answer.status_code == 302:
        assert "rien" in topic.posts.last().text  # shown as text, not taken as a comment
        return
    assert answer.status_code == 200
    assert "fr-message--error" in answer.content.decode()
    assert topic.posts.count() == 1


def test_a_move_sent_twice_is_done_once_and_not_refused(client, topic, reserved, moderator):
    """The second one finds the topic where it wanted it (a double click, a retry after a lost answer)."""
    client.force_login(moderator.person)
    address = f"/forum/discussions/{topic.pk}/deplacer/"
    answers = [client.post(address, {"target": str(reserved.pk)}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    topic.refresh_from_db()
    assert topic.space == reserved
    assert topic.revision == 2, "moved once"
