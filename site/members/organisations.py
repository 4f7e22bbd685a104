"""Finding organisations, and making those of collectivités from their units of the referential."""

from __future__ import annotations

from typing import Any, NamedTuple

from changes import Actor, change
from members.models import Organisation
from territories.models import Commune, Department, Epci, Region
from territories.queries import suggest

Unit = Commune | Epci | Department | Region


def organisation_for_unit(unit: Unit, *, by: Actor | str) -> Organisation:
    """The organisation of a collectivité, made from its unit of the referential the first time.

    A former commune gives today's. The official name and place are copied for lists; the unit stays the truth.
    Rights are the caller's business: this never makes anybody a member.
    """
    if isinstance(unit, Commune):
        unit = unit.head or unit
        fields: dict[str, Any] = {
            "kind": Organisation.Kind.COMMUNE,
            "commune": unit,
            "department": unit.department,
            "region": unit.region,
        }
    elif isinstance(unit, Epci):
        fields = {
            "kind": Organisation.Kind.EPCI,
            "epci": unit,
            "department": unit.department,
            "region": unit.region,
        }
    elif isinstance(unit, Department):
        fields = {"kind": Organisation.Kind.DEPARTMENT, "department": unit, "region": unit.region}
    else:
        fields = {"kind": Organisation.Kind.REGION, "region": unit}
    kind = str(fields["kind"])
    key: dict[str, Any] = {"kind": kind, kind: unit}  # the kind is also the name of the unit's field
    with change(by=by) as c:
        organisation, made = Organisation.objects.get_or_create(**key, defaults={**fields, "name": unit.name})
        if made:
            c.log("create", "organisation", organisation.pk, after={"kind": kind, "name": unit.name})
    return organisation


class Found(NamedTuple):
    """An organisation that a person may mean: `org:12`, or a unit of the referential such as `commune:67506`."""

    key: str
    name: str
    detail: str


def find_organisations(text: str, limit: int = 8) -> list[Found]:
    """Services and partners whose name holds every word typed, then collectivités of the referential.

    A service named in full is given alone. At most six SQL queries.
    """
    words = text[:100].replace("\x00", "").split()
    if not words:
        return []
    rows = Organisation.objects.exclude(kind__in=Organisation.LOCAL_AUTHORITIES).order_by("name", "id")
    for word in words[:6]:
        rows = rows.filter(name__icontains=word)
    services = [Found(f"org:{row.pk}", row.name, row.get_kind_display()) for row in rows[:limit]]
    exact = [found for found in services if found.name.casefold() == " ".join(words).casefold()]
    if exact:
        return exact
    units = [Found(f"{unit.kind}:{unit.code}", unit.name, unit.detail) for unit in suggest(text, limit=limit)]
    return (services + units)[:limit]


def found_of_key(key: str, text: str) -> Found | None:
    """The organisation of a key that `find_organisations` gave, if it bears the name typed; one SQL query."""
    kind, _, code = key.partition(":")
    unit = _service(code) if kind == "org" else unit_of_key(key)
    if unit is None or unit.name.casefold() != " ".join(text.split()).casefold():
        return None
    return Found(key, unit.name, "")


def organisation_of_key(key: str, *, by: Actor | str) -> Organisation:
    """The organisation of a key that `find_organisations` gave; a collectivité's is made the first time.

    Raises `LookupError` for a key that leads nowhere.
    """
    kind, _, code = key.partition(":")
    if kind == "org":
        found = _service(code)
        if found is None:
            raise LookupError(key)
        return found
    unit = unit_of_key(key)
    if unit is None:
        raise LookupError(key)
    return organisation_for_unit(unit, by=by)


def _service(pk: str) -> Organisation | None:
    return Organisation.objects.filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None


def unit_of_key(key: str) -> Unit | None:
    """The unit of the referential that a key names (`commune:67506`), if there is one today. One SQL query."""
    kind, _, code = key.partition(":")
    units: dict[str, type[Epci] | type[Department] | type[Region]] = {
        "epci": Epci,
        "department": Department,
        "region": Region,
    }
    if kind == "commune":
        return Commune.objects.of_today().filter(code=code).select_related("department", "region").first()
    return units[kind].objects.filter(code=code).first() if kind in units else None
