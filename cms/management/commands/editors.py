"""`manage.py editors`: the sections, collections, groups and review of partners and régions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms.roles import make_sections


class Command(BaseCommand):
    help = "Fait les rubriques, collections et groupes des partenaires et des régions. Sans effet sur ce qui existe."

    def handle(self, *args: Any, **options: Any) -> None:
        made = make_sections()
        self.stdout.write(f"{made} page(s) créée(s) ; groupes et relecture à jour.")
