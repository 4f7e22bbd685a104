"""Sixty invented projects on real communes, in every state there is. Refused in production."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import cycle

from django.conf import settings
from django.utils.text import slugify

from changes import SYSTEM, change
from projects.charter import seed_charter
from projects.demo_texts import AWARDS, PROJECTS
from projects.models import Award, CallForProjects, Candidacy, Charter, Commitment, LabelEvent, Project
from territories.models import Commune
from territories.names import normalise

Report = Callable[[int, int, str], None]
# What happened to a project, one story for each state: calls, charter's year (0: not known, None: no charter, -1: being
# signed), decisions (kind, year, result).
STORIES: list[tuple[list[int], int | None, list[tuple[str, int, str]]]] = [
    ([2009, 2011], 2013, [("label", 2013, "label"), ("stage", 2017, "stage_4"), ("status", 2024, "lived")]),
    ([2011], 2013, [("label", 2014, "committed"), ("stage", 2018, "stage_3"), ("status", 2023, "delivered")]),
    ([], 2022, [("status", 2024, "eco_project")]),
    ([2009], 2013, [("label", 2013, "label"), ("stage", 2019, "stage_4")]),
    ([2011], 2014, [("stage", 2017, "stage_2"), ("stage", 2020, "stage_3")]),
    ([], 2016, [("stage", 2017, "stage_1"), ("stage", 2018, "stage_2")]),
    ([], 2017, [("stage", 2018, "stage_1")]),
    ([2009, 2011], 2013, [("label", 2014, "adjourned"), ("label", 2015, "label")]),
    ([2011], 2013, [("label", 2015, "committed")]),
    ([2011], 2014, [("label", 2014, "adjourned")]),
    ([], 2015, []),
    ([2009], None, []),
    ([], None, []),
    ([2011], -1, [("stage", 2016, "candidate")]),
    ([], 0, []),
]


class DemoRefused(Exception):
    """Demo content has no place in production."""


def make_demo_projects(report: Report | None = None) -> int:
    """Make the demo's projects that are missing; returns how many. Needs the referential.

    Raises `DemoRefused` in production. `report(done, total, message)` hears of the end only: it takes half a second.
    """
    if settings.PRODUCTION:
        raise DemoRefused("Le contenu de démonstration n’est pas admis en production.")
    seed_charter()
    known = set(Project.objects.filter(source_key__startswith="demo:").values_list("source_key", flat=True))
    wanted = [(f"demo:{number:02}", row) for number, row in enumerate(PROJECTS, start=1)]
    missing = [(key, row) for key, row in wanted if key not in known]
    if missing:
        communes = _communes()
        with change(by=SYSTEM) as c:
            projects = Project.objects.bulk_create(
                [_project(key, row, communes[row[0], normalise(row[1])]) for key, row in missing]
            )
            _steps(projects)
            c.fact("projects.imported", "demo")
    if report:
        report(len(PROJECTS), len(PROJECTS), "Projets de démonstration")
    return len(missing)


def _communes() -> dict[tuple[str, str], Commune]:
    names = {normalise(row[1]) for row in PROJECTS}
    rows = Commune.objects.of_today().filter(search_name__in=names, department__in={row[0] for row in PROJECTS})
    return {(row.department_id, row.search_name): row for row in rows}


def _project(key: str, row: tuple[str, str, str, str, int, str, str], commune: Commune) -> Project:
    _, _, name, operation, dwellings, area, description = row
    number = int(key.partition(":")[2])
    return Project(
        name=name,
        sort_name=normalise(name),
        slug=f"{commune.code}-{slugify(name)}".lower(),
        commune=commune,
        description=description,
        operation=operation,
        urban_renewal=number % 9 == 0,
        regional_park=number % 11 == 0,
        dwellings=dwellings,
        dwellings_text=str(dwellings),
        social_dwellings=dwellings * (20 + number % 30) // 100,
        residents=dwellings * 2 + number,
        area=Decimal(area),
        area_text=area.replace(".", ","),
        source_key=key,
    )


def _steps(projects: list[Project]) -> None:
    """The story of each project, its commitments and, for some candidates, an award."""
    calls = {call.year: call for call in CallForProjects.objects.all()}
    commitments = list(Commitment.objects.order_by("number"))
    candidacies, charters, events, awards, tags = [], [], [], [], []
    categories = cycle(AWARDS)
    for project in projects:
        number = int(project.source_key.partition(":")[2])
        years, charter, decisions = STORIES[(number - 1) % len(STORIES)]
        candidacies += [Candidacy(project=project, call=calls[year]) for year in years]
        if charter is not None:
            charters.append(Charter(project=project, year=charter if charter > 0 else None, pending=charter < 0))
        events += [LabelEvent(project=project, kind=kind, year=year, result=result) for kind, year, result in decisions]
        if years and number % 3 == 1:
            grand = number == 1
            category = "Grand prix" if grand else next(categories)
            awards.append(Award(project=project, year=years[-1], category=category, grand_prize=grand))
        chosen = {commitments[(number * step) % 20] for step in (1, 3, 7, 11)}
        tags += [Project.commitments.through(project=project, commitment=one) for one in chosen]
    Candidacy.objects.bulk_create(candidacies)
    Charter.objects.bulk_create(charters)
    LabelEvent.objects.bulk_create(events)
    Award.objects.bulk_create(awards)
    Project.commitments.through.objects.bulk_create(tags)
    Project.communes.through.objects.bulk_create(
        [Project.communes.through(project=project, commune=project.commune) for project in projects]
    )
