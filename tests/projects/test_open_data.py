"""Open data: a CSV that keeps its Table Schema, the same projects in JSON, nothing internal, no formula."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from changes import change
from projects.importing.columns import GRANT, POTENTIAL
from projects.models import Project


@pytest.fixture
def rows(client, referential):
    from projects.demo import make_demo_projects

    make_demo_projects()
    with change(by="test"):
        Project.objects.filter(name="Les Boires").update(
            name="=HYPERLINK(1)", raw={GRANT: "plant-a-marker", POTENTIAL: "plant-a-marker"}
        )
    text = b"".join(client.get("/projets/donnees/projets.csv")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_csv_keeps_its_schema(client, rows):
    fields = client.get("/projets/donnees/schema.json").json()["fields"]
    assert [one["name"] for one in fields] == list(rows[0])
    patterns = {"integer": r"\d+", "number": r"\d+(\.\d+)?", "date": r"\d{4}-\d\d-\d\d", "string": r"(?s).*"}
    for row in rows:
        for field in fields:
            value = row[field["name"]]
            assert not (field["constraints"]["required"] and not value)
            assert not value or re.fullmatch(patterns[field["type"]], value), (field["name"], value)
            assert value in field["constraints"].get("enum", [value])
    assert len({row["identifiant"] for row in rows}) == len(rows) == 60


def test_licence_date_and_the_same_projects_in_json(client, rows):
    data = json.loads(b"".join(client.get("/projets/donnees/projets.json")))
    assert data["licence"] == "etalab-2.0"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", data["date"])
    assert [one["identifiant"] for one in data["projets"]] == [row["identifiant"] for row in rows]


def test_no_cell_is_a_formula_and_nothing_internal_leaves(client, rows):
    assert not [value for row in rows for value in row.values() if value[:1] in "=+@-" and value]
    for address in ("csv", "json"):
        text = b"".join(client.get(f"/projets/donnees/projets.{address}")).decode()
        assert "plant-a-marker" not in text
        assert "Dotation" not in text
    page = client.get(Project.objects.get(name="=HYPERLINK(1)").get_absolute_url())
    assert "plant-a-marker" not in page.content.decode()
