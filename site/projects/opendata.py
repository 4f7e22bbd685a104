"""Open data: the published projects as CSV and JSON, described by a Table Schema. Nothing internal, nobody's data."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Prefetch
from django.urls import reverse

from projects.models import Award, Candidacy, Commitment, LabelEvent, Project, State
from territories.models import Commune

LICENCE = {
    "name": "etalab-2.0",
    "title": "Licence Ouverte 2.0",
    "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
}
CHUNK = 2000
# Name, type of Table Schema, title, description.
FIELDS: list[tuple[str, str, str, str]] = [
    ("identifiant", "string", "Identifiant", "Stable ; c’est aussi l’adresse de la page du projet"),
    ("nom", "string", "Nom du projet", ""),
    ("code_commune", "string", "Code Insee de la commune principale", "Code officiel géographique en vigueur"),
    ("commune", "string", "Commune principale", ""),
    ("codes_communes", "string", "Codes Insee de toutes les communes", "Séparés par des espaces"),
    ("code_departement", "string", "Code du département", ""),
    ("departement", "string", "Département", ""),
    ("code_region", "string", "Code de la région", ""),
    ("region", "string", "Région", ""),
    ("siren_epci", "string", "Siren de l’EPCI", "Vide pour les communes sans EPCI"),
    ("epci", "string", "EPCI", ""),
    ("etat", "string", "État", "Calculé d’après les décisions du label, la charte et les candidatures"),
    ("appels_a_projets", "string", "Appels à projets", "Années de candidature, séparées par des espaces"),
    ("prix", "string", "Prix", "Année et catégorie, séparés par « | »"),
    ("charte", "string", "Charte", "« signée », « en cours » ou vide"),
    ("annee_charte", "integer", "Année de signature de la charte", ""),
    ("decisions", "string", "Décisions du label", "Année et résultat, séparés par « | »"),
    ("engagements", "string", "Engagements de la charte", "Numéros de 1 à 20, séparés par des espaces"),
    ("logements", "integer", "Nombre de logements", ""),
    ("logements_sociaux", "integer", "Nombre de logements sociaux", ""),
    ("habitants", "integer", "Nombre d’habitants du quartier", ""),
    ("superficie_ha", "number", "Superficie en hectares", ""),
    ("description", "string", "Description", ""),
    ("adresse", "string", "Page du projet", ""),
    ("modifie_le", "date", "Dernière modification", ""),
]


def latest() -> datetime | None:
    """When a published project last changed. SQL queries: 1."""
    found: datetime | None = Project.objects.published().aggregate(latest=Max("updated_at"))["latest"]
    return found


def records() -> Iterator[dict[str, Any]]:
    """Every published project as a record. SQL queries: 6 for each 2,000 projects."""
    rows = (
        Project.objects.published()
        .with_state()
        .defer("raw")
        .select_related("commune__department", "commune__region", "commune__epci", "charter")
        .prefetch_related(
            Prefetch("communes", Commune.objects.only("code").order_by("code")),
            Prefetch("awards", Award.objects.order_by("year", "id")),
            Prefetch("candidacies", Candidacy.objects.select_related("call").order_by("call__year")),
            Prefetch("events", LabelEvent.objects.order_by("year", "id")),
            Prefetch("commitments", Commitment.objects.order_by("number")),
        )
        .order_by("sort_name", "id")
    )
    for project in rows.iterator(chunk_size=CHUNK):
        yield _record(project)


def _record(project: Project) -> dict[str, Any]:
    commune = project.commune
    charter = getattr(project, "charter", None)
    communes = {commune.code, *(one.code for one in project.communes.all())}
    values = [
        project.slug,
        project.name,
        commune.code,
        commune.name,
        " ".join(sorted(communes)),
        commune.department_id,
        commune.department.name,
        commune.region_id,
        commune.region.name,
        commune.epci_id or "",
        commune.epci.name if commune.epci else "",
        State(project.state).label,
        " ".join(str(one.call.year) for one in project.candidacies.all()),
        " | ".join(f"{one.year} {one.category}" for one in project.awards.all()),
        "" if charter is None else "en cours" if charter.pending else "signée",
        charter.year if charter else None,
        " | ".join(f"{one.year} {one.get_result_display()}" for one in project.events.all()),
        " ".join(str(one.number) for one in project.commitments.all()),
        project.dwellings,
        project.social_dwellings,
        project.residents,
        float(project.area) if project.area is not None else None,
        project.description,
        settings.SITE_URL + project.get_absolute_url(),
        project.updated_at.date().isoformat(),
    ]
    return dict(zip((name for name, *_ in FIELDS), values, strict=True))


class _Echo:
    def write(self, text: str) -> str:
        return text


def csv_lines() -> Iterator[str]:
    """The CSV: UTF-8 with its mark (spreadsheets then read the accents right), commas, a header."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield "\ufeff" + writer.writerow([name for name, *_ in FIELDS])
    for record in records():
        yield writer.writerow(["" if value is None else safe(value) for value in record.values()])


def json_parts() -> Iterator[str]:
    """The JSON: licence, date, schema's address, then the projects."""
    date = latest()
    head = {
        "title": "Projets d’écoquartiers",
        "licence": LICENCE["name"],
        "date": date.date().isoformat() if date else None,
        "schema": settings.SITE_URL + reverse("projects:opendata_schema"),
    }
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "projets": ['
    for index, record in enumerate(records()):
        yield ("," if index else "") + "\n" + json.dumps(record, ensure_ascii=False)
    yield "\n]}\n"


def schema() -> dict[str, Any]:
    """The Table Schema of the CSV. SQL queries: 1."""
    date = latest()
    fields = []
    for name, kind, title, description in FIELDS:
        constraints: dict[str, Any] = {"required": name in ("identifiant", "nom", "code_commune", "adresse")}
        if name == "identifiant":
            constraints["unique"] = True
        if name == "etat":
            constraints["enum"] = [str(label) for label in State.labels]
        fields.append(
            {"name": name, "type": kind, "title": title, "description": description, "constraints": constraints}
        )
    return {
        "$schema": "https://frictionlessdata.io/schemas/table-schema.json",
        "name": "projets-ecoquartiers",
        "title": "Projets d’écoquartiers",
        "description": "Projets connus du Club National EcoQuartier, avec leurs étapes. Aucune donnée personnelle.",
        "licenses": [LICENCE],
        "date": date.date().isoformat() if date else None,
        "path": settings.SITE_URL + reverse("projects:opendata_csv"),
        "fields": fields,
        "primaryKey": "identifiant",
        "missingValues": [""],
    }


def safe(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before `=`, `+`, `-`, `@`, tab, return."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
