"""The journal of what was done in the forum, for whoever moderates: each for the spaces that they moderate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from changes.models import JournalLine
from forum.models import MEMBERS, PUBLIC, Kind, Post, Report, Space, Topic
from members.models import Person
from territories.models import Region

VERBS = {
    "start": "a ouvert une discussion",
    "rename": "a changé le titre d’une discussion",
    "delete": "a retiré un message",
    "restore": "a rétabli un message",
    "move": "a déplacé une discussion",
    "accept": "a retenu une réponse",
    "withdraw_acceptance": "a retiré la réponse retenue",
    "close": "a clos une discussion",
    "reopen": "a rouvert une discussion",
    "pin": "a mis une discussion en tête",
    "unpin": "a remis la discussion parmi les autres",
    "report": "a signalé un message",
    "decide_reports": "a décidé d’un signalement",
    "hide_version": "a masqué une version d’un message",
    "open": "a ouvert un espace",
    "change": "a modifié un espace",
    "look_as": "a regardé les droits d’une personne",
}
OF_KIND = {
    ("hide", "topic"): "a masqué une discussion",
    ("hide", "post"): "a masqué un message",
    ("show", "topic"): "a réaffiché une discussion",
    ("show", "post"): "a réaffiché un message",
}


@dataclass(frozen=True)
class Line:
    """One line in words."""

    at: datetime
    who: str
    what: str
    about: str
    address: str
    before: str
    after: str
    reason: str


def lines_for(spaces: list[Space], *, everywhere: bool) -> QuerySet[JournalLine]:
    """Lines about these spaces, their topics and posts, the newest first; with `everywhere` the whole forum's.

    For a paginator.
    """
    lines = JournalLine.objects.order_by("-id")
    rows = lines.filter(kind__in=["space", "topic", "post"])
    if everywhere:
        return lines.filter(Q(kind__in=["space", "topic", "post"]) | Q(kind="person", verb="look_as"))
    text = CharField()
    in_spaces = Space.objects.filter(pk__in=[space.pk for space in spaces])
    topics = Topic.objects.filter(space__in=in_spaces).values(key=Cast("pk", text))
    posts = Post.objects.filter(topic__space__in=in_spaces).values(key=Cast("pk", text))
    return rows.filter(
        Q(kind="space", object_id__in=in_spaces.values(key=Cast("pk", text)))
        | Q(kind="topic", object_id__in=topics)
        | Q(kind="post", object_id__in=posts)
    )


def in_words(lines: list[JournalLine]) -> list[Line]:
    """A page of lines in words. Five SQL queries."""
    named = {int(one.by[7:]) for one in lines if one.by.startswith("person:")}
    people = Person.objects.in_bulk(named | {int(one.object_id) for one in lines if one.kind == "person"})
    regions = dict(Region.objects.filter(code__in=_regions_in(lines)).values_list("code", "name"))
    ids = {kind: [int(one.object_id) for one in lines if one.kind == kind] for kind in ("space", "topic", "post")}
    spaces, topics = Space.objects.in_bulk(ids["space"]), Topic.objects.in_bulk(ids["topic"])
    posts = {post.pk: post for post in Post.objects.filter(pk__in=ids["post"]).select_related("topic")}
    found = []
    for line in lines:
        person = people.get(int(line.by[7:])) if line.by.startswith("person:") else None
        about, address = _about(line, spaces, topics, posts)
        if line.kind == "person":
            looked_at = people.get(int(line.object_id))
            about = looked_at.get_full_name() if looked_at else ""
        found.append(
            Line(
                line.at,
                _who(line, person),
                OF_KIND.get((line.verb, line.kind)) or VERBS.get(line.verb, line.verb),
                about,
                address,
                _facts(line.before, regions, unless=line.after),
                _facts(line.after, regions, unless=line.before),
                line.reason,
            )
        )
    return found


def _who(line: JournalLine, person: Person | None) -> str:
    """Whoever did it; of a report nobody learns here who made it, moderators are authors too."""
    if line.verb == "report":
        return "Quelqu’un"
    return person.get_full_name() if person else "Le site"


def _regions_in(lines: list[JournalLine]) -> set[str]:
    told = [one for line in lines for one in (line.before, line.after) if isinstance(one, dict)]
    audiences = [str(one.get("audience", "")) for one in told]
    return {audience[7:] for audience in audiences if audience.startswith("region:")}


def _facts(told: Any, regions: dict[str, str], *, unless: Any) -> str:
    """What a line holds, for a reader: « titre « Espace national », lecteurs : tout le monde »; not what stayed."""
    if not isinstance(told, dict):
        return ""
    if isinstance(unless, dict):
        told = {key: value for key, value in told.items() if key not in unless or unless[key] != value}
    found = []
    for key, words in WORDS.items():
        if key in told and (text := words(told[key])):
            found.append(text)
    if audience := str(told.get("audience") or ""):
        found.append(f"lecteurs : {_readers(audience, regions)}")
    return ", ".join(found)


def _readers(audience: str, regions: dict[str, str]) -> str:
    if audience == PUBLIC:
        return "tout le monde"
    if audience == MEMBERS:
        return "les membres"
    name = regions.get(audience.removeprefix("region:"), "")
    return f"les membres de la région {name}".rstrip()


def _until(value: Any) -> str:
    try:
        end = timezone.localtime(datetime.fromisoformat(str(value)))
    except ValueError:
        return ""
    return f"jusqu’au {date_format(end, 'j F Y')}"


def _label(choices: list[tuple[Any, Any]], name: str = "") -> Callable[[Any], str]:
    labels = {str(key): f"{name} : {str(label).lower()}" if name else str(label) for key, label in choices}
    return lambda value: labels.get(str(value), "")


KINDS = [*Kind.choices, *Space.Kind.choices]
WORDS: dict[str, Callable[[Any], str]] = {
    "title": lambda value: f"titre « {value} »" if value else "",
    "description": lambda value: f"description « {value} »" if value else "",
    "slug": lambda value: f"adresse « {value} »" if value else "",
    "kind": _label(KINDS, "nature"),
    "until": _until,
    "everywhere": lambda value: "dans tout le forum" if value is True else "",
    "outcome": _label(Report.Outcome.choices),
    "reason": _label(Report.Reason.choices, "motif"),
}
"""How a reader is told of what a line holds; keys that are not here are left out."""


def _about(
    line: JournalLine, spaces: dict[int, Space], topics: dict[int, Topic], posts: dict[int, Post]
) -> tuple[str, str]:
    pk = int(line.object_id)
    if line.kind == "space" and pk in spaces:
        return spaces[pk].title, spaces[pk].get_absolute_url()
    if line.kind == "topic" and pk in topics:
        return topics[pk].title, reverse("forum:topic_by_number", args=[pk])
    if line.kind == "post" and pk in posts:
        return f"{posts[pk].topic.title}, message {posts[pk].number}", posts[pk].get_absolute_url()
    return "", ""
