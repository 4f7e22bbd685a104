"""What the list of projects is narrowed to: read from the address, unknown values ignored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from django.db.models import Q

from projects.models import State
from projects.models.project import ProjectQuerySet
from territories.names import normalise

MAX_TEXT = 100
# « Tous les labels »: the decisions that are, or became, the label (DOMAIN, section 1).
LABELLED = "labellise"
LABELLED_STATES = [State.LABEL, State.STAGE_3, State.STAGE_4, State.DELIVERED, State.LIVED]


@dataclass(frozen=True)
class Filters:
    """The filters under their names in the address."""

    q: str = ""
    region: str = ""
    departement: str = ""
    engagement: str = ""
    etat: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """Read an address; what cannot be a value is dropped, so that any address answers."""
        text = " ".join(query.get("q", "")[:MAX_TEXT].replace("\x00", " ").split())
        state, engagement = query.get("etat", ""), query.get("engagement", "")
        return cls(
            q=text,
            region=_code(query.get("region", "")),
            departement=_code(query.get("departement", "")),
            engagement=engagement if engagement in map(str, range(1, 21)) else "",
            etat=state if state in State.values or state == LABELLED else "",
        )

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))

    def without_place(self) -> Filters:
        """The same, in the whole country."""
        return replace(self, region="", departement="")

    def address(self, **changes: str) -> str:
        """The query string with some filters changed."""
        changed = replace(self, **changes)
        given = {one.name: value for one in fields(changed) if (value := getattr(changed, one.name))}
        return f"?{urlencode(given)}" if given else "?"

    def narrow(self, rows: ProjectQuerySet) -> ProjectQuerySet:
        """Keep the projects that answer to every filter."""
        for word in normalise(self.q).split():
            rows = rows.filter(
                Q(sort_name__contains=word)
                | Q(commune__search_name__contains=word)
                | Q(commune__department__search_name__contains=word)
            )
        if self.region:
            rows = rows.filter(commune__region=self.region)
        if self.departement:
            rows = rows.filter(commune__department=self.departement)
        if self.engagement:
            rows = rows.filter(commitments__number=int(self.engagement))
        if self.etat:
            rows = rows.in_states(LABELLED_STATES if self.etat == LABELLED else [self.etat])
        return rows


def _code(text: str) -> str:
    return text if text.isalnum() and text.isascii() and len(text) <= 3 else ""
