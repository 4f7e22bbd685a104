"""`python3 -m tools.services.run [--with postgresql,redis] -- COMMAND…`: a command with real servers around it.

Starts them, exports their addresses, runs the command, passes its exit code on, stops them. `make test` uses it.
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

from tools.services.manager import NAMES, Services, services
from tools.services.process import die_with_parent
from tools.services.server import ServiceError

DEFAULT = "postgresql,redis,elasticsearch,chromium"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """A signal came; like KeyboardInterrupt it is no Exception, so that nothing swallows it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Runner:
    """Holds the one command that runs, so that signals reach it."""

    def __init__(self) -> None:
        self.command: subprocess.Popen[bytes] | None = None
        for one in SIGNALS:
            signal.signal(one, self.handle)

    def handle(self, number: int, frame: FrameType | None) -> None:
        if self.command is None:
            self.ignore()  # the servers are being stopped: once is enough
            raise Interrupted(number)
        if number != signal.SIGINT or not self.at_terminal():
            self.command.send_signal(number)

    @staticmethod
    def ignore() -> None:
        for one in SIGNALS:
            signal.signal(one, signal.SIG_IGN)

    @staticmethod
    def at_terminal() -> bool:
        """Ctrl-C at a terminal reaches the command by itself: sent twice, pytest would stop without tidying up."""
        try:
            return os.tcgetpgrp(0) == os.getpgrp()
        except OSError:
            return False

    def run(self, command: Sequence[str], environ: dict[str, str]) -> int:
        try:
            self.command = subprocess.Popen(
                list(command), env={**os.environ, **environ}, preexec_fn=die_with_parent(signal.SIGTERM)
            )
        except OSError as error:
            raise ServiceError(f"« {command[0]} » ne peut pas être lancé : {error.strerror}.") from error
        code = self.command.wait()
        self.ignore()
        return code if code >= 0 else 128 - code


def say(found: Services) -> None:
    for name, reason in found.missing.items():
        print(f"⚠ Sans {name} : {reason}", file=sys.stderr)
    for name in sorted(found.given):
        print(f"  {name} : adresse donnée par l’environnement", file=sys.stderr)
    for name, seconds in sorted(found.took.items(), key=lambda item: item[1]):
        print(f"  {name} prêt en {seconds:.1f} s".replace(".", ","), file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python3 -m tools.services.run", description="Lance une commande avec de vrais services."
    )
    parser.add_argument(
        "--with", dest="names", default=DEFAULT, help=f"parmi {','.join(NAMES)} (sans réponse : {DEFAULT})"
    )
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="-- commande…")
    given = parser.parse_args(arguments)
    command = given.command[1:] if given.command[:1] == ["--"] else given.command
    names = [name for name in given.names.split(",") if name]
    if not command:
        parser.error("il manque la commande, après --")
    if unknown := set(names) - set(NAMES):
        parser.error(f"service inconnu : {', '.join(sorted(unknown))} ; connus : {', '.join(NAMES)}")
    runner = Runner()
    try:
        with services(names) as found:
            say(found)
            return runner.run(command, found.environ)
    except Interrupted as signalled:
        return 128 + signalled.number
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
