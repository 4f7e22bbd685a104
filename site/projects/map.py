"""The map of départements: an outline that ships with the site, overseas as tiles, one link per département."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "departments.json"


@dataclass
class Place:
    """A département or a région of the map with its projects and its link; `shade` goes from 0 (none) to 4."""

    code: str
    name: str
    count: int = 0
    url: str = ""
    shade: int = 0
    outline: str = ""
    current: bool = False


@dataclass
class Map:
    """What `projects/map.html` draws: outlined départements, overseas tiles, régions as its text."""

    departments: list[Place] = field(default_factory=list)
    overseas: list[Place] = field(default_factory=list)
    regions: list[Place] = field(default_factory=list)
    view_box: str = ""

    @property
    def total(self) -> int:
        return sum(region.count for region in self.regions)


@cache
def outlines() -> tuple[str, dict[str, str]]:
    """The drawing's box and the outline of each metropolitan département, by its code."""
    data = json.loads(DATA.read_text())
    return data["viewBox"], data["departments"]


def shade(count: int, highest: int) -> int:
    """0 for none, then 1 to 4 by quarters of the highest count."""
    return 0 if not count else min(4, 1 + 4 * (count - 1) // max(highest, 4))
