"""Numbers made of content: what has the same content has the same number, in any database, for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from search.core.matter import Matter

FACETS = ("kind", "space", "theme", "region", "state", "partner")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number(text: str) -> int:
    """63 bits of a text: two of a million different ones meet once in ten million times."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1


@lru_cache(maxsize=100_000)
def fold_of(root: str) -> int:
    return number(root)


def tokens_text(audience: tuple[str, ...]) -> str:
    return json.dumps(sorted(set(audience)))


@lru_cache(maxsize=20_000)
def tokens_of(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


def profile_text(matter: Matter) -> str:
    """What the filters ask of a matter: for each of `FACETS` its values."""
    values: Mapping[str, tuple[str, ...]] = {
        "kind": (matter.nature,),
        "space": (matter.space,),
        "theme": matter.themes,
        "region": matter.regions,
        "state": (matter.state,),
        "partner": (matter.partner,),
    }
    return json.dumps([sorted({value for value in values[name] if value}) for name in FACETS], ensure_ascii=False)


def microseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(value: int) -> datetime:
    return _EPOCH + timedelta(microseconds=value)
