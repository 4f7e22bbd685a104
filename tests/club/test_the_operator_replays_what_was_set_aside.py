"""The page of facts set aside: for the bureau alone, with the cause, one or all replayed, in the journal."""

import pytest
from django.utils import timezone

from changes import change
from changes.models import Fact, JournalLine

pytestmark = pytest.mark.django_db


@pytest.fixture
def asides():
    with change(by="test") as c:
        c.fact("job.run", 1)
        c.fact("job.run", 2)
    error = "Traceback (most recent call last):\n  File x\nValueError: le fichier n’est plus là"
    ours = Fact.objects.filter(consumer="jobs")
    ours.update(aside_at=timezone.now(), attempt=10, error=error)
    return list(ours.order_by("pk"))


def test_it_does_not_exist_for_others(client, member):
    assert client.get("/exploitation/").status_code == 404
    client.force_login(member)
    assert client.get("/exploitation/").status_code == 404
    assert client.post("/exploitation/").status_code == 404


def test_it_says_what_and_why_and_replays_one(as_office, asides):
    shown = as_office.get("/exploitation/").content.decode()
    assert shown.count("ValueError: le fichier n’est plus là") == 2
    assert "Traceback" not in shown
    as_office.post("/exploitation/", {"fact": str(asides[0].pk)})
    assert list(Fact.objects.filter(consumer="jobs", aside_at=None).values_list("pk", "attempt")) == [(asides[0].pk, 0)]
    assert JournalLine.objects.filter(verb="replay", kind="fact").count() == 1


def test_it_replays_all(as_office, asides):
    answer = as_office.post("/exploitation/", follow=True)
    assert "2\u00a0faits remis en file" in answer.content.decode()
    assert Fact.objects.filter(aside_at__isnull=False).count() == 0


def test_nothing_aside_says_so(as_office):
    assert "Rien n’est de côté" in as_office.get("/exploitation/").content.decode()
