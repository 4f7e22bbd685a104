"""Position first, rows second: what is committed while a page is being read reaches it by its stream."""

from __future__ import annotations

import html
import json
import re

import pytest

from changes.streams import stand
from forum import queries
from forum.actions import reply_to_topic

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


@pytest.mark.parametrize("replies", [0, 19])  # 19 and the matter fill a page: the next one stands on another
def test_a_reply_committed_while_the_topic_is_read_is_on_the_page_or_after_its_position(
    client, topic, author, reader, monkeypatch, replies
):
    for n in range(replies):
        reply_to_topic(topic_id=topic.pk, source=f"Réponse {n}", by=author)
    read = queries.topic_of

    def meanwhile(viewer, pk):
        row = read(viewer, pk)
        reply_to_topic(topic_id=topic.pk, source="Arrivée pendant la lecture.", by=reader)
        return row

    monkeypatch.setattr(queries, "topic_of", meanwhile)
    client.force_login(author.person)
    page = client.get(topic.get_absolute_url()).content.decode()
    told = json.loads(html.unescape(re.search(r'data-streams="([^"]+)"', page)[1]))[topic.stream]
    counted = re.search(r"(\d+) réponse", re.search(r"topic-head__facts.*?</p>", page, re.DOTALL)[0])
    assert counted is None or int(counted[1]) == replies  # the head is of before …
    assert told < stand(topic.stream, "members").pos  # … so the position must be, too
