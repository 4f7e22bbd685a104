"""The organisations that are no collectivité and that every club knows: State services, Cerema, partners."""

from __future__ import annotations

from changes import SYSTEM, change
from members.models import Organisation
from territories.models import Region

Kind = Organisation.Kind
NATIONAL_OFFICE = "Bureau national du club (DGALN, AD4)"
# Everywhere else the service is « DREAL <région> ».
OTHER_NAMES = {
    "11": "DRIEAT Île-de-France",
    "01": "DEAL Guadeloupe",
    "02": "DEAL Martinique",
    "03": "DGTM Guyane",
    "04": "DEAL La Réunion",
    "06": "DEALM Mayotte",
}
CEREMA = ["Cerema, Lyon", "Cerema, Bordeaux", "Cerema, Nantes"]
PARTNERS = [
    "ADEME",
    "Caisse des Dépôts",
    "CSTB",
    "DtecTV",
    "FNAU",
    "FNCAUE",
    "FNPNR",
    "USH",
]


def seed_services() -> int:
    """Make the services that are missing; returns how many. Needs the referential. Repeatable."""
    wanted: list[tuple[str, str, str | None]] = [(Kind.CENTRAL_SERVICE, NATIONAL_OFFICE, None)]
    for region in Region.objects.in_force().filter(departments__isnull=False).distinct():
        if len(region.code) == 2:  # overseas collectivités have three digits and no such service
            wanted.append((Kind.REGIONAL_SERVICE, OTHER_NAMES.get(region.code, f"DREAL {region.name}"), region.code))
    wanted += [(Kind.CEREMA, name, None) for name in CEREMA]
    wanted += [(Kind.PARTNER, name, None) for name in PARTNERS]
    made = 0
    with change(by=SYSTEM) as c:
        known = set(Organisation.objects.values_list("kind", "name"))
        for kind, name, region_code in wanted:
            if (kind, name) not in known:
                row = Organisation.objects.create(kind=kind, name=name, region_id=region_code)
                c.log("create", "organisation", row.pk, after={"kind": kind, "name": name})
                made += 1
    return made


def national_office() -> Organisation:
    """The bureau's organisation, made where it is missing: a club's first account needs it before the referential."""
    with change(by=SYSTEM):
        return Organisation.objects.get_or_create(kind=Kind.CENTRAL_SERVICE, name=NATIONAL_OFFICE)[0]
