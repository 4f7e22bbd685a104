"""Reading a whole file before anything is written: each line by itself, then what it refers to. All errors are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from forum.importing.lines import Line, Wrong, mandate_at, moment, parsed
from forum.importing.spool import Spool
from forum.models import Kind, Space, SpaceAddress
from members.models import Organisation, Person
from members.organisations import unit_of_key
from projects.models import Commitment, Project
from territories.models import Region

MOST_ERRORS = 100
AHEAD = timedelta(hours=1)  # clocks differ


@dataclass
class Checked:
    """What a file refers to, as the database knows it; `newest` is the moment of its latest event."""

    units: dict[str, bool] = field(default_factory=dict)
    """Organisations of the file: whether each is a collectivité."""
    named: dict[str, int] = field(default_factory=dict)
    """Organisations that the site knows by their name, by their id in the file."""
    projects: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    newest: datetime | None = None


class Checker:
    """Keeps the good lines in a spool and the errors in a list; people, organisations and spaces in memory."""

    def __init__(self, spool: Spool, *, may_be_ahead: bool) -> None:
        self.checked = Checked()
        self._spool = spool
        self._limit = None if may_be_ahead else timezone.now() + AHEAD
        self._regions = set(Region.objects.values_list("code", flat=True))
        self._commitments = set(Commitment.objects.values_list("number", flat=True))
        self._mandates: dict[str, list[tuple[datetime, datetime | None, Any, str]]] = {}
        self._emails: dict[str, str] = {}
        self._spaces: dict[str, tuple[str | None, int]] = {}  # id → parent, level
        self._slugs: set[str] = set()

    def read(self, lines: Iterable[str]) -> Checked:
        """Check every line, up to a hundred errors."""
        errors = self.checked.errors
        for number, text in enumerate(lines, start=1):
            text = text.removeprefix("\ufeff").strip() if number == 1 else text.strip()
            if not text:
                continue
            try:
                self._line(number, text)
            except Wrong as wrong:
                errors.append(f"Ligne {number} : {wrong}.")
            if len(errors) >= MOST_ERRORS:
                errors.append("… la lecture s’arrête à cent erreurs.")
                return self.checked
        self._look_ahead()
        return self.checked

    def _line(self, number: int, text: str) -> None:
        kind, data = parsed(text)
        key = data.get("id") or f"{data['topic']} {data['organisation']}"
        at = data.get("at")
        if at:
            self._moment(moment(at))
        getattr(self, f"_{kind}")(data)
        twin = self._spool.keep(number, kind, key, data, moment(at).timestamp() if at else 0)
        if twin is not None:
            raise Wrong(f"« {key} » est déjà à la ligne {twin}")

    def _moment(self, at: datetime) -> None:
        if self._limit and at > self._limit:
            raise Wrong("la date est à venir")
        if self.checked.newest is None or at > self.checked.newest:
            self.checked.newest = at

    def _organisation(self, data: dict[str, Any]) -> None:
        if data.get("key"):
            if unit_of_key(data["key"]) is None:
                raise Wrong(f"« {data['key']} » n’est pas dans le référentiel")
            self.checked.units[data["id"]] = True
            return
        known = Organisation.objects.exclude(kind__in=Organisation.LOCAL_AUTHORITIES).filter(name=data["name"])
        found = known.values_list("pk", flat=True).first()
        if found is None:
            raise Wrong(f"le site ne connaît pas d’organisation « {data['name']} »")
        self.checked.units[data["id"]], self.checked.named[data["id"]] = False, found

    def _person(self, data: dict[str, Any]) -> None:
        self._moment(moment(data["joined_at"]))
        mandates = data.get("mandates") or []
        for mandate in mandates:
            self._known("organisation", mandate["organisation"])
        for role in data.get("roles") or []:
            scope, _, code = role["scope"].partition(":")
            if scope == "org":
                self._known("organisation", code)
            elif scope == "region" and code not in self._regions:
                raise Wrong(f"il n’y a pas de région « {code} »")
        email = data["email"].strip().lower()
        if self._emails.setdefault(email, data["id"]) != data["id"]:
            raise Wrong(f"l’adresse « {email} » est déjà celle de « {self._emails[email]} »")
        self._mandates[data["id"]] = [
            (moment(one["from"]), moment(one["to"]) if one.get("to") else None, one["organisation"], one["function"])
            for one in mandates
        ]

    def _space(self, data: dict[str, Any]) -> None:
        codes = {data["region"]} if data.get("region") else set()
        codes |= {data["audience"].partition(":")[2]} - {""}
        if unknown := codes - self._regions:
            raise Wrong(f"il n’y a pas de région « {min(unknown)} »")
        if data["kind"] == Space.Kind.REGIONAL and not data.get("region"):
            raise Wrong("un espace régional a une région")
        parent, level = data.get("parent"), 1
        if parent:
            self._known("space", parent)
            level = self._spaces[parent][1] + 1
        if level > Space.LEVELS:
            raise Wrong("trois niveaux d’espaces au plus")
        if data["slug"] in self._slugs or SpaceAddress.objects.filter(slug=data["slug"]).exists():
            raise Wrong(f"l’adresse « {data['slug']} » est ou a été celle d’un autre espace")
        self._slugs.add(data["slug"])
        self._spaces[data["id"]] = (parent, level)

    def _topic(self, data: dict[str, Any]) -> None:
        self._known("space", data["space"])
        self._known("person", data["author"])
        if missing := set(data.get("commitments") or ()) - self._commitments:
            raise Wrong(f"le site ne connaît pas l’engagement {min(missing)}")
        project = data.get("project")
        if project and project not in self.checked.projects:
            found = Project.objects.filter(source_key=project).values_list("pk", flat=True).first()
            if found is None:
                raise Wrong(f"le site ne connaît pas de projet « {project} »")
            self.checked.projects[project] = found
        closed = data.get("closed")
        if closed:
            self._known("person", closed["by"])
            self._moment(moment(closed["at"]))
            if moment(closed["at"]) < moment(data["at"]):
                raise Wrong("la discussion est close avant d’avoir commencé")

    def _post(self, data: dict[str, Any]) -> None:
        self._known("person", data["author"])
        before = self._spool.latest(data["topic"])
        if before is None:
            raise Wrong(f"aucune ligne plus haut n’est la discussion « {data['topic']} »")
        if moment(data["at"]).timestamp() < before:
            raise Wrong("la date précède celle du message d’avant")

    def _concern(self, data: dict[str, Any]) -> None:
        self._known("organisation", data["organisation"])
        self._known("person", data["person"])
        topic = self._spool.find("topic", data["topic"])
        if topic is None:
            raise Wrong(f"aucune ligne plus haut n’est la discussion « {data['topic']} »")
        if topic.data["kind"] != Kind.DIFFICULTY:
            raise Wrong("seule une difficulté peut être aussi celle d’autres collectivités")
        if not self.checked.units[data["organisation"]]:
            raise Wrong("seule une collectivité peut avoir la même difficulté")
        asked = mandate_at(self._mandates[topic.data["author"]], moment(topic.data["at"]))
        if asked[0] == data["organisation"]:
            raise Wrong("la collectivité qui demande ne se compte pas elle-même")

    def _known(self, kind: str, key: str) -> None:
        names = {"organisation": "l’organisation", "person": "la personne", "space": "l’espace"}
        known: dict[str, Any] = {
            "organisation": self.checked.units,
            "person": self._mandates,
            "space": self._spaces,
        }
        if key not in known[kind]:
            raise Wrong(f"aucune ligne plus haut n’est {names[kind]} « {key} »")

    def _look_ahead(self) -> None:
        """What may be named before it comes: links, accepted answers."""
        errors = self.checked.errors
        for kind, key, number in self._spool.links():
            if self._spool.find(kind, key) is None:
                errors.append(f"Ligne {number} : le lien « source:{kind}/{key} » ne mène nulle part.")
        for topic in self._spool.of_kind("topic"):
            accepted = topic.data.get("accepted")
            if accepted and not self._is_reply(accepted, topic):
                errors.append(f"Ligne {topic.number} : « {accepted} » n’est pas un message de cette discussion.")
        del errors[MOST_ERRORS + 1 :]

    def _is_reply(self, key: str, topic: Line) -> bool:
        post = self._spool.find("post", key)
        return post is not None and post.data["topic"] == topic.id


def emails_known(emails: Iterable[str]) -> dict[str, int]:
    """Persons that the site has, by address in lower case."""
    return dict(Person.objects.filter(email__in=list(emails)).values_list("email", "pk"))
