"""Where a project stands is computed from its events: the last positive decision, whatever came before."""

from __future__ import annotations

import pytest

from changes import change
from projects.models import CallForProjects, Candidacy, Charter, LabelEvent, Project, State

pytestmark = pytest.mark.storage


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([("label", 2014, "adjourned"), ("label", 2015, "committed")], "committed"),
        ([("label", 2014, "committed"), ("stage", 2016, "candidate")], "committed"),
        ([("label", 2013, "label"), ("label", 2014, "adjourned")], "label"),
        ([("label", 2013, "label"), ("stage", 2018, "stage_4")], "stage_4"),
        ([("stage", 2018, "stage_4"), ("status", 2024, "eco_project")], "eco_project"),
        ([("stage", 2024, "stage_3"), ("status", 2024, "delivered")], "delivered"),
        ([("status", 2023, "delivered"), ("status", 2026, "lived")], "lived"),
        ([("label", 2014, "adjourned")], "adjourned"),
        ([("stage", 2016, "candidate")], "candidate"),
        ([], "listed"),
    ],
)
def test_the_last_positive_decision_counts(make_projects, events, state):
    (project,) = make_projects(1)
    with change(by="test"):
        LabelEvent.objects.all().delete()
        Charter.objects.all().delete()
        Candidacy.objects.all().delete()
        for kind, year, result in events:
            LabelEvent.objects.create(project=project, kind=kind, year=year, result=result)
    assert Project.objects.with_state().get().state == state


def test_a_charter_or_a_candidacy_alone(make_projects):
    (project,) = make_projects(1)
    with change(by="test"):
        LabelEvent.objects.all().delete()
    assert Project.objects.with_state().get().state == State.CHARTER
    with change(by="test"):
        Charter.objects.update(pending=True)
    assert Project.objects.with_state().get().state == State.CANDIDATE
    assert CallForProjects.objects.filter(candidacies__project=project).exists()
