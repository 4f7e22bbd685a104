"""`manage.py install`: the bureau's first account by a link, no demo; the demo is refused in production."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from changes.jobs import JobRefused, Run, run_job
from changes.models import Job
from club.content import KIND, install_content, start_content
from members.demo import DemoRefused, make_demo_people
from members.models import Invitation, Organisation, Person
from members.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.storage, pytest.mark.usefixtures("referential")]
PASSWORD = "trois noues et un platane"


def install(**options) -> str:
    out = StringIO()
    call_command("install", stdout=out, **{"email": "claire@ministere.example", "show_link": True, **options})
    return out.getvalue()


def test_the_first_day(client):
    said = install()
    path = re.search(r"(/membres/invitation/\S+)", said)[1]
    assert not Person.objects.exists()
    client.post(path, {"given_name": "Claire", "family_name": "Aubry", "password": PASSWORD})
    person = Person.objects.get()
    assert Viewer.of(person).is_national_office
    assert Organisation.objects.filter(kind="regional_service").count() == 18
    assert client.get("/").status_code == 200
    assert not Person.objects.filter(email__endswith="demo.example").exists()
    assert "a déjà un compte" in install()
    assert Invitation.objects.count() == 1


def test_without_the_link_on_screen_a_mail_leaves(work):
    from notifications.models import QueuedMail

    assert "Une invitation part vers" in install(show_link=False)
    assert QueuedMail.objects.get().to == ["claire@ministere.example"]


def test_an_address_that_is_none_is_refused():
    with pytest.raises(CommandError, match="adresse électronique"):
        install(email="pas une adresse")


def test_the_demo_is_refused_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(DemoRefused):
        make_demo_people()
    with pytest.raises(JobRefused):
        install_content(Run(job=Job(kind=KIND, payload={"demo": True})))
    with pytest.raises(CommandError, match="production"):
        call_command("demo", stdout=StringIO())
    assert not Person.objects.exists()


def test_the_banner_follows_the_first_content_and_goes(client):
    from django.core.cache import caches

    job = start_content(demo=False)
    assert start_content(demo=False) == job, "queued once"
    caches["process"].clear()
    page = client.get("/contact/").content.decode()
    assert f'data-job="{job.pk}"' in page
    assert "Premier contenu" in page
    run_job(job)
    assert start_content(demo=False) is None
    caches["process"].clear()
    assert "data-job" not in client.get("/contact/").content.decode()
    assert run_job(Job.objects.get()).state == "done", "run again from its start, it finds all there"
