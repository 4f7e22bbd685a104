"""The texts under which a unit is found while somebody types (rows of `SearchKey`)."""

import re
from collections.abc import Iterable, Iterator

from territories.datafile import CommuneRow, DepartmentRow, EpciRow, Referential, RegionRow
from territories.models import SearchKey
from territories.names import normalise, words_of

Key = tuple[str, int, int, str, str]  # text, rank, population, kind, code

_START, _WORD, _FORMER_START, _FORMER_WORD = (int(rank) for rank in SearchKey.Rank)

# Nobody types a name from these on; without them the prefixes « de » and « la » stay short lists.
_SMALL_WORDS = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "lez", "sous", "sur")
)
_ARTICLES = frozenset(("l", "la", "le", "les"))
_EPCI_TYPE = re.compile(r"^(?:cc|ca|cu)\b ?")
_WORD_START = re.compile(r"(?:(?<= )|(?<='))[a-z0-9]+")


def search_keys(referential: Referential, vanished: Iterable[CommuneRow]) -> list[Key]:
    """Return the keys of all units of `referential` and of the communes that left it but lead to one of today."""
    keys: set[Key] = set()
    for kind, rows in (("region", referential.regions), ("department", referential.departments)):
        for row in rows:
            keys.update(_administrative(kind, row))
    for epci in referential.epcis:
        keys.update(_epci(epci))
    followed = (row for row in vanished if row.head)
    communes = [(row, normalise(row.name)) for row in (*referential.communes, *followed)]
    names_of_today = {row.code: name for row, name in communes if row.head is None}
    for commune, name in communes:
        keys.update(_commune(commune, name, names_of_today))
    return sorted(keys)


def _administrative(kind: str, row: RegionRow | DepartmentRow) -> Iterator[Key]:
    yield from _named(normalise(row.name), _START, _WORD, row.population, kind, row.code)
    # 44 is rather the Loire-Atlantique than the Grand Est.
    rank = _FORMER_START if kind == "region" else _START
    yield row.code.lower(), rank, row.population or 0, kind, row.code
    if row.code in ("2A", "2B") and kind == "department":
        yield "20", _FORMER_START, row.population or 0, kind, row.code


def _epci(row: EpciRow) -> Iterator[Key]:
    """An EPCI is called « CC du Pays de … » and looked for under « Pays de … »."""
    population = row.population or 0
    # Last of all, or the SIREN of large EPCI (all begin with 20) would push Corsica's postal codes away.
    yield row.code, _FORMER_WORD, population, "epci", row.code
    name = normalise(row.name)
    proper = _EPCI_TYPE.sub("", name)
    if proper == name:
        yield from _named(name, _START, _WORD, population, "epci", row.code)
    else:
        # As words: « ca » shall rather begin Caen than all « CA … », and « rochelle » La Rochelle than « CA de … ».
        yield words_of(name), _WORD, population, "epci", row.code
        yield from _named(proper, _WORD, _WORD, population, "epci", row.code)


def _commune(row: CommuneRow, name: str, names_of_today: dict[str, str]) -> Iterator[Key]:
    population = row.population or 0
    if row.head is None:
        yield from _named(name, _START, _WORD, population, row.type, row.code)
        yield row.code.lower(), _START, population, row.type, row.code
        for code in row.former_codes.split():
            yield code.lower(), _FORMER_START, population, row.type, row.code
        for code in row.postal_codes.split():
            yield code, _START, population, row.type, row.code
        return
    yield row.code.lower(), _FORMER_START, population, row.type, row.code
    if names_of_today.get(row.head) != name:
        yield from _named(name, _FORMER_START, _FORMER_WORD, population, row.type, row.code)


def _named(text: str, start: int, word: int, population: int | None, kind: str, code: str) -> Iterator[Key]:
    yield words_of(text), start, population or 0, kind, code
    for match in _WORD_START.finditer(text):
        if match[0] not in _SMALL_WORDS:
            # « Rochelle » is the beginning of La Rochelle.
            rank = start if text[: match.start()].strip(" '") in _ARTICLES else word
            yield words_of(text[match.start() :]), rank, population or 0, kind, code
