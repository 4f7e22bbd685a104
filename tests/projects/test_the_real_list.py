"""The club's own list, where `CLUB_PROJECT_LIST` names it: the figures that its analysis found."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from projects.models import Project

pytestmark = pytest.mark.storage
PATH = Path(os.environ["CLUB_PROJECT_LIST"])


def test_the_list_is_imported_as_its_analysis_says(import_list, figures):
    run = import_list(PATH)
    assert (run.read, run.filler) == (768, 27)
    how = Counter(run.lines.exclude(how="").values_list("how", flat=True))
    assert how["both"] == 693
    assert how["name_over_code"] == 6
    assert 10 <= run.to_verify <= 18
    assert run.refused == 0
    assert sum(figures(run)) == 741
    right = run.lines.filter(how="name_over_code").values_list("place", flat=True)
    assert {"Strasbourg (67)", "Saint-Brieuc (22)"} <= set(right)
    dijon = run.lines.get(outcome="to_verify", label__endswith="· Dijon")
    assert [one["name"] for one in dijon.candidates] == ["Dompierre-en-Morvan", "Dijon"]
    states = Counter(Project.objects.with_state().values_list("state", flat=True))
    assert 36 <= states["label"] <= 39
    assert 95 <= states["committed"] <= 110
    again = import_list(PATH)
    assert (again.created, again.changed) == (0, 0)
    assert again.unchanged == run.created
