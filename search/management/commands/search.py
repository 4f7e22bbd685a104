"""`manage.py search rebuild | check | status | rollback`: what an operator does with the index."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import rebuilding
from search.engines import choosing
from search.engines.base import Engine, EngineAway
from search.settling import unsettled
from search.verifying import Differs


class Command(BaseCommand):
    help = "L’index de la recherche : le refaire, le vérifier, dire où il en est."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["rebuild", "check", "status", "rollback"])
        parser.add_argument("--rate", type=int, default=0, help="documents par seconde au plus (0 : sans limite)")
        parser.add_argument("--anew", action="store_true", help="ne reprend pas une réfection interrompue")
        parser.add_argument("--dry-run", action="store_true", help="check : montre, ne répare pas")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            for engine in choosing.written():
                getattr(self, f"do_{options['action']}")(engine, options)
            if options["action"] == "status":
                for sentence in unsettled():
                    self.stdout.write(f"  {sentence}")
        except EngineAway as away:
            raise CommandError(f"Le moteur ne répond pas : {away}") from away

    def do_rebuild(self, engine: Engine, options: dict[str, Any]) -> None:
        """Refait l’index à côté, puis le met à la place de l’ancien."""

        def show(done: int, count: int, what: str) -> None:
            self.stdout.write(f"  {engine.name} : {done} / {count} {what.lower()}", ending="\r")
            self.stdout.flush()

        try:
            done = rebuilding.rebuild(engine, progress=show, rate=options["rate"], anew=options["anew"])
        except Differs as differs:
            raise CommandError(_said(engine, differs)) from differs
        self.stdout.write(f"  {engine.name} : {done} documents, vérifiés ; l’index est en place.")

    def do_check(self, engine: Engine, options: dict[str, Any]) -> None:
        """Compare l’index à la base, et répare."""
        found = rebuilding.compare(engine)
        for title, keys in (
            ("manquent", found.missing),
            ("sont anciens", found.stale),
            ("sont de trop", found.left_over),
        ):
            if keys:
                self.stdout.write(f"  {engine.name} : {len(keys)} {title} ({rebuilding.sample(keys)})")
        if not found.keys:
            self.stdout.write(f"  {engine.name} : l’index dit ce que dit la base.")
        elif not options["dry_run"]:
            self.stdout.write(f"  {engine.name} : {rebuilding.repair(found)} documents écrits de nouveau.")

    def do_status(self, engine: Engine, options: dict[str, Any]) -> None:
        """Dit comment va l’index."""
        health = engine.health()
        due = "" if health.current else " ; une réfection est due (`manage.py search rebuild`)"
        state = "répond" if health.ok else "ne répond pas"
        self.stdout.write(f"  {engine.name} : {state}, {health.documents} documents, {health.detail}{due}")

    def do_rollback(self, engine: Engine, options: dict[str, Any]) -> None:
        """Sert de nouveau l’index d’avant, puis le met à jour."""
        former = getattr(engine, "rollback", lambda: "")()
        if not former:
            raise CommandError("Il n’y a pas d’index d’avant.")
        self.stdout.write(
            f"  {former} sert de nouveau ; {rebuilding.repair(rebuilding.compare(engine))} documents mis à jour."
        )


def _said(engine: Engine, differs: Differs) -> str:
    lines = [f"{engine.name} : le nouvel index ne dit pas ce que dit la base ; l’ancien sert toujours."]
    for kind, (there, here, keys) in differs.kinds.items():
        lines.append(
            f"  {kind} : {there} dans la base, {here} dans le nouvel index ; {len(keys)} diffèrent, même écrits de "
            f"nouveau ({rebuilding.sample(keys)})"
        )
    lines += [f"  refusé : {reason}" for reason in differs.refused[:5]]
    return "\n".join(lines)
