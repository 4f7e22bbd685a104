"""What came while somebody wrote is shown before their text is published; the text stays."""

import pytest

from forum import actions
from forum.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, reader):
    client.force_login(reader.person)
    return client


def test_replies_that_the_page_did_not_show_are_shown_first(signed_in, topic, author, moderator):
    actions.reply_to_topic(topic_id=topic.pk, source="Réponse vue.", by=author)
    form = {"source": "Ce que j’écrivais.", "last_seen": "2"}
    actions.reply_to_topic(topic_id=topic.pk, source="Réponse arrivée.", by=author)
    hidden = actions.reply_to_topic(topic_id=topic.pk, source="Réponse masquée.", by=author)
    actions.hide_post(post_id=hidden.pk, reason="Hors sujet", by=moderator)
    answer = signed_in.post(topic.get_absolute_url(), form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "1\xa0réponse est arrivée pendant que vous écriviez" in page
    assert "Ce que j’écrivais." in page
    assert "Réponse masquée." not in page
    assert not Post.objects.filter(author=Post.objects.first().author_id, text="Ce que j’écrivais.").exists()
    again = {"source": "Ce que j’écrivais.", "last_seen": "4"}
    assert signed_in.post(topic.get_absolute_url(), again).status_code == 302


@pytest.mark.parametrize("last_seen", ["2", "", "99"])
def test_nothing_is_asked_where_all_was_seen_or_one_answered_oneself(signed_in, topic, reader, last_seen):
    actions.reply_to_topic(topic_id=topic.pk, source="De moi.", by=reader)
    form = {"source": "Encore de moi.", "last_seen": last_seen}
    assert signed_in.post(topic.get_absolute_url(), form).status_code == 302


def test_go_to_a_number_or_a_day(client, topic, author):
    posts = [actions.reply_to_topic(topic_id=topic.pk, source=f"Réponse {n}", by=author) for n in range(45)]
    address = f"/forum/discussions/{topic.pk}/aller/"
    assert client.get(f"{address}?numero=30").url == posts[28].get_absolute_url()
    assert client.get(f"{address}?numero=3000").url == posts[-1].get_absolute_url()
    assert client.get(f"{address}?jour=2020-01-01").url == topic.posts.first().get_absolute_url()
    assert client.get(f"{address}?jour=2099-01-01").url == posts[-1].get_absolute_url()
    for wrong in ("?jour=demain", "?numero=x", ""):
        assert client.get(f"{address}{wrong}").status_code == 302
    page = client.get(f"{topic.get_absolute_url()}?page=2").content.decode()
    assert f'<link rel="canonical" href="{topic.get_absolute_url()}?page=2">' in page
    assert 'rel="prev" href="?page=1"' in page
    assert 'rel="next" href="?page=3"' in page
