"""Making organisations from units of the referential."""

from __future__ import annotations

from changes import change
from changes.change import Actor
from members.models import Organisation
from territories.models import Commune, Department, Epci, Region

Unit = Commune | Epci | Department | Region


def organisation_for_unit(unit: Unit, *, by: Actor | str) -> Organisation:
    """The organisation of a collectivité, made from its unit of the referential the first time.

    A former commune gives today's. The official name and place are copied for lists; the unit stays the truth.
    Rights are the caller's business: this never makes anybody a member.
    """
    if isinstance(unit, Commune):
        unit = unit.head or unit
        fields = {
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
    kind = fields["kind"]
    key = {"kind": kind, str(kind.value): unit}  # the kind is the name of the unit's field
    with change(by=by) as c:
        organisation, made = Organisation.objects.get_or_create(**key, defaults={**fields, "name": unit.name})
        if made:
            c.log("create", "organisation", organisation.pk, after={"kind": kind, "name": unit.name})
    return organisation
