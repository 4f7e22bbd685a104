"""`manage.py demo`: the demo content now, in this process. Repeatable; refused in production."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from changes import SYSTEM, change
from changes.jobs import run_job
from changes.models import Job
from club.content import KIND
from club.progress import show


class Command(BaseCommand):
    help = "Charge le contenu de démonstration (refusé en production). Sans effet sur ce qui est déjà là."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        with change(by=SYSTEM):
            job = Job.objects.create(
                kind=KIND, title="Premier contenu et démonstration", by=SYSTEM, payload={"demo": True}
            )
        run_job(job, show)
        if job.state == Job.State.FAILED:
            raise CommandError(job.message)
