"""`make run-full`: the production shape on one machine, with real services. Ctrl-C stops everything."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from tools.full import Stack, full_stack, memory
from tools.full.kept import ROOT
from tools.services import ServiceError, install

NEEDED = ["postgresql", "redis", "elasticsearch", "nginx"]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
AGAIN = 5  # seconds before a part that would not start is tried again


class Stopped(BaseException):
    """A signal came; no Exception, so that nothing swallows it."""


def on_signal(number: int, frame: FrameType | None) -> None:
    """Once is enough: while everything stops, a second Ctrl-C must not cut that short."""
    for one in SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    raise Stopped(number)


def announce(stack: Stack) -> None:
    """Say where the site is, as soon as it answers."""
    print(f"\nLe site répond : {stack.url}/  (prêt en {seconds(stack.took['total'])}, Ctrl-C pour arrêter)")
    print(f"Les courriels qu’il envoie : {stack.mails.box}/new/")
    print(f"Son état, ses journaux : {stack.state}/", flush=True)


def tell_link(stack: Stack) -> None:
    """The way in, as long as nobody has taken it."""
    if stack.link:
        print(f"Premier compte du bureau (lien à ouvrir une fois, 14 jours) : {stack.link}")


def seconds(value: float) -> str:
    return f"{value:.1f} s".replace(".", ",")


def watch(stack: Stack) -> None:
    """Until a signal comes, start again whatever dies, as systemd would."""
    later: dict[str, float] = {}
    while True:
        time.sleep(0.5)
        for name, server in stack.servers.items():
            if server.running or time.monotonic() < later.get(name, 0):
                continue
            print(f"{server.title} s’est arrêté : relancé.", file=sys.stderr, flush=True)
            try:
                server.start()
            except ServiceError as error:
                later[name] = time.monotonic() + AGAIN
                print(error, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Start, say how long each step took, watch, stop."""
    parser = argparse.ArgumentParser(prog="python -m tools.run_full", description="Le site en forme de production.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("CLUB_PORT") or 8000), help="port de nginx")
    parser.add_argument("--state", type=Path, default=ROOT / "var" / "full", help="dossier de ses données")
    parser.add_argument("--email", default="bureau@club.localhost", help="adresse du premier compte du bureau")
    parser.add_argument("--processes", type=int, default=2, help="processus de gunicorn (4 fils chacun)")
    parser.add_argument("--sockets", type=int, default=1, help="processus de daphne")
    parser.add_argument("--report", action="store_true", help="montre la mémoire de chaque processus")
    given = parser.parse_args(arguments)
    for one in SIGNALS:
        signal.signal(one, on_signal)
    try:
        if install.missing(NEEDED) and install.main(NEEDED):
            return 1
        with full_stack(
            given.state,
            port=given.port,
            processes=given.processes,
            sockets=given.sockets,
            email=given.email,
            on_ready=announce,
        ) as stack:
            tell_link(stack)
            steps = sorted(stack.took.items(), key=lambda item: item[1])
            print("Durées : " + ", ".join(f"{name} {seconds(took)}" for name, took in steps))
            if given.report:
                print(memory.table(stack.report()))
            sys.stdout.flush()
            watch(stack)
    except Stopped:
        print("Tout est arrêté.")
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
