"""The demo's projects: on real communes of the 18 régions, in every state, made once, never in production."""

from __future__ import annotations

import re

import pytest

from projects.demo import DemoRefused, make_demo_projects
from projects.demo_texts import PROJECTS
from projects.models import Project, State

pytestmark = pytest.mark.storage


def test_sixty_projects_of_every_state_in_every_region(referential):
    assert make_demo_projects() == 60
    assert make_demo_projects() == 0
    rows = Project.objects.with_state()
    assert {row.state for row in rows} == set(State.values)
    assert rows.values("commune__region").distinct().count() == 18


def test_production_has_no_demo(referential, settings):
    settings.PRODUCTION = True
    with pytest.raises(DemoRefused):
        make_demo_projects()


def test_no_eight_words_stand_twice():
    seen: set[tuple[str, ...]] = set()
    for *_, text in PROJECTS:
        words = re.findall(r"\w+", text.lower())
        for start in range(len(words) - 7):
            run = tuple(words[start : start + 8])
            assert run not in seen
            seen.add(run)
