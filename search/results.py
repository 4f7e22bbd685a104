"""How results and filters are shown: marks become HTML, values of filters get their names, each choice its address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from forum.models import Space, Status
from look.templatetags.look import quantity
from look.typography import typographic
from members.models import Organisation
from members.viewer import Viewer
from projects.models import Commitment
from projects.models.project import State as ProjectState
from search.core.asking import FACETS, MOST_PAGES, PAGE, SINCE, Request
from search.core.matter import KINDS
from search.engines.base import END, START, Found, Hit
from territories.models import Region

FIRST = 5
"""Values of a filter that are shown at once; the others stand folded under them."""
DATED = {"topic", "post", "article", "practice", "event", "page"}
"""Kinds whose date says something: a project's is the year of a decision, which its line says."""
TITLES = {
    "kind": "Nature", "space": "Espace", "theme": "Thème", "region": "Région", "state": "État", "partner": "Partenaire",
    "since": "Date",
}  # fmt: skip
STATES = {**dict(Status.choices), **dict(ProjectState.choices)}
UNKNOWN = "Un filtre qui n’existe plus"
_MARKED = re.compile(f"{START}([^{START}{END}]*){END}")


def marked(text: str) -> SafeString:
    """A title or passage as safe HTML: what matched in `<mark>`, everything else escaped; a lone mark is dropped."""
    safe = _MARKED.sub(r"<mark>\1</mark>", escape(typographic(text)))
    return mark_safe(safe.replace(START, "").replace(END, ""))  # noqa: S308 - escaped above, with our element alone


def plain(text: str) -> str:
    """The same without marks."""
    return text.replace(START, "").replace(END, "")


@dataclass(frozen=True)
class Line:
    """One result as the page shows it."""

    kind: str
    title: SafeString
    passage: SafeString
    url: str
    facts: tuple[str, ...]
    at: datetime | None
    state: str
    done: bool
    reply: bool
    """The passage stands in a reply."""
    more: str
    """« 3 autres messages »: of the same discussion; empty where there is none."""
    whole: str
    """The discussion's own address, for those."""


def line(hit: Hit) -> Line:
    """A hit as a line. No SQL query."""
    of_topic = hit.root.startswith("topic:")
    said = hit.extra
    return Line(
        kind=KINDS["topic"] if of_topic else KINDS.get(hit.kind, ""),
        title=marked(hit.title),
        passage=marked(hit.passage),
        url=hit.url,
        facts=tuple(one for one in (said.get("kind"), hit.detail, said.get("replies")) if one),
        at=hit.at if hit.kind in DATED else None,
        state=said.get("state", ""),
        done=hit.state == Status.ANSWERED and of_topic,
        reply=hit.kind == "post",
        more=quantity(hit.more, "autre message,autres messages") if of_topic and hit.more else "",
        whole=reverse("forum:topic_by_number", args=[hit.root.partition(":")[2]]) if of_topic else "",
    )


@dataclass(frozen=True)
class Choice:
    """A value of a filter: chosen or not, and the address at which it is the other."""

    label: str
    url: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A filter with its values, the chosen ones first."""

    title: str
    choices: list[Choice]

    @property
    def first(self) -> list[Choice]:
        return self.choices[: max(FIRST, sum(one.chosen for one in self.choices))]

    @property
    def others(self) -> list[Choice]:
        return self.choices[len(self.first) :]


def _numbers(values: Iterable[str]) -> list[int]:
    return [int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 10]


def _names(rows: Any) -> dict[str, str]:
    return {str(key): str(name) for key, name in rows}


def _spaces(values: list[str], viewer: Viewer) -> dict[str, str]:
    return _names(Space.objects.visible_to(viewer).filter(pk__in=_numbers(values)).values_list("pk", "title"))


def _themes(values: list[str], viewer: Viewer) -> dict[str, str]:
    return _names(Commitment.objects.filter(number__in=_numbers(values)).values_list("number", "name"))


def _regions(values: list[str], viewer: Viewer) -> dict[str, str]:
    return _names(Region.objects.filter(code__in=values).values_list("code", "name"))


def _partners(values: list[str], viewer: Viewer) -> dict[str, str]:
    rows = Organisation.objects.filter(pk__in=_numbers(values), kind=Organisation.Kind.PARTNER)
    return _names(rows.values_list("pk", "name"))


NAMES: Mapping[str, Callable[[list[str], Viewer], dict[str, str]]] = {
    "kind": lambda values, viewer: KINDS,
    "space": _spaces,
    "theme": _themes,
    "region": _regions,
    "state": lambda values, viewer: STATES,
    "partner": _partners,
    "since": lambda values, viewer: SINCE,
}
"""The names of values, as the viewer may read them: a space that they do not read has none."""


class Filters:
    """Filters with counts, and those that are chosen. One SQL query at most for space, theme, région, partner each."""

    def __init__(self, request: Request, found: Found, viewer: Viewer) -> None:
        self.request = request
        self._found = found.total
        self._counts = {name: dict(found.facets.get(name, ())) for name in TITLES}
        self._named = {}
        for name, names_of in NAMES.items():
            asked = [*dict.fromkeys([*self._chosen(name), *self._counts[name]])]
            self._named[name] = names_of(asked, viewer) if asked else {}

    def _chosen(self, name: str) -> tuple[str, ...]:
        return self.request.filters.get(name, ())

    def _without(self, name: str, value: str) -> str:
        return self.request.address(**{name: tuple(one for one in self._chosen(name) if one != value)})

    @property
    def active(self) -> list[tuple[str, str]]:
        """What is chosen: its name, and the address without it."""
        return [
            (self._named[name].get(value, UNKNOWN), self._without(name, value))
            for name in FACETS.values()
            for value in self._chosen(name)
        ]

    @property
    def cleared(self) -> str:
        """The address without any filter."""
        return self.request.address(**dict.fromkeys(FACETS.values(), ()))

    @property
    def facets(self) -> list[Facet]:
        """Those among which there is something to choose; none where there is nothing to narrow."""
        if not (self._found or self.request.filters):
            return []
        made = [Facet(title, self._choices(name)) for name, title in TITLES.items()]
        return [one for one in made if len(one.choices) > 1 or any(choice.chosen for choice in one.choices)]

    def _choices(self, name: str) -> list[Choice]:
        chosen, counts, names = self._chosen(name), self._counts[name], self._named[name]
        values = list(SINCE) if name == "since" else [*chosen, *(value for value in counts if value not in chosen)]
        alone = name == "since"
        return [
            Choice(
                label=SINCE[value] if alone else names[value],
                url=self._without(name, value)
                if value in chosen
                else self.request.address(**{name: (value,) if alone else (*chosen, value)}),
                count=None if alone else counts.get(value, 0),
                chosen=value in chosen,
            )
            for value in values
            if alone or value in names
        ]


def pages_of(total: int, number: int) -> Page[int]:
    """The page of results for the links around it: at most `MOST_PAGES`."""
    return Paginator(range(min(total, PAGE * MOST_PAGES)), PAGE).get_page(number)
