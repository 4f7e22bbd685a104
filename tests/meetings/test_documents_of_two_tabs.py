"""The documents of a meeting, chosen in two tabs: what one tab did not show, it does not take away."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from files.models import Upload
from meetings.keeping import HOLDER
from tests.files.conftest import pdf, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def tab(settings, tmp_path, organiser, make_meeting):
    """`tab()`: opens the page of one meeting's documents; gives what its form would send."""
    backend = {**settings.STORAGES["files"], "OPTIONS": {"location": str(tmp_path / "fichiers")}}
    settings.STORAGES = {**settings.STORAGES, "files": backend}
    meeting = make_meeting(title="Visite à Rennes")
    client = Client()
    client.force_login(organiser.person)

    class Tab:
        def __init__(self) -> None:
            page = client.get(f"/agenda/{meeting.pk}/documents/").content.decode()
            self.seen = re.search(r'name="seen"[^>]*?(?: value="([^"]*)")?[^>]*>', page)[1] or ""
            self.kept = re.findall(r'name="attachments-kept" value="([0-9a-f-]{36})"', page)

        @staticmethod
        def names() -> list[str]:
            return [one.name for one in Upload.objects.held_by(HOLDER, [meeting.pk]).order_by("position")]

        def send(self, *names: str, without: str = "", **changed: str):
            """Save the form with more documents, or without one; the number is the slot of the file."""
            kept = [one for one in self.kept if Upload.objects.filter(pk=one).exclude(name=without).exists()]
            files = {f"attachments-file-{n}": sent(pdf(name.encode()), name) for n, name in enumerate(names)}
            data = {"seen": self.seen, "attachments-kept": kept, **files, **changed}
            return client.post(f"/agenda/{meeting.pk}/documents/", data)

    return Tab


def test_what_came_in_another_tab_stays(tab):
    first, second = tab(), tab()
    assert first.send("plan.pdf", "charte.pdf").status_code == 302
    assert second.send("bilan.pdf").status_code == 302
    assert sorted(tab.names()) == ["bilan.pdf", "charte.pdf", "plan.pdf"]


def test_what_a_tab_showed_and_left_out_goes_and_nothing_else(tab):
    tab().send("plan.pdf", "charte.pdf")
    first, second = tab(), tab()
    first.send("bilan.pdf")
    assert second.send(without="plan.pdf").status_code == 302
    assert tab.names() == ["charte.pdf", "bilan.pdf"]


def test_a_form_that_says_nothing_of_what_it_showed_takes_nothing_away(tab):
    tab().send("plan.pdf")
    assert tab().send(without="plan.pdf", seen="").status_code == 302
    assert tab.names() == ["plan.pdf"]


def test_what_no_page_of_ours_says_is_refused(tab):
    tab().send("plan.pdf")
    answer = tab().send(without="plan.pdf", seen="1 2 3")
    assert answer.status_code == 200
    assert "rouvrez-la" in answer.content.decode()
    assert tab.names() == ["plan.pdf"]
