"""`make reset`: back to a clean clone's state. Asks before it deletes."""

import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
state = Path(os.environ.get("CLUB_STATE") or HERE / "var").resolve()

if not state.exists():
    print(f"Rien à effacer : {state} n’existe pas.")
    sys.exit(0)
if not os.environ.get("YES"):
    answer = input(f"Effacer {state}, avec la base, les courriels et les fichiers ? Tapez « oui » : ")
    if answer.strip().lower() != "oui":
        print("Rien n’a été effacé.")
        sys.exit(1)
shutil.rmtree(state)
print(f"{state} est effacé. « make run » repart de zéro.")
