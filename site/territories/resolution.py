"""From a code or a name, of today or of yesterday, to the commune of today, and how it was found.

One way of resolving over two sources: the database, for one question, and a `Resolver`, which has read everything, for
an import of 20,000 lines.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

from territories.models import Commune, FormerCode, ReferentialVersion
from territories.names import normalise


class How(StrEnum):
    """What led to the commune."""

    CURRENT = "current"
    DELEGATED = "delegated"
    ASSOCIATED = "associated"
    DISTRICT = "district"
    FORMER_CODE = "former_code"
    NAME = "name"
    FORMER_NAME = "former_name"


class Place(NamedTuple):
    """A commune of today, as far as an import needs it; `id` is the row's."""

    id: int
    code: str
    name: str
    search_name: str
    department: str
    region: str


class Match(NamedTuple):
    commune: Place
    how: How


Found_co = TypeVar("Found_co", Place, Commune, covariant=True)
# A commune of today, the type of what led to it (`Commune.Type`), and whether that is in force.
Bearer = tuple[Found_co, str, bool]


class _Source(Protocol[Found_co]):
    def with_code(self, code: str) -> Iterable[Bearer[Found_co]]:
        """What bears this code, in any order, only where it leads to a commune of today."""

    def with_former_code(self, code: str) -> Found_co | None: ...

    def with_name(self, search_name: str, departments: list[str]) -> Iterable[Bearer[Found_co]]: ...


def resolve_code(code: str) -> Commune | None:
    """Return the commune of today that this INSEE code, of today or before, leads to. SQL queries: 3 at most.

    A commune of today comes first, then the one of which a commune déléguée or associée or an arrondissement is a
    part, then the one that took over a code (mergers; Corsica's `20033`). A lost leading zero (`1004`), spaces,
    lower case and Corsica's `20B033` are mended. None when nothing is found.
    """
    found = _by_code(_Database(), code)
    return found[0] if found else None


def resolve_name(name: str, department_code: str) -> Commune | None:
    """Return the commune of today so named in this département, compared by `names.normalise`. SQL queries: 2 at most.

    Former communes count only where no commune of today bears the name. None when nothing is found, and when several
    communes would do: a wrong commune is worse than a question.
    """
    found = _by_name(_Database(), name, department_code)
    return found[0] if found else None


class Resolver:
    """Resolves codes and names without the database, which it reads once: 3 SQL queries, under a second, 30 MB."""

    def __init__(self) -> None:
        self._source = _Memory()

    def by_code(self, code: str) -> Match | None:
        """As `resolve_code`, with how."""
        found = _by_code(self._source, code)
        return Match(*found) if found else None

    def by_name(self, name: str, department_code: str) -> Match | None:
        """As `resolve_name`, with how."""
        found = _by_name(self._source, name, department_code)
        return Match(*found) if found else None


def _by_code(source: _Source[Found_co], code: str) -> tuple[Found_co, How] | None:
    code = clean_code(code)
    if not code:
        return None
    bearers = sorted(source.with_code(code), key=lambda bearer: _ORDER.index(Commune.Type(bearer[1])))
    for commune, type_, in_force in bearers:
        if in_force:
            return commune, How(type_)
    former = source.with_former_code(code)
    if former:
        return former, How.FORMER_CODE
    # It was in an earlier millésime that we had loaded, and we noted where it went.
    return (bearers[0][0], How.FORMER_CODE) if bearers else None


def _by_name(source: _Source[Found_co], name: str, department_code: str) -> tuple[Found_co, How] | None:
    search_name = normalise(name)
    departments = clean_department(department_code)
    if not search_name or not departments:
        return None
    bearers = list(source.with_name(search_name, departments))
    today = {one.code: one for one, type_, in_force in bearers if in_force and type_ == Commune.Type.CURRENT}
    found = today or {one.code: one for one, _, _ in bearers}
    if len(found) != 1:
        return None
    return next(iter(found.values())), How.NAME if today else How.FORMER_NAME


_ORDER = [Commune.Type.CURRENT, Commune.Type.DELEGATED, Commune.Type.ASSOCIATED, Commune.Type.DISTRICT]


def clean_code(code: str) -> str:
    """Return an INSEE code as the referential writes it, or "" when it cannot be one.

    `1004` lost its zero in a spreadsheet; `20B033` joins the département `20B` of old files and a commune's number.
    """
    code = re.sub(r"\s+", "", code).upper()
    if re.fullmatch(r"[0-9]{4}", code):
        return f"0{code}"
    if re.fullmatch(r"20[AB][0-9]{3}", code):
        return f"2{code[2:]}"
    return code if re.fullmatch(r"[0-9][0-9AB][0-9]{3}", code) else ""


def clean_department(code: str) -> list[str]:
    """Return the codes of the départements that `code` may mean: `1` is 01, `20B` is 2B, `20` was all of Corsica."""
    code = re.sub(r"\s+", "", code).upper()
    if code == "20":
        return ["2A", "2B"]
    if re.fullmatch(r"20[AB]", code):
        return [f"2{code[2]}"]
    if re.fullmatch(r"[0-9]", code):
        return [f"0{code}"]
    return [code] if re.fullmatch(r"2[AB]|[0-9]{2,3}", code) else []


def _millesime() -> int | None:
    return ReferentialVersion.objects.values_list("millesime", flat=True).first()


class _Database:
    """Asks the database each time."""

    def __init__(self) -> None:
        self._latest = _millesime()

    def with_code(self, code: str) -> Iterable[Bearer[Commune]]:
        return self._bearers(code=code)

    def with_former_code(self, code: str) -> Commune | None:
        former = FormerCode.objects.filter(code=code).select_related("commune__head").first()
        return self._of_today(former.commune) if former else None

    def with_name(self, search_name: str, departments: list[str]) -> Iterable[Bearer[Commune]]:
        return self._bearers(search_name=search_name, department__in=departments)

    def _bearers(self, **asked: str | list[str]) -> Iterable[Bearer[Commune]]:
        for row in Commune.objects.filter(**asked).select_related("head"):
            if today := self._of_today(row):
                yield today, row.type, row.last_seen == self._latest

    def _of_today(self, row: Commune) -> Commune | None:
        today = row.head or row
        return today if today.type == Commune.Type.CURRENT and today.last_seen == self._latest else None


class _Memory:
    """Has read every commune: tuples, not model objects, for a third of the memory and time."""

    def __init__(self) -> None:
        latest = _millesime()
        rows = Commune.objects.values_list(
            "id", "code", "name", "search_name", "department_id", "region_id", "type", "head_id", "last_seen"
        )
        today: dict[int, Place] = {}
        others = []
        for row in rows.iterator(chunk_size=5000):
            if row[6] == Commune.Type.CURRENT and row[8] == latest:
                today[row[0]] = Place(*row[:6])
            else:
                others.append(row)
        self._codes: dict[str, list[Bearer[Place]]] = defaultdict(list)
        self._names: dict[tuple[str, str], list[Bearer[Place]]] = defaultdict(list)
        for place in today.values():
            self._add((place, Commune.Type.CURRENT.value, True), place.code, place.search_name, place.department)
        for _, code, _, search_name, department, _, type_, head, last_seen in others:
            if head in today:
                self._add((today[head], type_, last_seen == latest), code, search_name, department)
        heads = {row[0]: row[7] for row in others}
        self._former = {
            code: today[heads.get(commune, commune)]
            for code, commune in FormerCode.objects.values_list("code", "commune_id")
            if heads.get(commune, commune) in today
        }

    def _add(self, bearer: Bearer[Place], code: str, search_name: str, department: str) -> None:
        self._codes[code].append(bearer)
        self._names[search_name, department].append(bearer)

    def with_code(self, code: str) -> Iterable[Bearer[Place]]:
        return self._codes.get(code, ())

    def with_former_code(self, code: str) -> Place | None:
        return self._former.get(code)

    def with_name(self, search_name: str, departments: list[str]) -> Iterable[Bearer[Place]]:
        return [bearer for code in departments for bearer in self._names.get((search_name, code), ())]
