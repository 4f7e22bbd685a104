"""Reads that pages need: places suggested while somebody types."""

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Case, F, IntegerField, Lookup, Q, QuerySet, Value, When
from django.db.models.sql.compiler import SQLCompiler

from territories.models import Commune, Department, Epci, Region, SearchKey
from territories.names import search_words

MAX_TYPED = 100
# One unit may be found under several of its keys (Paris under those of its twenty arrondissements).
_KEYS_PER_SUGGESTION = 4

_START = (SearchKey.Rank.START, SearchKey.Rank.FORMER_START)


class Kind(StrEnum):
    """What may be suggested; a former commune is suggested as the commune of today that it leads to."""

    COMMUNE = "commune"
    EPCI = "epci"
    DEPARTMENT = "department"
    REGION = "region"


class Suggestion(NamedTuple):
    """A place as a list of suggestions shows it; `detail` is a line in French that tells it from its namesakes."""

    kind: str
    code: str
    name: str
    detail: str


def suggest(text: str, limit: int = 10, kinds: Collection[Kind] = tuple(Kind)) -> list[Suggestion]:
    """Return at most `limit` places whose name or code begins as `text` does, best first. Never raises on any text.

    Accents, case, hyphens, apostrophes, St and Saint do not count; a word inside the name may begin so too; digits are
    looked up in INSEE codes of today and before, postal codes and SIREN. First come names that are exactly the text,
    then names that begin with it, then names with a word that does, former names last; between equals the larger
    population. One character finds only what is called so (Y, in Somme).

    SQL queries: 1, plus 1 for each kind found (so 2 as a rule, 5 at most); 0 when no letter or digit is typed.
    """
    typed = _typed(text[:MAX_TYPED])
    if not typed or limit < 1 or not kinds:
        return []
    keys = list(_keys(typed, kinds)[: limit * _KEYS_PER_SUGGESTION])
    units = _units({(kind, code) for kind, code in keys})
    found: dict[tuple[str, str], Suggestion] = {}
    for key in keys:
        if suggestion := units.get(key):
            found.setdefault((suggestion.kind, suggestion.code), suggestion)
    return list(found.values())[:limit]


class _Begins(Lookup):
    """`column begins with text`, by an index on both databases.

    Django's `startswith` is a case-insensitive LIKE on SQLite, which no index of ours can serve, and a range would be
    wrong on PostgreSQL, whose collations skip spaces. The text is ASCII words only (`search_words`).
    """

    lookup_name = "begins"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"({column} >= %s AND {column} < %s)", (*parameters, self.rhs, *parameters, f"{self.rhs}~")

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} LIKE %s", (*parameters, f"{self.rhs}%")


def _typed(text: str) -> list[str]:
    """What to look up: the words typed, and « st » also as it stands while it may be the beginning of Strasbourg."""
    if re.fullmatch(r"[\d\s]+", text):
        digits = re.sub(r"\D", "", text)
        return [digits] if digits.isascii() and digits else []
    words = search_words(text)
    if words in ("saint", "sainte") and (short := text.strip().lower()) in ("st", "ste"):
        return [words, short]
    return [words] if words else []


def _keys(typed: list[str], kinds: Collection[Kind]) -> QuerySet[SearchKey, tuple[str, str]]:
    matching = Q(text__in=typed)
    for text in typed:
        if len(text) > 1:
            matching |= Q(_Begins(F("text"), text))
    stored = [kind.value for kind in kinds if kind is not Kind.COMMUNE]
    if Kind.COMMUNE in kinds:
        stored += Commune.Type.values
    keys = SearchKey.objects.filter(matching)
    if len(kinds) < len(Kind):
        keys = keys.filter(kind__in=stored)
    exact = Case(When(text__in=typed, rank__in=_START, then=Value(0)), default=Value(1), output_field=IntegerField())
    # Between a commune and its namesake département or région (Paris, Mayotte) the alphabet of kinds puts it first.
    return keys.order_by(exact, "rank", "-population", "kind", "code").values_list("kind", "code")


def _units(keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Suggestion]:
    """The units of these keys, by key; communes that are no more under the one that they lead to."""
    codes: dict[str, set[str]] = {}
    for kind, code in keys:
        codes.setdefault("commune" if kind in Commune.Type.values else kind, set()).add(code)
    found: dict[tuple[str, str], Suggestion] = {}
    if "commune" in codes:
        found.update(_communes(codes["commune"]))
    if Kind.EPCI in codes:
        for epci in Epci.objects.filter(pk__in=codes[Kind.EPCI]).select_related("department"):
            label = Epci.Type(epci.type).label
            detail = f"{label[0].upper()}{label[1:]}, {_with_code(epci.department)}"
            found["epci", epci.code] = Suggestion(Kind.EPCI, epci.code, epci.name, detail)
    if Kind.DEPARTMENT in codes:
        for department in Department.objects.filter(pk__in=codes[Kind.DEPARTMENT]).select_related("region"):
            found["department", department.code] = Suggestion(
                Kind.DEPARTMENT, department.code, department.name, f"Département, {department.region.name}"
            )
    if Kind.REGION in codes:
        for region in Region.objects.filter(pk__in=codes[Kind.REGION]):
            found["region", region.code] = Suggestion(Kind.REGION, region.code, region.name, "Région")
    return found


def _communes(codes: Collection[str]) -> Iterator[tuple[tuple[str, str], Suggestion]]:
    for commune in Commune.objects.filter(code__in=codes).select_related("department", "head__department"):
        today = commune.head or commune
        detail = _with_code(today.department)
        if commune.head and commune.search_name != today.search_name:
            label = "ancienne commune" if commune.type == Commune.Type.CURRENT else commune.get_type_display()
            detail = f"{detail}, {label} : {commune.name}"
        yield (commune.type, commune.code), Suggestion(Kind.COMMUNE, today.code, today.name, detail)


def _with_code(department: Department) -> str:
    return f"{department.name} ({department.code})"
