"""What was withdrawn or hidden is on no page; a title holds no sign that deceives the eye."""

import pytest

from forum import actions
from forum.models import Post

pytestmark = pytest.mark.django_db


def test_a_withdrawn_text_is_not_on_the_page_that_hides(client, reply, reader, moderator):
    actions.delete_post(post_id=reply.pk, by=reader)
    client.force_login(moderator.person)
    answer = client.get(f"/forum/messages/{reply.pk}/masquer/")
    assert answer.status_code == 404
    assert "fauche" not in answer.content.decode()


def test_hiding_what_another_moderator_has_just_hidden_leads_to_it(client, reply, moderator):
    client.force_login(moderator.person)
    actions.hide_post(post_id=reply.pk, reason="un essai", by=moderator)
    address = f"/forum/messages/{reply.pk}/masquer/"
    assert client.get(address).url == reply.get_absolute_url()
    assert client.post(address, {"reason": "le même essai"}).url == reply.get_absolute_url()
    assert Post.objects.get(pk=reply.pk).reason == "un essai"


def test_signs_that_nobody_sees_are_not_in_titles(client, space, author):
    client.force_login(author.person)
    address = f"/forum/{space.slug}/nouvelle-discussion/"
    answer = client.post(
        address, {"title": "\u202eQui paie\u2066 les noues ?\x07", "source": "Bonjour.", "operation": "1"}
    )
    assert answer.status_code == 302
    assert space.topics.get().title == "Qui paie les noues ?"
    answer = client.post(address, {"title": "\u202e" * 12, "source": "Bonjour.", "operation": "2"})
    assert answer.status_code == 200
    assert space.topics.count() == 1
