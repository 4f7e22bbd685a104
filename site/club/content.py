"""The first content of a site: referential, services, starter tree and, outside production, the demo. Repeatable."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError

from changes import SYSTEM
from changes.jobs import JobRefused, Run, job, start_job
from changes.models import Job
from club import database
from cms.planting import plant_demo, plant_structure
from cms.roles import make_sections
from cms.tree import plant_tree
from directory.acceptance import texts_in_force
from forum.first import open_first_spaces
from forum.importing.demo import make_demo_topics
from meetings.demo import make_demo_meetings
from members.actions.acceptance import accept_texts
from members.demo import PEOPLE, make_demo_people
from members.models import Person
from members.services import seed_services
from projects.charter import seed_charter
from projects.demo import make_demo_projects
from territories.loading import load_referential

KIND = "install"
Report = Callable[[int, int, str], None]


@job(KIND)
def install_content(run: Run) -> dict[str, Any]:
    """Load all that a site begins with; each step sees what is already there, so an interrupted run is taken up again.

    With `demo` in the payload the invented people and projects follow; refused in production (`JobRefused`).
    """
    demo = bool(run.job.payload.get("demo"))
    if demo and settings.PRODUCTION:
        raise JobRefused("Le contenu de démonstration n’est pas admis en production.")
    steps: list[tuple[int, str, Callable[[Report], object]]] = [
        (50, "Territoires", lambda report: load_referential(report=report)),
        (5, "Charte et ses 20 engagements", lambda report: seed_charter()),
        (5, "Services de l’État, Cerema, partenaires", lambda report: seed_services()),
        (5, "Page d’accueil", lambda report: plant_tree()),
        (8, "Rubriques et premières pages", lambda report: plant_structure(plant_tree())),
        (5, "Rubriques des partenaires et des régions", lambda report: make_sections()),
        (2, "Premiers espaces du forum", lambda report: open_first_spaces()),
    ]
    if demo:
        steps += [
            (25, "Projets de démonstration", lambda report: make_demo_projects(report=report)),
            (10, "Personnes de démonstration", lambda report: make_demo_people()),
            (1, "Textes acceptés", lambda report: accept_for_the_demo()),
            (5, "Discussions de démonstration", lambda report: make_demo_topics()),
            (3, "Rencontres de démonstration", lambda report: make_demo_meetings()),
            (8, "Articles et pratiques de démonstration", lambda report: plant_demo()),
        ]
    total, begun = sum(weight for weight, _, _ in steps), 0
    for weight, title, step in steps:

        def report(
            done: int, of: int, message: str = "", begun: int = begun, weight: int = weight, title: str = title
        ) -> None:
            run.progress(begun + weight * done // max(of, 1), total, message or title)

        report(0, 1, title)
        try:
            step(report)
        except OperationalError as error:
            if str(error) in database.NO_ROOM:  # the job tries again by itself, once it has what it needs
                sys.stderr.write(f"{database.cannot_write(error)} Le chargement reprendra de lui-même.\n")
            raise
        begun += weight
    run.progress(total, total, "Tout est là")
    return {"demo": demo}


def accept_for_the_demo() -> None:
    """The demo's people were there before: they accepted the texts; whoever is invited meets them."""
    versions = {text.kind: text.version for text in texts_in_force()}
    for person in Person.objects.filter(email__in=[one.email for one in PEOPLE], acceptances=None):
        accept_texts(person, versions, by=SYSTEM)


def start_content(*, demo: bool) -> Job | None:
    """Queue the first content unless it is there or on its way; None when nothing is left to do."""
    jobs = Job.objects.filter(kind=KIND).order_by("-id")
    for known in jobs[:20]:
        if known.payload.get("demo", False) == demo:
            if known.state == Job.State.DONE:
                return None
            if known.state != Job.State.FAILED:
                return known
    title = "Premier contenu et démonstration" if demo else "Premier contenu"
    return start_job(KIND, title, by=SYSTEM, payload={"demo": demo})
