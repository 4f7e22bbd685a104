"""`make reset`: back to a clean clone's state. Asks before it deletes, and deletes only what is an installation's."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
OURS = {"club.sqlite3", "secret_key", "serve.lock"}  # a start makes at least one of these


def state_folder() -> Path:
    """Where `make run` keeps its state: the variable, else that of `.env`, else `var/`."""
    named = os.environ.get("CLUB_STATE")
    env = HERE / ".env"
    if not named and env.is_file():
        for line in env.read_text(encoding="utf-8").splitlines():
            name, _, value = line.strip().partition("=")
            if name.strip() == "CLUB_STATE":
                named = value.strip().strip("\"'")
    return (HERE / named if named else HERE / "var").resolve()


def refusal(state: Path) -> str:
    """Why this folder is not deleted, or nothing."""
    if HERE.is_relative_to(state) or Path.home().is_relative_to(state):
        return f"{state} contient plus que ce site : rien n’a été effacé. Corrigez CLUB_STATE."
    inside = {path.name for path in state.iterdir()}
    if inside and not inside & OURS and state != HERE / "var":
        return f"{state} n’est pas le dossier d’un site : rien n’a été effacé. Corrigez CLUB_STATE."
    lock = state / "serve.lock"
    if lock.exists():
        with lock.open("a") as opened:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return "Le site tourne : arrêtez-le d’abord (Ctrl-C), puis recommencez."
    return ""


def main() -> int:
    """Ask, then delete."""
    state = state_folder()
    if not state.exists():
        print(f"Rien à effacer : {state} n’existe pas.")
        return 0
    if why := refusal(state):
        print(why, file=sys.stderr)
        return 1
    if not os.environ.get("YES"):
        try:
            answer = input(f"Effacer {state}, avec la base, les courriels et les fichiers ? Tapez « oui » : ")
        except (EOFError, KeyboardInterrupt):  # nobody there to answer, or Ctrl-C
            answer = ""
            print()
        if answer.strip().lower() != "oui":
            print("Rien n’a été effacé.")
            return 1
    shutil.rmtree(state)
    print(f"{state} est effacé. « make run » repart de zéro.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
