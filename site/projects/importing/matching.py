"""Which commune a row means: code and name agree, or one resolves and the other is close; else a person chooses."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from projects.importing import columns as c
from territories.models import Commune
from territories.names import normalise
from territories.resolution import Place, Resolver, clean_code

CLOSE = 0.8
_SEVERAL = re.compile(r"\s*(?:[\n,;/&+]|\bet\b|\s-|-\s|–)\s*", re.IGNORECASE)


@dataclass
class Matched:
    """The commune of a row, how it was found (`both`, `code`, `name`, `name_over_code`, `choice`), or candidates."""

    place: Place | None = None
    how: str = ""
    others: list[Place] = field(default_factory=list)
    candidates: list[dict[str, Any]] = field(default_factory=list)
    reason: str = ""


class Matcher:
    """Matches rows without the database, but for names that look alike, which it reads at the first doubtful row."""

    def __init__(self) -> None:
        self._resolver = Resolver()
        self._near: dict[str, dict[str, Place]] | None = None

    def match(self, cells: dict[str, str]) -> Matched:
        """Return the commune of a row, or why it is doubtful with what it may be."""
        code, department = cells[c.CODE], cells[c.DEPARTMENT]
        names = self.names(cells[c.TOWN])
        by_code = self._resolver.by_code(code)
        by_name = next((one for name in names if (one := self._resolver.by_name(name, department))), None)
        whole = self._resolver.by_name(names[0], department) if names else None
        coded, named = by_code and by_code.commune, by_name and by_name.commune
        found: Matched
        if coded and named:
            agree = "both" if whole and whole.commune == coded else "code"
            found = Matched(named, agree if coded == named else "name_over_code")
            if coded != named:
                found.reason = f"Le code {code} est celui de {coded.name} : la commune est prise par son nom."
        elif coded and any(close(normalise(name), coded.search_name) for name in names):
            # INSEE itself lists « Vauclin » for Le Vauclin: a name without its article is the same name.
            found = Matched(coded, "both" if lacks_article(normalise(names[0]), coded.search_name) else "code")
        elif named and alike(clean_code(code), named.code) >= CLOSE:
            found = Matched(named, "name")
            found.reason = f"Le code {code} n’existe pas : la commune est prise par son nom."
        else:
            return self._doubtful(cells, names, coded, named)
        if found.place:
            found.others = self._others(names, department, found.place)
        return found

    def _others(self, names: list[str], department: str, main: Place) -> list[Place]:
        """The further communes that a cell names."""
        others: list[Place] = []
        for name in names:
            other = self._resolver.by_name(name, department) or self._resolver.by_name(name, main.department)
            if other and other.commune != main and other.commune not in others:
                others.append(other.commune)
        return others

    @staticmethod
    def names(town: str) -> list[str]:
        """The names that a cell may hold: the whole first line, then its parts and those of further lines."""
        whole = next((line for line in town.splitlines() if line.strip()), "")
        parts = [part for part in _SEVERAL.split(re.sub(r"\([^)]*\)", "", town)) if len(part.strip()) > 1]
        return list(dict.fromkeys(name.strip() for name in [whole, *(parts if len(parts) > 1 else [])] if name.strip()))

    def _doubtful(self, cells: dict[str, str], names: list[str], coded: Place | None, named: Place | None) -> Matched:
        matched = Matched(reason=_why(cells, coded, named))
        seen: set[int] = set()

        def offer(place: Place | None, why: str) -> None:
            if place and place.id not in seen:
                seen.add(place.id)
                matched.candidates.append(
                    {"id": place.id, "code": place.code, "name": place.name, "department": place.department, "why": why}
                )

        offer(named, "nom")
        offer(coded, "code")
        departments = dict.fromkeys(filter(None, (coded and coded.department, clean_code(cells[c.CODE])[:2])))
        for name in names:
            for department in departments:
                near = self._resolver.by_name(name, department)
                offer(near and near.commune, "nom, dans le département du code")
        for name in names[:3]:
            for department in dict.fromkeys([cells[c.DEPARTMENT].strip(), *departments]):
                for place in self._alike(normalise(name), department):
                    offer(place, "nom proche")
        matched.candidates = matched.candidates[:4]
        return matched

    def _alike(self, name: str, department: str) -> list[Place]:
        if self._near is None:
            self._near = defaultdict(dict)
            rows = Commune.objects.of_today().values_list(
                "id", "code", "name", "search_name", "department_id", "region_id"
            )
            for row in rows.iterator(chunk_size=5000):
                place = Place(*row)
                self._near[place.department][place.search_name] = place
        names = self._near.get(department, {})
        return [names[found] for found in difflib.get_close_matches(name, names, n=2, cutoff=0.7)]


def lacks_article(name: str, search_name: str) -> bool:
    """Whether a normalised name is the other one without the article that it begins with."""
    return name in {re.sub(f"^{article}", "", search_name) for article in ("l'", "le ", "la ", "les ")} - {search_name}


def close(first: str, second: str) -> bool:
    """Whether two normalised names are close: alike at 0.8, or one is the first words of the other.

    « Andernos » for Andernos-les-Bains and « Alès en Cévennes » for Alès, where the code says the same; an article or
    « Saint » alone is no name.
    """
    if alike(first, second) >= CLOSE:
        return True
    short, long = sorted((first, second), key=len)
    return len(short) >= 4 and short not in {"saint", "sainte", "la", "le", "les"} and long.startswith(f"{short} ")


def alike(first: str, second: str) -> float:
    """How close two texts are, from 0 to 1."""
    return difflib.SequenceMatcher(None, first, second).ratio() if first and second else 0.0


def _why(cells: dict[str, str], coded: Place | None, named: Place | None) -> str:
    town, code = cells[c.TOWN].splitlines()[0][:60] if cells[c.TOWN] else "", cells[c.CODE][:20]
    if coded:
        return f"Le code {code} est celui de {coded.name} ({coded.department}), la ligne dit « {town} »."
    if named:
        return f"« {town} » est reconnu, mais le code {f'« {code} » ne lui ressemble pas' if code else 'manque'}."
    if code and town:
        return f"Ni le code « {code} » ni le nom « {town} » ne désignent une commune."
    if not code and not town:
        return "La ligne n’a ni code ni nom de commune."
    return f"{f'Le code « {code} »' if code else f'Le nom « {town} »'} ne désigne aucune commune."
