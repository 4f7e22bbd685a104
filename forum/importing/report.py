"""What an import did, or would do: figures per type, errors, and what was left as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

NAMES = {
    "organisation": "organisations",
    "person": "personnes",
    "space": "espaces",
    "topic": "discussions",
    "post": "messages",
    "concern": "collectivités concernées",
}
MOST_LEFT = 100


@dataclass
class Figures:
    """How many lines of one type were made, found unchanged, changed, or left because somebody edited them here."""

    made: int = 0
    unchanged: int = 0
    changed: int = 0
    left: int = 0


@dataclass
class Report:
    """The outcome of an import: nothing was written where `errors` holds any, nor in a dry run."""

    dry_run: bool = False
    figures: dict[str, Figures] = field(default_factory=lambda: {name: Figures() for name in NAMES})
    errors: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def count(self, kind: str, *, made: int = 0, unchanged: int = 0, changed: int = 0) -> None:
        """Add to the figures of a type."""
        one = self.figures[kind]
        one.made, one.unchanged, one.changed = one.made + made, one.unchanged + unchanged, one.changed + changed

    def leave(self, kind: str, number: int, why: Iterable[str]) -> None:
        """Note a line that was not followed."""
        self.figures[kind].left += 1
        if len(self.left) < MOST_LEFT:
            self.left.append(f"Ligne {number} : laissé tel quel ({', '.join(why)}).")

    @property
    def wrote(self) -> bool:
        """Whether anything was made or changed."""
        return any(one.made or one.changed for one in self.figures.values())

    def words(self) -> Iterator[str]:
        """The report in lines."""
        yield from self.errors
        if self.errors:
            return
        made = "à créer" if self.dry_run else "créations"
        yield f"{'':26} {made:>12} {'inchangés':>12} {'modifiés':>12} {'laissés':>12}"
        for kind, name in NAMES.items():
            one = self.figures[kind]
            yield f"{name:26} {one.made:>12} {one.unchanged:>12} {one.changed:>12} {one.left:>12}"
        yield from self.left
