"""The only way to write: `with change(by=viewer) as c:` opens one transaction with its facts and its journal.

`from changes import change` is the whole interface for actions; workers use `changes.facts`, `changes.jobs`, `changes.ticks`.
"""

from changes.change import Change, change, writing

__all__ = ["Change", "change", "writing"]
