"""The only way to write: `with change(by=viewer) as c:` opens one transaction with its facts and its journal.

`from changes import change` is the whole interface for actions; workers use `changes.facts`, `jobs` and `ticks`.
"""

from changes.writing import SYSTEM, Actor, Change, HalfDone, UnheardFact, change, is_writing

__all__ = ["SYSTEM", "Actor", "Change", "HalfDone", "UnheardFact", "change", "is_writing"]
