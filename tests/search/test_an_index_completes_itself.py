"""A new installation, a restored database, a first Elasticsearch: the index fills without a command."""

import pytest

from changes import change
from changes.models import Fact
from forum import actions
from search import consumers, rebuilding

pytestmark = [pytest.mark.django_db, pytest.mark.storage]


def test_what_no_fact_told_is_found_in_the_end(engine, work, waiting, spaces, person):
    anne = person("anne", "53")
    actions.start_topic(space=spaces["public"], title="Zorglub", source="Là.", by=anne)
    consumers.complete()
    assert waiting(), "facts that wait are taken first"
    assert rebuilding.compare(engine).keys
    with change(by="test"):
        Fact.objects.all().delete()
    consumers.complete()
    assert rebuilding.compare(engine).keys == []
