"""Organisations, people and spaces of a file: found where the site has them, made where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import make_password

from changes import Actor, change
from forum.importing.checking import Checked, emails_known
from forum.importing.lines import Line, mandate_at, moment
from forum.importing.report import Report
from forum.importing.spool import Spool
from forum.models import BADGES, Imported, Space
from members.models import Membership, Organisation, Person, RoleAssignment, Scope
from members.organisations import organisation_of_key, unit_of_key
from members.projection import project_groups

BATCH = 500


@dataclass
class Author:
    """A person as they write: mandates with their dates, the role that is kept with a post."""

    pk: int
    mandates: list[tuple[datetime, datetime | None, int, str]]
    role: str = ""

    def mandate(self, at: datetime) -> tuple[int | None, str]:
        """Organisation and function at a moment."""
        return mandate_at(self.mandates, at)


@dataclass
class Known:
    """Rows of the site by the file's ids."""

    source: str
    shift: timedelta
    projects: dict[str, int]
    commitments: dict[int, int]
    organisations: dict[str, int] = field(default_factory=dict)
    regions: dict[int, str | None] = field(default_factory=dict)
    people: dict[str, Author] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    new_spaces: set[int] = field(default_factory=set)

    def at(self, text: str) -> datetime:
        """A date of the file, moved with all the others."""
        return moment(text) + self.shift


class Settler:
    """Finds and makes; in a dry run it only counts. What the site has is never changed by these lines."""

    def __init__(self, spool: Spool, checked: Checked, known: Known, report: Report, *, by: Actor | str) -> None:
        self._spool, self._checked, self._known, self._report, self._by = spool, checked, known, report, by

    def settle(self) -> None:
        """Organisations, then people, then spaces, each in short changes."""
        for lines in self._parts("organisation"):
            self._organisations(lines)
        pks = set(self._known.organisations.values())
        self._known.regions = dict(Organisation.objects.filter(pk__in=pks).values_list("pk", "region_id"))
        for lines in self._parts("person"):
            self._people(lines)
        for lines in self._parts("space"):
            self._spaces(lines)

    def _parts(self, kind: str) -> Iterator[list[Line]]:
        lines = self._spool.of_kind(kind)
        while part := list(islice(lines, BATCH)):
            yield part

    def _imported(self, kind: str, lines: list[Line]) -> dict[str, int]:
        rows = Imported.objects.filter(source=self._known.source, kind=kind, source_id__in=[line.id for line in lines])
        return {key: int(pk) for key, pk in rows.values_list("source_id", "object_id")}

    def _note(self, kind: str, lines: list[Line], pks: dict[str, int]) -> None:
        Imported.objects.bulk_create(
            Imported(
                source=self._known.source,
                kind=kind,
                source_id=line.id,
                object_id=pks[line.id],
                content_hash=line.digest,
            )
            for line in lines
        )

    def _organisations(self, lines: list[Line]) -> None:
        pks, report = self._known.organisations, self._report
        pks |= {line.id: self._checked.named[line.id] for line in lines if line.id in self._checked.named}
        report.count("organisation", unchanged=sum(line.id in pks for line in lines))
        units = [line for line in lines if line.id not in pks]
        if report.dry_run:
            for line in units:
                found = _organisation(line.data["key"])
                pks |= {line.id: found} if found else {}
                report.count("organisation", made=not found, unchanged=bool(found))
            return
        with change(by=self._by):
            highest = Organisation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            for line in units:
                pks[line.id] = organisation_of_key(line.data["key"], by=self._by).pk
                report.count("organisation", made=pks[line.id] > highest, unchanged=pks[line.id] <= highest)

    def _people(self, lines: list[Line]) -> None:
        noted = self._imported("person", lines)
        pks = dict(noted)
        known = emails_known(_email(line) for line in lines)
        pks |= {line.id: known[_email(line)] for line in lines if line.id not in pks and _email(line) in known}
        missing = [line for line in lines if line.id not in pks]
        self._report.count("person", made=len(missing), unchanged=len(lines) - len(missing))
        if not self._report.dry_run:
            with change(by=self._by):
                pks |= self._make_people(missing)
                self._note("person", [line for line in lines if line.id not in noted], pks)
        self._remember(lines, pks)

    def _make_people(self, lines: list[Line]) -> dict[str, int]:
        """Accounts without a usable password: their owners sign in by a link first. Nobody is told of anything."""
        at, organisations = self._known.at, self._known.organisations
        made = Person.objects.bulk_create(
            Person(
                email=_email(line),
                password=make_password(None),
                given_name=line.data["given_name"].strip(),
                family_name=line.data["family_name"].strip(),
                joined_at=at(line.data["joined_at"]),
            )
            for line in lines
        )
        mandates, roles = [], []
        for person, line in zip(made, lines, strict=True):
            for one in line.data.get("mandates") or []:
                ends_at = at(one["to"]) if one.get("to") else None
                organisation, function = organisations[one["organisation"]], one["function"].strip()
                mandates.append(
                    Membership(
                        person=person,
                        organisation_id=organisation,
                        function=function,
                        starts_at=at(one["from"]),
                        ends_at=ends_at,
                    )
                )
            for one in line.data.get("roles") or []:
                kind, _, code = one["scope"].partition(":")
                scope_id = str(organisations[code]) if kind == Scope.ORGANISATION else code
                roles.append(
                    RoleAssignment(
                        person=person,
                        role=one["role"],
                        scope_kind=kind,
                        scope_id=scope_id,
                        given_by=self._by if isinstance(self._by, str) else self._by.key,
                        starts_at=person.joined_at,
                    )
                )
        Membership.objects.bulk_create(mandates)
        RoleAssignment.objects.bulk_create(roles)
        for person in {one.person for one in roles}:
            project_groups(person)
        return {line.id: person.pk for person, line in zip(made, lines, strict=True)}

    def _remember(self, lines: list[Line], pks: dict[str, int]) -> None:
        """How each person writes: by the file's mandates, or the site's where the file gives none."""
        silent = [pks[line.id] for line in lines if line.id in pks and not line.data.get("mandates")]
        ours: dict[int, list[Any]] = {}
        for row in Membership.objects.filter(person__in=silent).values_list(
            "person", "starts_at", "ends_at", "organisation", "function"
        ):
            ours.setdefault(row[0], []).append(row[1:])
        for line in lines:
            pk = pks.get(line.id, 0)
            mandates = [
                (
                    self._known.at(one["from"]),
                    self._known.at(one["to"]) if one.get("to") else None,
                    self._known.organisations.get(one["organisation"], 0),
                    one["function"].strip(),
                )
                for one in line.data.get("mandates") or []
            ]
            roles = {one["role"] for one in line.data.get("roles") or []}
            role = next((str(one) for one in BADGES if one in roles), "")
            self._known.people[line.id] = Author(pk, mandates or ours.get(pk, []), role)

    def _spaces(self, lines: list[Line]) -> None:
        noted = self._imported("space", lines)
        found = Space.objects.in_bulk(noted.values())
        by_slug = Space.objects.in_bulk([line.data["slug"] for line in lines], field_name="slug")
        for line in lines:
            space = found.get(noted.get(line.id, 0)) or by_slug.get(line.data["slug"])
            self._report.count("space", made=space is None, unchanged=space is not None)
            if self._report.dry_run:
                self._known.spaces[line.id] = space or Space(audience=line.data["audience"])
                continue
            with change(by=self._by) as c:
                if space is None:
                    space = self._make_space(line)
                    c.log("open", "space", space.pk, after={"title": space.title, "audience": space.audience})
                    self._known.new_spaces.add(space.pk)
                if line.id not in noted:
                    self._note("space", [line], {line.id: space.pk})
            self._known.spaces[line.id] = space

    def _make_space(self, line: Line) -> Space:
        data = line.data
        return Space.objects.create(
            slug=data["slug"],
            title=data["title"].strip(),
            description=(data.get("description") or "").strip(),
            kind=data["kind"],
            region_id=data.get("region"),
            audience=data["audience"],
            parent=self._known.spaces[data["parent"]] if data.get("parent") else None,
        )


def _email(line: Line) -> str:
    return str(line.data["email"]).strip().lower()


def _organisation(key: str) -> int | None:
    unit = unit_of_key(key)
    unit = getattr(unit, "head", None) or unit
    kind = key.partition(":")[0]
    rows: Any = Organisation.objects.filter(kind=kind, **{kind: unit})
    pk: int | None = rows.values_list("pk", flat=True).first()
    return pk
