"""`manage.py worker`: takes facts and ticks until it is told to stop."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from changes import jobs
from changes.worker import Worker
from club.checks import refuse_unsafe
from club.progress import show


class Command(BaseCommand):
    help = "Fait ce qui suit les enregistrements : travaux, courriels, tâches planifiées. SIGTERM l’arrête proprement."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--consumers", nargs="*", help="seulement ces consommateurs")
        parser.add_argument("--child", action="store_true", help="s’arrête avec le processus qui l’a lancé")
        parser.add_argument("--progress", action="store_true", help="montre l’avancement des travaux à l’écran")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe()
        worker = Worker(options["consumers"])
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        parent = os.getppid()
        if options["child"]:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent says when
            if sys.platform == "linux":
                ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: no orphan, however the parent ends
        if options["progress"]:
            jobs.listen(show)
        worker.run(lambda: not options["child"] or os.getppid() == parent)
