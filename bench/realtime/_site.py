"""The production shape with people and a topic, and the writer: what the measures of this folder stand on."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.full import Desk, Stack

TEXT = (
    "Nous avons ajouté une annexe à la convention : l’EPCI garde l’hydraulique, la commune la végétation, **deux "
    "fauches par an**, la première après le 15 juillet. Le plus utile a été une demi-journée sur place avec les agents."
)
TOPIC = """
from changes import SYSTEM, change
from forum.actions import start_topic
from forum.first import open_first_spaces
from members.actions import give_membership
from members.models import Organisation, Person
from members.viewer import Viewer
with change(by=SYSTEM):
    organisation, _ = Organisation.objects.get_or_create(kind=Organisation.Kind.PARTNER, name="Atelier des Rives")
    person = Person.objects.filter(email="autrice@mesure.example").first()
    if person is None:
        person = Person.objects.create_user("autrice@mesure.example", None, given_name="Anne", family_name="Rives")
        give_membership(person=person, organisation=organisation, function="Urbaniste", by=SYSTEM)
topic = start_topic(space=open_first_spaces()[0], title="Une discussion de la mesure", source="Le sujet.",
                    by=Viewer.of(person))
answer = [topic.pk, person.pk]
"""
MEMBERS = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from changes import SYSTEM, change
from members.actions import give_membership
from members.models import Organisation, Person
answer = []
with change(by=SYSTEM):
    organisation = Organisation.objects.get(name="Atelier des Rives")
    for number in range(count):
        email = f"membre{number}@mesure.example"
        person = Person.objects.create_user(email, None, given_name="Camille", family_name=f"Nom{number}")
        give_membership(person=person, organisation=organisation, function="Urbaniste", by=SYSTEM)
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        answer.append([person.key, f"club_session={session.session_key}; club_csrf={'c' * 32}"])
"""
WRITE = """
import random, time
from django.db import transaction
from changes import change
from changes.streams import stand
from forum.actions import reply_to_topic
from members.models import Person
from members.viewer import Viewer
by = Viewer.of(Person.objects.get(pk=author))
before, commits = stand(f"topic:{topic}", view).pos, []
begun = time.monotonic() + 0.2
for number in range(count):
    due = begun + number * every + random.uniform(0, every / 5)
    time.sleep(max(0.0, due - time.monotonic()))
    with change(by=by):
        transaction.on_commit(lambda: commits.append(time.monotonic()))
        reply_to_topic(topic_id=topic, source=f"{number}. {text}", by=by)
answer = {"before": before, "after": stand(f"topic:{topic}", view).pos, "commits": commits, "begun": begun}
"""
"""Open loop: each change has its moment, whatever the one before took. A commit is noted before the doorbell rings."""


def written(desk: Desk, topic: list[int], *, count: int, every: float, view: str = "public") -> dict[str, Any]:
    """Replies by one author at their moments; positions before and after, and when each was committed."""
    values = {"topic": topic[0], "author": topic[1], "count": count, "every": every, "view": view, "text": TEXT}
    answer: dict[str, Any] = desk.do(WRITE, **values)
    return answer


def host(stack: Stack) -> str:
    return stack.url.removeprefix("http://")


def rss(pid: int) -> int:
    """Resident memory of a process, in bytes."""
    fields = Path(f"/proc/{pid}/statm").read_text().split()
    return int(fields[1]) * 4096


def cpu(pid: int) -> float:
    """Processor time of a process so far, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def busy() -> tuple[float, float]:
    """Processor time of the whole machine so far, busy and in all: what ran beside the measure is seen in it."""
    fields = [int(one) for one in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / 100, sum(fields) / 100


def share(before: tuple[float, float]) -> float:
    """How busy the machine was since then, of 1."""
    now = busy()
    return (now[0] - before[0]) / max(0.01, now[1] - before[1])


def latencies(commits: Sequence[float], before: int, heard: Sequence[Sequence[Sequence[float]]]) -> list[list[float]]:
    """For each change, how long each socket took to stand at its position or beyond; those that never did are missing.

    The change number k of the only writer of a view took the position before + k + 1.
    """
    found: list[list[float]] = [[] for _ in commits]
    for one in heard:
        reached = before
        for at, to in one:
            for number in range(max(0, int(reached) - before), min(len(commits), int(to) - before)):
                found[number].append(at - commits[number])
            reached = max(reached, int(to))
    return found


def at(values: Sequence[float], share: float) -> float:
    """A percentile, in milliseconds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1e3 if ordered else float("nan")


def median(values: Sequence[float]) -> float:
    return statistics.median(values) * 1e3 if values else float("nan")
