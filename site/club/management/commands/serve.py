"""`manage.py serve`: the whole site on one machine, by one command: database, worker, server."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from changes import SYSTEM, change
from changes.models import Fact
from club import database, health
from club.content import start_content
from cms.tree import plant_tree
from members.demo import PEOPLE

WORKER_GRACE = 10  # seconds a worker has to end the fact in hand


class Command(BaseCommand):
    help = "Lance tout le site sur cette machine : base à jour, un agent de travail, un serveur. Ctrl-C arrête tout."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-worker", action="store_true", help="le serveur seul")
        parser.add_argument("--no-demo", action="store_true", help="sans contenu de démonstration")
        parser.add_argument("--drain", type=float, default=0.0, help="secondes entre l’annonce de l’arrêt et l’arrêt")

    def handle(self, *args: Any, **options: Any) -> None:
        self.begun = time.monotonic()
        try:
            self.check_port()
            lock = self.lock() if not options["no_worker"] else None
            self.prepare(demo=not options["no_demo"] and not settings.PRODUCTION, alone=lock is not None)
        except database.CannotStart as why:
            sys.exit(str(why))  # the sentence alone, without the name of an exception before it
        except OperationalError as error:
            if connection.vendor == "sqlite":
                sys.exit(str(database.cannot_write(error)))
            raise
        connection.close()
        self.stopping = threading.Event()
        self.worker: subprocess.Popen[bytes] | None = None
        if not options["no_worker"]:
            threading.Thread(target=self.keep_worker, daemon=True).start()
        try:
            self.run_server(options["drain"])
        finally:
            self.stop_worker()

    def check_port(self) -> None:
        """Say before anything else that the port is taken."""
        family = socket.AF_INET6 if ":" in settings.ADDRESS else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((settings.ADDRESS, settings.PORT))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    why = (
                        f"Le port {settings.PORT} de {settings.ADDRESS} est déjà pris : "
                        f"choisissez-en un autre, par exemple « make run CLUB_PORT={settings.PORT + 1} »."
                    )
                elif error.errno == errno.EACCES:
                    why = (
                        f"Le port {settings.PORT} est réservé au système : "
                        "choisissez-en un au-dessus de 1023, par exemple « make run CLUB_PORT=8000 »."
                    )
                else:
                    why = (
                        f"L’adresse {settings.ADDRESS} n’est pas de cette machine ({error.strerror}) : "
                        "corrigez CLUB_ADDRESS, par exemple « make run CLUB_ADDRESS=127.0.0.1 »."
                    )
                raise database.CannotStart(why) from None
            except OverflowError:
                raise database.CannotStart(
                    f"Il n’y a pas de port {settings.PORT} : choisissez CLUB_PORT entre 1024 et 65535."
                ) from None

    def lock(self) -> IO[str]:
        """One `serve` per state folder: two would share a database file and its leases."""
        file = Path(settings.STATE) / "serve.lock"
        opened = file.open("a")
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise database.CannotStart(
                f"Le site tourne déjà avec le dossier {settings.STATE} : arrêtez-le, ou changez CLUB_STATE."
            ) from None
        self._lock = opened
        return opened

    def prepare(self, *, demo: bool, alone: bool) -> None:
        """Bring the database up to date and queue the first content; leases of a killed run are given back."""
        database.check_file()
        if database.pending_migrations():
            if settings.PRODUCTION:  # several servers start at once there, and who upgrades decides when
                raise database.CannotStart(
                    "La base n’est pas à jour : sauvegardez-la, puis lancez « manage.py migrate » avant les serveurs."
                )
            self.stdout.write("Préparation de la base de données…")
            call_command("migrate", interactive=False, verbosity=0)
        if alone and connection.vendor == "sqlite":
            with change(by=SYSTEM):
                Fact.objects.filter(lease_until__isnull=False, done_at=None).update(lease_until=None)
        self.content = start_content(demo=demo) if not settings.PRODUCTION else None
        if self.content is not None:
            plant_tree()  # else the first visitor meets Wagtail's welcome page instead of the progress of the rest

    def keep_worker(self) -> None:
        """Run one worker, and another should it die."""
        command = [sys.executable, sys.argv[0], "worker", "--child", "--progress"]
        while not self.stopping.is_set():
            self.worker = subprocess.Popen(command)  # noqa: S603 - our own command, no outside value
            code = self.worker.wait()
            if not self.stopping.wait(1.0):
                self.stderr.write(f"L’agent de travail s’est arrêté (code {code}) : il est relancé.")

    def stop_worker(self) -> None:
        """End the worker, by force if it must be: nothing is left behind."""
        self.stopping.set()
        if self.worker is None or self.worker.poll() is not None:
            return
        self.worker.terminate()
        try:
            self.worker.wait(WORKER_GRACE)
        except subprocess.TimeoutExpired:
            self.worker.kill()
            self.worker.wait()

    def run_server(self, drain: float) -> None:
        """Serve until Ctrl-C or SIGTERM; then say so on /readyz, wait for `drain` seconds, stop."""
        from channels.routing import get_default_application
        from daphne.server import Server
        from twisted.internet import reactor as installed

        from club import eager
        from realtime.frames import FRAME_LIMIT
        from realtime.hub import hub_of_loop
        from realtime.socket import MESSAGE_LIMIT

        reactor: Any = installed  # twisted's reactor is a module that becomes an object
        host = settings.ADDRESS.replace(":", "\\:")

        def stop(*_: object) -> None:
            health.draining.set()
            reactor.callFromThread(leave)

        def leave() -> None:
            """Sockets are told, spread over the drain, and go; pages in hand are answered meanwhile."""
            end = time.monotonic() + drain + 0.05

            def told(_: object) -> None:
                reactor.callLater(max(0.05, end - time.monotonic()), lambda: reactor.running and reactor.stop())

            self.draining = asyncio.ensure_future(hub_of_loop().drain(drain * 0.8))
            self.draining.add_done_callback(told)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        eager.install()
        Server(
            application=get_default_application(),
            endpoints=[f"tcp:{settings.PORT}:interface={host}"],
            signal_handlers=False,
            http_timeout=60,
            websocket_handshake_timeout=20,
            # The first is a limit of what we send too (a snapshot of a hundred posts); the second only of what we hear.
            websocket_max_message_size=FRAME_LIMIT,
            websocket_max_frame_size=MESSAGE_LIMIT,
            server_name="club",
            ready_callable=lambda: reactor.callWhenRunning(self.announce),
            verbosity=0,
        ).run()

    def announce(self) -> None:
        """Say where the site is, who may sign in, and what still comes."""
        with contextlib.suppress(BrokenPipeError):
            seconds = time.monotonic() - self.begun
            self.stdout.write(f"\nLe site répond : {settings.SITE_URL}/  (en {seconds:.1f} s ; Ctrl-C l’arrête)")
            if settings.DEVELOPMENT:
                self.stdout.write(f"Les courriels qu’il envoie : {settings.SITE_URL}/courriels/")
                self.stdout.write(f"Comptes de démonstration, mot de passe « {settings.DEMO_PASSWORD} » :")
                for person in PEOPLE:
                    self.stdout.write(f"  {person.email:<30} {person.label}")
            if self.content is not None:
                self.stdout.write("Le référentiel et la démonstration arrivent :")
            self.stdout.flush()
