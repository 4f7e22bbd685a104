"""A space, people and viewers of the forum's tests."""

from __future__ import annotations

import pytest

from forum.actions import open_space, reply_to_topic, start_topic
from members.models import Role
from members.viewer import Viewer


@pytest.fixture
def space(db):
    return open_space(slug="national", title="Espace national", audience="public", by="test")


@pytest.fixture
def reserved(db):
    return open_space(slug="membres", title="Entre membres", audience="members", by="test")


@pytest.fixture
def author(make_person) -> Viewer:
    return Viewer.of(make_person("auteur@collectivite.example"))


@pytest.fixture
def reader(make_person) -> Viewer:
    return Viewer.of(make_person("lectrice@collectivite.example"))


@pytest.fixture
def moderator(make_person) -> Viewer:
    return Viewer.of(make_person("moderatrice@club.example", role=Role.NATIONAL_OFFICE))


@pytest.fixture
def topic(space, author):
    return start_topic(space=space, title="Qui entretient les noues ?", source="Deux sont tassées.", by=author)


@pytest.fixture
def reply(topic, reader):
    return reply_to_topic(topic_id=topic.pk, source="Une fauche par an.", by=reader)
