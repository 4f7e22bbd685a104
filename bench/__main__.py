"""`make bench`: every measure, one after the other; prints tables, asserts nothing. Name some to run only those.

python -m bench realtime              all measures of a folder
python -m bench realtime.burst        one of them; its options come after `python -m bench.realtime.burst`
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "site")]

found = [file for file in (*HERE.glob("*.py"), *HERE.glob("*/*.py")) if not file.stem.startswith("_")]
every = sorted(".".join(file.relative_to(HERE).with_suffix("").parts) for file in found)
chosen = sys.argv[1:] or [""]
names = [one for one in every if any(not name or one == name or one.startswith(f"{name}.") for name in chosen)]
if not names:
    sys.exit(f"bench: no such measure; there are {', '.join(every)}")
for name in names:
    print(f"\n== {name}\n", flush=True)
    sys.argv = [name]
    runpy.run_module(f"bench.{name}", run_name="__main__")
