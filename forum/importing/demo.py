"""The demo of the forum: fifty discussions between invented people, imported as any old forum is."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.utils import timezone

from changes import SYSTEM, change
from forum.importing.running import import_forum
from members.demo import DemoRefused
from members.models import Person

FILE = Path(__file__).parents[1] / "data" / "demo.jsonl"
SOURCE = "demo"


def make_demo_topics() -> int:
    """The demo's people, spaces and discussions, the latest of them now; returns how many topics were made. Repeatable.

    One may sign in as any of its people with the demo's password. Needs the referential, the demo's projects and
    people. Raises `DemoRefused` in production.
    """
    if settings.PRODUCTION:
        raise DemoRefused("Le contenu de démonstration n’est pas admis en production.")
    if not FILE.exists():
        return 0
    with FILE.open(encoding="utf-8") as lines:
        report = import_forum(lines, source=SOURCE, by=SYSTEM, shift_to=timezone.now())
    if report.errors:
        raise ValueError("\n".join(report.errors))
    _give_passwords()
    return report.figures["topic"].made


def _give_passwords() -> None:
    """One hash for all who have none: a hundred of them would take ten seconds."""
    people = Person.objects.filter(
        email__endswith="@demo.example", password__startswith=UNUSABLE_PASSWORD_PREFIX, is_active=True
    )
    if people.exists():
        with change(by=SYSTEM):
            people.update(password=make_password(settings.DEMO_PASSWORD))
