"""The only way to write: `with change(by=viewer) as c:` opens one transaction with its positions, facts and journal.

`from changes import change` is the whole interface for actions; workers use `changes.facts`, `jobs` and `ticks`.
"""

from changes.writing import SYSTEM, Actor, Change, HalfDone, OperationReused, UnheardFact, change, is_writing

__all__ = ["SYSTEM", "Actor", "Change", "HalfDone", "OperationReused", "UnheardFact", "change", "is_writing"]
