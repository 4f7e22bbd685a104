"""A new installation, a restored database, a first Elasticsearch: the index fills without a command."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from changes import change
from changes.models import Fact
from forum import actions
from members.models import Person
from search import consumers, rebuilding
from search.models import Unsettled

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


def test_an_index_that_does_not_settle_is_compared_once_an_hour_and_said(
    engine, work, spaces, person, monkeypatch, capsys, client, office, time_machine
):
    anne = person("anne", "53")
    actions.start_topic(space=spaces["public"], title="Zorglub", source="Là.", by=anne)
    work()
    compared = []
    compare = rebuilding.compare
    monkeypatch.setattr(rebuilding, "compare", lambda engine: compared.append(engine) or compare(engine))
    consumers.complete()
    assert not compared
    total = rebuilding.total
    with monkeypatch.context() as broken:
        broken.setattr(rebuilding, "total", lambda: total() + 1)
        for _ in range(3):
            consumers.complete()
        assert len(compared) == 1
        call_command("search", "status")
        assert "même réparé" in capsys.readouterr().out
        client.force_login(Person.objects.get(pk=office.person.pk))
        assert "même réparé" in client.get("/exploitation/").content.decode()
        time_machine.move_to(timezone.now() + timedelta(hours=1, seconds=1))
        consumers.complete()
        assert len(compared) == 2
    consumers.complete()
    assert not Unsettled.objects.exists()
    call_command("search", "status")
    assert "même réparé" not in capsys.readouterr().out
