"""What each process holds in memory: RSS counts shared pages in each of them, PSS divides them among them."""

import contextlib
import re
from pathlib import Path
from typing import NamedTuple

from tools.services.process import tree


class Row(NamedTuple):
    """One process."""

    part: str
    pid: int
    rss: int  # bytes
    pss: int
    command: str


def rows(part: str, pid: int) -> list[Row]:
    """A part's process and all its descendants."""
    found = []
    for one in tree(pid):
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{one.pid}/smaps_rollup").read_text()
            command = Path(f"/proc/{one.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            found.append(Row(part, one.pid, _kilobytes(rollup, "Rss"), _kilobytes(rollup, "Pss"), command.strip()))
    return found


def _kilobytes(text: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def table(found: list[Row]) -> str:
    """For the screen: each process, then the whole."""
    lines = [f"{'partie':<14}{'pid':>8}{'RSS Mo':>9}{'PSS Mo':>9}  commande"]
    for row in found:
        lines.append(f"{row.part:<14}{row.pid:>8}{row.rss / 2**20:>9.1f}{row.pss / 2**20:>9.1f}  {row.command[:60]}")
    total = sum(row.pss for row in found) / 2**20
    lines.append(f"{'ensemble':<14}{len(found):>8}{'':>9}{total:>9.1f}")
    return "\n".join(lines)
