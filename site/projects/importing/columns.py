"""The 32 columns of the list, and how their headings are compared."""

from __future__ import annotations

REGION, OLD_REGION = "Région", "Ancienne région"
DEPARTMENT, DEPARTMENT_NAME = "N° Dept", "Nom Dept"
CODE, TOWN, NAME = "CODE INSEE", "Ville", "Nom EcoQuartier"
POPULATION, SETTING = "Population", "Commune rurale ou urbaine"
TERRITORY, LOCATION, OPERATION = "Situation territoriale", "Situation du quartier", "Type d’opération"
RESIDENTS, DWELLINGS = "Nombre d’habitants dans le quartier", "Nombre de logements"
SOCIAL_DWELLINGS, AREA = "Nombre de logements sociaux", "Superficie du quartier (ha)"
DEVELOPER, URBAN_RENEWAL, REGIONAL_PARK = "EPA", "ANRU", "PNR"
CALLS = {2009: "AAP 2009", 2011: "AAP 2011"}
CHARTER = "Charte"
LABELS = {year: (f"Candidat {year}", f"Résultats {year}") for year in (2013, 2014, 2015)}
GRANT, POTENTIAL = "Dotation Evaluation", "Candidat potentiel repérage AD4 2017"
STAGE_CANDIDATE = "Candidat 2016"
PROGRESS = "Avancement dans la démarche"

COLUMNS = [
    REGION, OLD_REGION, DEPARTMENT, DEPARTMENT_NAME, CODE, TOWN, NAME, POPULATION, SETTING, TERRITORY, LOCATION,
    OPERATION, RESIDENTS, DWELLINGS, SOCIAL_DWELLINGS, AREA, DEVELOPER, URBAN_RENEWAL, REGIONAL_PARK,
    *CALLS.values(), CHARTER, *(name for pair in LABELS.values() for name in pair), GRANT, POTENTIAL, STAGE_CANDIDATE,
    PROGRESS,
]  # fmt: skip
# Kept with the row for the bureau; never on a public page nor in open data.
INTERNAL = frozenset({GRANT, POTENTIAL})
# What names the place and the project: a choice made by a person holds as long as these stay.
IDENTITY = (DEPARTMENT, CODE, TOWN, NAME)


def heading(text: str) -> str:
    """A heading as it is compared: one line, single spaces, typographic apostrophe."""
    return " ".join(text.replace("'", "’").split())
