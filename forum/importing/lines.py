"""What each line may say: its fields and their values. Pure: whether what it names exists is asked elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from forum.models import Kind, Space, Step
from forum.text import LIMIT, seen, written
from members.models import SCOPES_OF, Role, Scope

ROLES = (Role.CORRESPONDENT, Role.FACILITATOR, Role.REFERENT, Role.PARTNER_AUTHOR, Role.EXPERT)
LONGEST = 200_000  # signs of one line: three texts of a difficulty, each sign written as an escape
KEY = 80
_key = re.compile(r"[^\s\x00-\x1f\x7f()\[\]]{1,80}")
_slug = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_unit = re.compile(r"(commune|epci|department|region):[0-9A-Za-z]{2,9}")
LINK = re.compile(r"\]\(source:(topic|post)/([^\s()]+)\)")
"""A link to another imported topic or post, in a text."""


class Wrong(Exception):
    """A line cannot be imported; the message says why (French)."""


class Line(NamedTuple):
    """A checked line: its number in the file, and what it says."""

    number: int
    kind: str
    id: str
    data: Mapping[str, Any]
    digest: str


def moment(text: str) -> datetime:
    """The moment of an ISO 8601 date that was checked before."""
    return datetime.fromisoformat(text)


def mandate_at(mandates: list[tuple[datetime, datetime | None, Any, str]], at: datetime) -> tuple[Any, str]:
    """Organisation and function of the first mandate in force at a moment, as the site chooses it; (None, "")."""
    for starts_at, ends_at, organisation, function in sorted(mandates, key=lambda one: one[0]):
        if starts_at <= at and (ends_at is None or at < ends_at):
            return organisation, function
    return None, ""


Check = Callable[[Any], object]


@dataclass(frozen=True)
class _Field:
    check: Check
    required: bool = True


def _text(limit: int, *, least: int = 1) -> Check:
    def check(value: Any) -> None:
        if not isinstance(value, str):
            raise Wrong("attend un texte")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Wrong("contient des signes qui ne sont pas de l’UTF-8") from None
        if len(value) > limit:
            raise Wrong(f"dépasse {limit} signes")
        if len(seen(value)) < least:
            raise Wrong("est vide" if least == 1 else f"demande au moins {least} signes")

    return check


def _matching(pattern: re.Pattern[str], wanted: str) -> Check:
    def check(value: Any) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Wrong(f"attend {wanted}")

    return check


def _one_of(values: Any) -> Check:
    def check(value: Any) -> None:
        if value not in list(values):
            raise Wrong(f"attend l’une de ces valeurs : {', '.join(values)}")

    return check


def _date(value: Any) -> None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Wrong("attend une date ISO 8601") from None
    if found.tzinfo is None or not 1990 <= found.year <= 2100:
        raise Wrong("attend une date avec son décalage horaire, comme 2024-01-15T09:00:00+01:00")


def _email(value: Any) -> None:
    try:
        validate_email(value)
    except ValidationError:
        raise Wrong("attend une adresse électronique") from None


def _message(value: Any) -> None:
    _text(LIMIT)(value)
    doubtful = len(value) < 40 or "]:" in value or not any(map(str.isalnum, value))
    if doubtful and not written(value).text:
        raise Wrong("est vide une fois mis en forme")


def _list_of(check: Check, most: int) -> Check:
    def check_all(value: Any) -> None:
        if not isinstance(value, list) or len(value) > most:
            raise Wrong(f"attend une liste d’au plus {most} éléments")
        for one in value:
            check(one)

    return check_all


def _commitment(value: Any) -> None:
    if type(value) is not int or not 1 <= value <= 20:
        raise Wrong("attend des numéros d’engagement, de 1 à 20")


def _object(fields: Mapping[str, _Field]) -> Check:
    def check(value: Any) -> None:
        if not isinstance(value, dict):
            raise Wrong("attend un objet JSON")
        _check_fields(value, fields)

    return check


def _check_fields(value: Mapping[str, Any], fields: Mapping[str, _Field]) -> None:
    for name in value:
        if name not in fields:
            raise Wrong(f"le champ « {str(name)[:40]} » n’existe pas ici")
    for name, field in fields.items():
        if value.get(name) is None:
            if field.required:
                raise Wrong(f"le champ « {name} » manque")
            continue
        try:
            field.check(value[name])
        except Wrong as wrong:
            raise Wrong(f"« {name} » {wrong}") from None


ID = _Field(_matching(_key, "un identifiant d’au plus 80 signes, sans espace ni parenthèse"))
REFERENCE = _Field(ID.check, required=False)
DATE, OPTIONAL_DATE = _Field(_date), _Field(_date, required=False)
AUDIENCE = re.compile(r"public|members|region:[0-9A-Za-z]{2,3}")
SCOPE = re.compile(r"nation|region:[0-9A-Za-z]{2,3}|org:[^\s\x00-\x1f\x7f()\[\]]{1,80}")
MANDATE = {"organisation": ID, "function": _Field(_text(120)), "from": DATE, "to": OPTIONAL_DATE}
ROLE = {"role": _Field(_one_of(ROLES)), "scope": _Field(_matching(SCOPE, "nation, region:CODE ou org:IDENTIFIANT"))}
CLOSED = {"by": ID, "at": DATE, "reason": _Field(_text(400))}
SHAPES: dict[str, dict[str, _Field]] = {
    "organisation": {
        "id": ID,
        "key": _Field(_matching(_unit, "commune:CODE, epci:SIREN, department:CODE ou region:CODE"), required=False),
        "name": _Field(_text(160), required=False),
    },
    "person": {
        "id": ID,
        "email": _Field(_email),
        "given_name": _Field(_text(80)),
        "family_name": _Field(_text(80)),
        "joined_at": DATE,
        "mandates": _Field(_list_of(_object(MANDATE), 20), required=False),
        "roles": _Field(_list_of(_object(ROLE), 20), required=False),
    },
    "space": {
        "id": ID,
        "slug": _Field(_matching(re.compile(rf"(?=.{{1,80}}$){_slug.pattern}"), "une adresse : lettres, tirets")),
        "title": _Field(_text(120)),
        "description": _Field(_text(400, least=0), required=False),
        "kind": _Field(_one_of(Space.Kind.values)),
        "region": _Field(_matching(re.compile(r"[0-9A-Za-z]{2,3}"), "un code de région"), required=False),
        "audience": _Field(_matching(AUDIENCE, "public, members ou region:CODE")),
        "parent": REFERENCE,
    },
    "topic": {
        "id": ID,
        "space": ID,
        "kind": _Field(_one_of(Kind.values)),
        "title": _Field(_text(160)),
        "author": ID,
        "at": DATE,
        "text": _Field(_message),
        "tried": _Field(_text(LIMIT, least=0), required=False),
        "wanted": _Field(_text(LIMIT, least=0), required=False),
        "step": _Field(_one_of(Step.values), required=False),
        "project": _Field(_text(80), required=False),
        "commitments": _Field(_list_of(_commitment, 20), required=False),
        "accepted": REFERENCE,
        "closed": _Field(_object(CLOSED), required=False),
        "pinned_until": OPTIONAL_DATE,
    },
    "post": {"id": ID, "topic": ID, "author": ID, "at": DATE, "text": _Field(_message)},
    "concern": {"topic": ID, "organisation": ID, "person": ID, "at": DATE},
}


def parsed(text: str) -> tuple[str, dict[str, Any]]:
    """Type and content of a line of the file. Raises `Wrong`."""
    if len(text) > LONGEST:
        raise Wrong(f"la ligne dépasse {LONGEST} signes")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise Wrong("ce n’est pas du JSON") from None
    if not isinstance(value, dict):
        raise Wrong("la ligne n’est pas un objet JSON")
    kind = value.pop("type", None)
    if not isinstance(kind, str) or kind not in SHAPES:
        raise Wrong(f"« type » attend l’une de ces valeurs : {', '.join(SHAPES)}")
    _check_fields(value, SHAPES[kind])
    _check_together(kind, value)
    return kind, value


def _check_together(kind: str, value: Mapping[str, Any]) -> None:
    if kind == "organisation" and bool(value.get("key")) == bool(value.get("name")):
        raise Wrong("une organisation a soit « key », soit « name »")
    if kind == "topic" and value["kind"] != Kind.DIFFICULTY:
        for name in ("tried", "wanted", "step"):
            if value.get(name):
                raise Wrong(f"« {name} » est réservé à une difficulté")
    if kind == "topic" and value["kind"] not in (Kind.DIFFICULTY, Kind.QUESTION) and value.get("accepted"):
        raise Wrong("« accepted » est réservé à une difficulté ou à une question")
    for mandate in (value.get("mandates") or []) if kind == "person" else []:
        if mandate.get("to") and moment(mandate["to"]) < moment(mandate["from"]):
            raise Wrong("un mandat finit avant d’avoir commencé")
    for role in (value.get("roles") or []) if kind == "person" else []:
        if Scope(role["scope"].partition(":")[0]) not in SCOPES_OF[Role(role["role"])]:
            raise Wrong(f"le rôle « {role['role']} » ne se donne pas pour « {role['scope']} »")


def texts_of(kind: str, data: Mapping[str, Any]) -> list[str]:
    """The Markdown of a line: of a topic up to three parts."""
    names = {"topic": ("text", "tried", "wanted"), "post": ("text",)}.get(kind, ())
    return [data.get(name) or "" for name in names]
