"""Reads of the project pages, each with its number of SQL queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch
from django.urls import reverse

from projects.filters import LABELLED, LABELLED_STATES, Filters
from projects.map import Map, Place, outlines, shade
from projects.models import Candidacy, Commitment, LabelEvent, Project, State
from projects.models.project import ProjectQuerySet
from territories.models import Department
from territories.names import normalise

OVERSEAS = {"971", "972", "973", "974", "976"}  # always shown; an overseas collectivité once it has a project


def listed(filters: Filters) -> ProjectQuerySet:
    """Published projects that answer to the filters, by name, with place and state. SQL queries: 1 when read."""
    rows: ProjectQuerySet = filters.narrow(Project.objects.published())
    return rows.with_place().with_state().defer("raw", "description").order_by("sort_name", "id")


def map_of(filters: Filters) -> Map:
    """The map under the filters but those of place, which it marks. SQL queries: 2."""
    counts: dict[str, int] = dict(
        filters.without_place()
        .narrow(Project.objects.published())
        .order_by()
        .values_list("commune__department")
        .annotate(count=Count("pk", distinct=True))
    )
    highest = max(counts.values(), default=0)
    view_box, shapes = outlines()
    drawn = Map(view_box=view_box)
    regions: dict[str, Place] = {}
    base = reverse("projects:list")
    for department in Department.objects.in_force().select_related("region").order_by("code"):
        count = counts.get(department.code, 0)
        region = regions.setdefault(
            department.region_id, Place(department.region_id, department.region.name, current=False)
        )
        region.count += count
        region.url = base + filters.address(region=region.code, departement="")
        region.current = filters.region == region.code
        place = Place(
            department.code,
            department.name,
            count,
            base + filters.address(departement=department.code, region=""),
            shade(count, highest),
            shapes.get(department.code, ""),
            filters.departement == department.code or filters.region == department.region_id,
        )
        if place.outline:
            drawn.departments.append(place)
        elif count or department.code in OVERSEAS:
            drawn.overseas.append(place)
    drawn.regions = sorted(
        (one for one in regions.values() if one.count or one.current), key=lambda one: normalise(one.name)
    )
    return drawn


@dataclass
class Choices:
    """What the selects of the list offer: value and label."""

    regions: list[tuple[str, str]]
    departments: list[tuple[str, str]]
    commitments: list[tuple[str, str]]
    states: list[tuple[str, str]]


def choices(drawn: Map) -> Choices:
    """The values of the filters; places come from the map, already read. SQL queries: 1."""
    places = [*drawn.departments, *drawn.overseas]
    return Choices(
        [(one.code, one.name) for one in drawn.regions],
        [(one.code, f"{one.code} {one.name}") for one in places if one.count or one.current],
        [(str(one.number), str(one)) for one in Commitment.objects.order_by("number")],
        [(LABELLED, "Tous les labels"), *State.choices],
    )


def active(filters: Filters, offered: Choices) -> list[tuple[str, str]]:
    """What narrows the list: each filter in words, with the address of the list without it. SQL queries: 0."""
    lists = {
        "region": offered.regions,
        "departement": offered.departments,
        "etat": offered.states,
        "engagement": offered.commitments,
    }
    found = [("q", f"« {filters.q} »")] if filters.q else []
    for name, values in lists.items():
        if chosen := getattr(filters, name):
            found.append((name, dict(values).get(chosen, chosen)))
    return [(label, filters.address(**{name: ""})) for name, label in found]


def project_page(slug: str) -> Project | None:
    """A published project with all that its page shows. SQL queries: 8 at most."""
    return (
        Project.objects.published()
        .with_state()
        .defer("raw")
        .select_related("commune__department", "commune__region", "commune__epci", "charter")
        .prefetch_related(
            "communes",
            "awards",
            Prefetch("commitments", Commitment.objects.select_related("dimension").order_by("number")),
            Prefetch("candidacies", Candidacy.objects.select_related("call").order_by("call__year")),
            Prefetch("events", LabelEvent.objects.order_by("year", "id")),
        )
        .filter(slug=slug)
        .first()
    )


def neighbours(project: Project, limit: int = 12) -> list[Project]:
    """Other published projects of its main commune. SQL queries: 1."""
    rows = Project.objects.published().filter(commune=project.commune_id).exclude(pk=project.pk)
    return list(rows.with_state().defer("raw").order_by("sort_name", "id")[:limit])


@dataclass(frozen=True)
class Mark:
    """A point of the line of steps of a project."""

    year: str
    title: str
    detail: str = ""


def line_of(project: Project) -> list[Mark]:
    """Calls, charter, decisions and awards in their order. SQL queries: 0 after `project_page`."""
    marks = [Mark(_year(one.call.year), "Candidature", one.call.name) for one in project.candidacies.all()]
    marks += [
        Mark(_year(one.year), "Grand prix") if one.grand_prize else Mark(_year(one.year), "Prix", one.category)
        for one in project.awards.all()
    ]
    charter = getattr(project, "charter", None)
    if charter:
        title = "Charte en cours de signature" if charter.pending else "Charte signée"
        marks.append(Mark(_year(charter.year), title))
    marks += [
        Mark(_year(one.year), one.get_result_display(), " : ".join(filter(None, [one.get_kind_display(), one.wanted])))
        for one in project.events.all()
    ]
    return sorted(marks, key=lambda mark: mark.year or "9999")


def _year(year: int | None) -> str:
    """A year as text: a template would write « 2 013 »."""
    return str(year) if year else ""


def overview() -> dict[str, Any]:
    """The home page's figures (`url`, `count`, `label`), its map and three examples of search. SQL queries: 4."""
    drawn = map_of(Filters())
    url = reverse("projects:list")
    counts = Project.objects.published().in_states(LABELLED_STATES).aggregate(labels=Count("pk"))
    communes = Project.objects.published().aggregate(count=Count("commune", distinct=True))
    examples = [
        row.commune.name
        for row in Project.objects.published()
        .select_related("commune")
        .only("commune__name")
        .order_by("-updated_at")[:3]
    ]
    figures = [
        {"url": url, "count": drawn.total, "label": "projet" if drawn.total < 2 else "projets"},
        {"url": url, "count": communes["count"], "label": "commune" if communes["count"] < 2 else "communes"},
        {
            "url": f"{url}?etat={LABELLED}",
            "count": counts["labels"],
            "label": "projet labellisé" if counts["labels"] < 2 else "projets labellisés",
        },
        {
            "url": f"{url}#carte",
            "count": len(drawn.regions),
            "label": "région" if len(drawn.regions) < 2 else "régions",
        },
    ]
    return {"figures": figures, "map": drawn, "examples": list(dict.fromkeys(examples))}
