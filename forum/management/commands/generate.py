"""Make invented volume for measures. Refused in production."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from changes import SYSTEM
from forum.generating.members import AlreadyThere
from forum.generating.running import GenerationRefused, generate


class Command(BaseCommand):
    help = "Invente des membres, discussions et messages pour les mesures (refusé en production)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=int, default=700)
        parser.add_argument("--topics", type=int, default=2000)
        parser.add_argument("--posts", type=int, default=40_000, help="premiers messages compris")
        parser.add_argument("--seed", type=int, default=1, help="même graine, même contenu")
        parser.add_argument("--long", type=int, default=0, help="une discussion de tant de messages")
        parser.add_argument("--space", default="", help="toutes les discussions dans l’espace de cette adresse")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("members", "topics", "posts", "seed", "long", "space")
        try:
            rate = generate(**{name: options[name] for name in names}, by=SYSTEM, progress=self._bar)
        except (GenerationRefused, AlreadyThere) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stderr.write("")
        self.stdout.write(
            f"{rate.members} membres, {rate.topics} discussions, {rate.posts} messages en {rate.seconds:.1f} s : "
            f"{rate.per_second:.0f} messages par seconde."
        )

    def _bar(self, done: int, total: int) -> None:
        full = 30 * done // max(total, 1)
        self.stderr.write(f"\r[{'#' * full}{'.' * (30 - full)}] {done}/{total}", ending="")
