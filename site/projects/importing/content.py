"""What one row of the list says of a project: its columns in the database and its steps."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from typing import Any, NamedTuple

from projects.importing import columns as c
from projects.models import NAMELESS, LabelEvent
from territories.names import normalise

Cells = dict[str, str]
_SPACES = re.compile(r"\s+")
_RESULTS = {
    "label": LabelEvent.Result.LABEL,
    "engage": LabelEvent.Result.COMMITTED,
    "ajourne": LabelEvent.Result.ADJOURNED,
}
_NOTHING = {"", "-", "?", "non"}
_YES = {"x", "oui"}


class Steps(NamedTuple):
    """Steps of a row, as plain values: calls' years, charter (year, pending), events (kind, year, result, wanted)."""

    candidacies: list[int]
    charter: list[Any]
    events: list[list[Any]]


def values(cells: Cells) -> dict[str, Any]:
    """The project's own columns that a row decides."""
    name = line(cells[c.NAME], 200)
    return {
        "name": name or NAMELESS,
        "sort_name": normalise(name or NAMELESS)[:200],
        "setting": line(cells[c.SETTING], 100),
        "territory": line(cells[c.TERRITORY], 200),
        "location": line(cells[c.LOCATION], 200),
        "operation": line(cells[c.OPERATION], 200),
        "developer": line(cells[c.DEVELOPER], 200),
        "urban_renewal": yes(cells[c.URBAN_RENEWAL]),
        "regional_park": yes(cells[c.REGIONAL_PARK]),
        "population_text": line(cells[c.POPULATION], 200),
        "population": whole(cells[c.POPULATION]),
        "residents_text": line(cells[c.RESIDENTS], 200),
        "residents": whole(cells[c.RESIDENTS]),
        "dwellings_text": line(cells[c.DWELLINGS], 200),
        "dwellings": whole(cells[c.DWELLINGS]),
        "social_dwellings_text": line(cells[c.SOCIAL_DWELLINGS], 200),
        "social_dwellings": whole(cells[c.SOCIAL_DWELLINGS]),
        "area_text": line(cells[c.AREA], 200),
        "area": hectares(cells[c.AREA]),
    }


def steps(cells: Cells) -> tuple[Steps, list[str]]:
    """The steps of a row, and a sentence for each cell that holds something else (kept in the raw row, not used)."""
    notes: list[str] = []
    candidacies = [year for year, name in c.CALLS.items() if _flag(cells, name, notes)]
    charter = _charter(cells, notes)
    events: list[list[Any]] = []
    for year, (candidate, result) in c.LABELS.items():
        decided = normalise(cells[result])
        if decided in _RESULTS:
            events.append([LabelEvent.Kind.LABEL.value, year, _RESULTS[decided].value, ""])
            continue
        if decided:
            notes.append(_note(result, cells[result]))
        if _flag(cells, candidate, notes):
            events.append([LabelEvent.Kind.LABEL.value, year, LabelEvent.Result.CANDIDATE.value, ""])
    wanted = re.fullmatch(r"etape ([1-4])", normalise(cells[c.STAGE_CANDIDATE]))
    if wanted or _flag(cells, c.STAGE_CANDIDATE, notes):
        asked = f"Étape {wanted[1]}" if wanted else ""
        events.append([LabelEvent.Kind.STAGE.value, 2016, LabelEvent.Result.CANDIDATE.value, asked])
    return Steps(candidacies, charter, events), notes


def _charter(cells: Cells, notes: list[str]) -> list[Any]:
    text = cells[c.CHARTER].strip()
    if re.fullmatch(r"(19|20)\d\d", text):
        return [int(text), False]
    if normalise(text) == "en cours":
        return [None, True]
    return [None, False] if _flag(cells, c.CHARTER, notes) else []


def _flag(cells: Cells, name: str, notes: list[str]) -> bool:
    text = cells[name].strip()
    if text.lower() in _YES:
        return True
    if text.lower() not in _NOTHING:
        notes.append(_note(name, text))
    return False


def _note(name: str, text: str) -> str:
    return f"Colonne « {name} » : « {line(text, 40)} » n’a pas été repris."


def identity(cells: Cells) -> str:
    """The hash of the cells that name place and project, under which a person's choice is kept."""
    return hashlib.sha256("\n".join(normalise(cells[name]) for name in c.IDENTITY).encode()).hexdigest()


def row_hash(cells: Cells) -> str:
    """The hash of the whole raw row."""
    return hashlib.sha256(json.dumps(cells, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def line(text: str, length: int) -> str:
    """A cell as one line of at most `length` signs."""
    return _SPACES.sub(" ", text).strip()[:length].strip()


def yes(text: str) -> bool:
    """Whether a cell is ticked."""
    return text.strip().lower() in _YES


def whole(text: str) -> int | None:
    """The number, where the cell holds nothing but one."""
    digits = _SPACES.sub("", text)
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else None


def hectares(text: str) -> str | None:
    """The area in hectares with two decimals, where the cell holds nothing but a number, with ha or m² or neither."""
    found = re.fullmatch(r"([0-9]{1,9})(?:[.,]([0-9]{1,4}))?(ha|m2|m²)?", _SPACES.sub("", text.lower()))
    if not found:
        return None
    number = Decimal(f"{found[1]}.{found[2] or 0}")
    if found[3] in ("m2", "m²"):
        number /= 10_000
    return str(number.quantize(Decimal("0.01"))) if number < 1_000_000 else None
