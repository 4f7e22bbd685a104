"""After an update the index of the code before goes on serving until it is made anew."""

import pytest

from search.engines.elastic.documents import index_of
from tests.engines.making import found, keys, matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def older(engine):
    """An index made before `covered`, `voices` and digests that are listed fast; the embedded one has no mapping."""
    if engine.name != "elasticsearch":
        return engine
    engine.remove()
    body = index_of("older")
    fields = body["mappings"]["properties"]
    for name in ("covered", "voices"):
        del fields[name]
    fields["digest"]["doc_values"] = False
    body["mappings"]["_meta"] = {"hash": "of the code before"}
    engine.client.indices.create(index=f"{engine.index}-20000101", aliases={engine.index: {}}, **body)
    return engine


def test_it_answers_is_listed_and_says_that_a_rebuild_is_due(older):
    reply = matter("post:2", "", "Un saule", root="topic:1", about="Noue", covered=True)
    topic = matter("topic:1", "Noue", "Une noue plantée", replies="Un saule")
    assert older.bulk([topic, reply, matter("page:3", "Parking")], 1, refresh=True).failed == ()
    assert keys(older, "noue") == ["topic:1"]
    assert found(older, "saule").total == 1
    assert older.listing() == [
        ("page:3", matter("page:3", "Parking").digest), ("post:2", reply.digest), ("topic:1", topic.digest)
    ]  # fmt: skip
    assert older.health().current == (older.name != "elasticsearch")
