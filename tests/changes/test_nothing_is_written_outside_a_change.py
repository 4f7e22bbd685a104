"""The guard of the whole suite catches a write of ours outside `change()`, in requests, commands and consumers."""

import pytest
from django.core.management.base import BaseCommand
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from changes import change, facts
from changes.models import Fact, Job
from tests.writing_guard import WroteOutside, our_tables

pytestmark = pytest.mark.django_db(transaction=True)


def job() -> Job:
    return Job.objects.create(kind="test", title="Un essai", by="test")


def write_badly(request):
    job()
    return HttpResponse("écrit")


def write_well(request):
    with change(by="test"):
        job()
    return HttpResponse("écrit")


urlpatterns = [path("mal/", write_badly), path("bien/", write_well)]


@pytest.mark.urls(__name__)
def test_a_request_that_writes_outside_a_change_fails(client):
    with pytest.raises(WroteOutside):
        client.get("/mal/")
    assert client.get("/bien/").status_code == 200


def test_a_command_that_writes_outside_a_change_fails():
    class Command(BaseCommand):
        def handle(self, *args, **options):
            job()

    with pytest.raises(WroteOutside):
        Command().execute(no_color=True, force_color=False, skip_checks=True)


def test_a_consumer_that_writes_outside_a_change_fails(settings, monkeypatch):
    settings.FACT_CONSUMERS = {"ears": ["heard.*"]}
    monkeypatch.setitem(facts._handlers, ("ears", "heard.word"), lambda fact: job())
    with change(by="test") as c:
        c.fact("heard.word", 1)
    assert facts.work(facts.claim("ears")[0]) is False
    assert "WroteOutside" in Fact.objects.get().error


def test_a_test_arranges_as_it_likes():
    assert RequestFactory()
    assert job().pk


def test_every_table_of_ours_is_watched():
    assert {"forum_post", "members_person", "changes_fact", "notifications_queuedmail", "cms_homepage"} <= our_tables()
