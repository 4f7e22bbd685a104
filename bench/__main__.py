"""`make bench`: every measure, one after the other; prints tables, asserts nothing. Name some to run only those."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "site")]

names = sys.argv[1:] or sorted(file.stem for file in HERE.glob("*.py") if not file.stem.startswith("_"))
for name in names:
    print(f"\n== {name}\n", flush=True)
    sys.argv = [name]
    runpy.run_module(f"bench.{name}", run_name="__main__")
