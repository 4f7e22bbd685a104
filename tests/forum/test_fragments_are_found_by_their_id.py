"""Identifiers in fragments are those of the frames, also beyond 999, where French numbers get a space."""

from __future__ import annotations

import pytest
from django.utils import timezone

from forum import fragments
from forum.models import Post, Space, Topic
from members.models import Person
from realtime.kinds import dom_id

pytestmark = pytest.mark.django_db


def test_a_fragment_beyond_the_thousandth_has_the_id_of_its_frame():
    author = Person(pk=1, given_name="Anne", family_name="Rives")
    topic = Topic(pk=1234, space=Space(pk=1, slug="national"), author=author, revision=2345, title="Noues")
    post = Post(pk=4091, number=1001, revision=1002, topic=topic, author=author, created_at=timezone.now())
    for found in (
        fragments.posts([post], "public"),
        fragments.heads([topic], "public"),
        fragments.lines([topic], "public"),
        fragments.answers([topic], "public"),
    ):
        for key, content in found.items():
            assert f'id="{dom_id(key)}"' in content.html
            assert f'data-rev="{content.rev}"' in content.html
    (shown,) = fragments.posts([post], "public").values()
    assert 'data-n="1001"' in shown.html
    assert 'aria-labelledby="post-4091-qui"' in shown.html
    assert 'id="post-4091-qui"' in shown.html
