"""What a file would do: each row compared with the database, in slices, before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db.models import Count, Max
from django.utils.text import slugify

from projects.importing import columns as c
from projects.importing import content
from projects.importing.matching import Matched, Matcher
from projects.importing.reading import Row
from projects.models import Candidacy, Charter, ImportChoice, ImportLine, LabelEvent, Project
from territories.models import Commune
from territories.names import normalise
from territories.resolution import Place

SLICE = 500
Outcome = ImportLine.Outcome
Progress = Callable[[int, int, str], None]


@dataclass
class Planned:
    """One row with what it would do. `data` is what `applying` writes, for rows created and changed."""

    number: int
    cells: dict[str, str]
    outcome: str = Outcome.REFUSED.value
    label: str = ""
    place: str = ""
    how: str = ""
    reason: str = ""
    changes: dict[str, list[str]] = field(default_factory=dict)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    identity: str = ""
    project_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Stored:
    """A project as the database holds it, in the terms of a row."""

    id: int
    key: str
    hash: str
    fields: dict[str, Any]
    commune: int
    raw: dict[str, str]
    communes: list[int] = field(default_factory=list)
    candidacies: list[int] = field(default_factory=list)
    charter: list[Any] = field(default_factory=list)
    events: list[list[Any]] = field(default_factory=list)
    ours: set[tuple[str, Any]] = field(default_factory=set)  # steps written by hand: the list does not touch them


def base() -> str:
    """A mark of the state of all projects and choices: it moves with every change of one. SQL queries: 2."""
    state = Project.objects.aggregate(count=Count("id"), latest=Max("updated_at"), highest=Max("id"))
    choices = ImportChoice.objects.aggregate(count=Count("id"), latest=Max("at"))
    return hashlib.sha256(f"{state} {choices}".encode()).hexdigest()


class Planner:
    """Plans rows in their order; remembers of each only its key, its hash and its address."""

    def __init__(self) -> None:
        self._matcher: Matcher | None = None  # not needed where a person chose
        self._choices = dict(ImportChoice.objects.values_list("identity", "commune_id"))
        wanted = {pk for pk in self._choices.values() if pk}
        self._chosen = {
            row[0]: Place(*row)
            for row in Commune.objects.filter(pk__in=wanted).values_list(
                "id", "code", "name", "search_name", "department_id", "region_id"
            )
        }
        self._slugs = set(Project.objects.values_list("slug", flat=True))
        self._keys: set[str] = set()  # keys of the file
        self._hashes: dict[str, int] = {}  # row of the file → line
        self._taken: set[int] = set()  # projects of the database that a line of the file has

    def plan(self, rows: Iterable[Row], total: int, progress: Progress | None = None) -> Iterator[Planned]:
        """Yield what each row would do. SQL queries: 6 for each 500 rows, none written."""
        iterator, done = iter(rows), 0
        while part := list(islice(iterator, SLICE)):
            yield from self._slice(part)
            done += len(part)
            if progress:
                progress(done, total, "Comparaison avec la base")

    def _slice(self, rows: list[Row]) -> Iterator[Planned]:
        matched = [(row, self._match(row)) for row in rows]
        hashes = {row.number: content.row_hash(row.cells) for row in rows}
        keys = {row.number: key_of(row.cells, match.place) for row, match in matched if match and match.place}
        by_hash, by_key = _stored(set(hashes.values()), {*keys.values(), *(f"row:{h[:40]}" for h in hashes.values())})
        for row, match in matched:
            planned = Planned(row.number, row.cells, label=_label(row.cells), identity=content.identity(row.cells))
            if match is None:
                planned.reason = "Ligne mise de côté par une personne : ce n’est pas un projet."
            elif match.place is None:
                planned.outcome, planned.reason = Outcome.TO_VERIFY.value, match.reason
                planned.candidates = match.candidates
            else:
                self._compare(planned, match, match.place, hashes[row.number], keys[row.number], by_hash, by_key)
            yield planned

    def _match(self, row: Row) -> Matched | None:
        """The match of a row; a person's choice comes first, None where it says that the row is no project."""
        identity = content.identity(row.cells)
        if identity not in self._choices:
            self._matcher = self._matcher or Matcher()
            return self._matcher.match(row.cells)
        chosen = self._choices[identity]
        return Matched(self._chosen[chosen], "choice") if chosen else None

    def _compare(
        self, planned: Planned, match: Matched, place: Place, row_hash: str, key: str,
        by_hash: dict[str, _Stored], by_key: dict[str, _Stored],
    ) -> None:  # fmt: skip
        planned.place, planned.how = f"{place.name} ({place.department})", match.how
        twin = self._hashes.setdefault(row_hash, planned.number)
        if twin != planned.number:
            planned.reason = f"Même ligne que la ligne {twin}."
            return
        stored = by_hash.get(row_hash)
        if stored is None or stored.id in self._taken:
            stored, key = self._by_key(key, row_hash, by_key)
        key = stored.key if stored else key
        self._keys.add(key)
        steps, notes = content.steps(planned.cells)
        wanted = {
            "fields": content.values(planned.cells),
            "raw": planned.cells,
            "commune": place.id,
            "communes": sorted({place.id, *(other.id for other in match.others)}),
            **steps._asdict(),
        }
        planned.reason = " ".join(filter(None, [match.reason, *notes]))
        planned.data = wanted | {"key": key, "hash": row_hash}
        if stored is None:
            planned.outcome = Outcome.CREATED.value
            planned.data["slug"] = self._slug(place.code, wanted["fields"]["name"])
            return
        self._taken.add(stored.id)
        planned.project_id = stored.id
        _drop_ours(wanted, stored)
        planned.data |= wanted | {"same_steps": not _different_steps(stored, wanted)}
        planned.changes = _changes(stored, wanted, planned.place)
        planned.outcome = (Outcome.CHANGED if planned.changes else Outcome.UNCHANGED).value

    def _by_key(self, key: str, row_hash: str, by_key: dict[str, _Stored]) -> tuple[_Stored | None, str]:
        """The stored project under a row's key, and the key to use: that of the row where its own is taken."""
        if key not in self._keys:
            stored = by_key.get(key)
            if stored is None or stored.id not in self._taken:
                return stored, key
        fallback = f"row:{row_hash[:40]}"
        stored = by_key.get(fallback)
        return (None if stored and stored.id in self._taken else stored), fallback

    def _slug(self, code: str, name: str) -> str:
        first = slug = f"{code}-{slugify(name)}"[:90].strip("-").lower()
        number = 1
        while slug in self._slugs:
            number += 1
            slug = f"{first}-{number}"
        self._slugs.add(slug)
        return slug


def key_of(cells: dict[str, str], place: Place) -> str:
    """The key under which a row finds its project again: commune and normalised name."""
    return f"{place.code}:{normalise(cells[c.NAME])}"[:200]


def _label(cells: dict[str, str]) -> str:
    name, town = content.line(cells[c.NAME], 150), content.line(cells[c.TOWN], 120)
    return " · ".join(filter(None, [name, town])) or "(sans nom)"


def _stored(hashes: set[str], keys: set[str]) -> tuple[dict[str, _Stored], dict[str, _Stored]]:
    """The projects of these hashes and keys. SQL queries: 6."""
    names = [*content.values(dict.fromkeys(c.COLUMNS, ""))]
    columns = ("id", "source_key", "row_hash", "commune_id", "raw", *names)
    found: dict[int, _Stored] = {}
    for query in (Project.objects.filter(row_hash__in=hashes), Project.objects.filter(source_key__in=keys)):
        for row in query.values_list(*columns):
            fields = dict(zip(names, row[5:], strict=True))
            fields["area"] = None if fields["area"] is None else f"{fields['area']:.2f}"
            found[row[0]] = _Stored(row[0], row[1], row[2], fields, row[3], row[4])
    ids = list(found)
    for project, commune in Project.communes.through.objects.filter(project__in=ids).values_list(
        "project_id", "commune_id"
    ):
        found[project].communes.append(commune)
    for project, year, imported in Candidacy.objects.filter(project__in=ids).values_list(
        "project_id", "call__year", "imported"
    ):
        if imported:
            found[project].candidacies.append(year)
        else:
            found[project].ours.add(("candidacies", year))
    for project, signed, pending, imported in Charter.objects.filter(project__in=ids).values_list(
        "project_id", "year", "pending", "imported"
    ):
        found[project].charter = [signed, pending]
        if not imported:
            found[project].ours.add(("charter", None))
    events = LabelEvent.objects.filter(project__in=ids).order_by("year", "id")
    for project, imported, *event in events.values_list("project_id", "imported", "kind", "year", "result", "wanted"):
        if imported:
            found[project].events.append(event)
        else:
            found[project].ours.add(("events", (event[0], event[1])))
    return {one.hash: one for one in found.values() if one.hash}, {one.key: one for one in found.values()}


def _drop_ours(wanted: dict[str, Any], stored: _Stored) -> None:
    """What a person wrote by hand stands: the list does not write the same step beside it."""
    wanted["candidacies"] = [year for year in wanted["candidacies"] if ("candidacies", year) not in stored.ours]
    wanted["events"] = [one for one in wanted["events"] if ("events", (one[0], one[1])) not in stored.ours]
    if ("charter", None) in stored.ours:
        wanted["charter"] = stored.charter
        wanted["charter_is_ours"] = True


def _different_steps(stored: _Stored, wanted: dict[str, Any]) -> bool:
    """Whether communes or steps have to be written anew."""
    parts = ("communes", "candidacies", "charter", "events")
    return any(sorted(map(str, getattr(stored, part))) != sorted(map(str, wanted[part])) for part in parts)


def _changes(stored: _Stored, wanted: dict[str, Any], place: str) -> dict[str, list[str]]:
    """Before and after, by heading; what is derived is named only where no cell explains it."""
    changes = {
        name: [stored.raw.get(name, ""), text]
        for name, text in wanted["raw"].items()
        if stored.raw.get(name, "") != text
    }
    if stored.commune != wanted["commune"]:
        before = Commune.objects.filter(pk=stored.commune).values_list("name", "department_id").first()
        changes["Commune retenue"] = [f"{before[0]} ({before[1]})" if before else "", place]
    elif sorted(stored.communes) != wanted["communes"]:
        changes["Communes du projet"] = [str(len(stored.communes)), str(len(wanted["communes"]))]
    if not changes:
        for name, value in wanted["fields"].items():
            if stored.fields[name] != value:
                changes[str(Project._meta.get_field(name).verbose_name)] = [str(stored.fields[name]), str(value)]  # type: ignore[union-attr]  # plain columns
        if _different_steps(stored, wanted):
            changes["Étapes"] = ["différentes de la liste", "celles de la liste"]
    return changes
