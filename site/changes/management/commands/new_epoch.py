"""`manage.py new_epoch`: after a restore, so that no client keeps positions of another past."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from changes.installation import renew_epoch


class Command(BaseCommand):
    help = "Renouvelle l’époque de cette installation : à faire après chaque restauration."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(renew_epoch()))
