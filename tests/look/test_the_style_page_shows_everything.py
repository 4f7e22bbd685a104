"""`/style/`: every component of ours is on it, and it exists where one develops, not in production."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
# part of the first page only, and of the page that holds nothing else
ELSEWHERE = {"club-home", "club-trap"}


def test_each_component_of_our_sheet_is_shown(client):
    sheet = (ROOT / "site/look/static/look/club.css").read_text()
    ours = set(re.findall(r"\.(club-(?!files|attached)[a-z_-]+)", sheet))  # files have a test page of their own
    page = client.get("/style/").content.decode()
    shown = set(re.findall(r"\bclub-[a-z_-]+", " ".join(re.findall(r'class="([^"]*)"', page))))
    assert ours - shown - ELSEWHERE == set()


def test_each_piece_of_the_look_is_shown(client):
    shown = {part.name for answer in [client.get("/style/")] for part in answer.templates if part.name}
    pieces = {f"look/{path.name}" for path in (ROOT / "templates/look").glob("*.html")}
    assert pieces - shown == set()


def test_each_kind_of_message_and_field_is_shown(client):
    page = client.get("/style/").content.decode()
    for kind in ("info", "success", "warning", "error"):
        assert f"fr-alert--{kind}" in page
    for kind in (
        'type="text"',
        'type="password"',
        'type="file"',
        'type="radio"',
        'type="checkbox"',
        "<select",
        "<textarea",
    ):
        assert kind in page, kind
    assert "data-error-summary" in page
