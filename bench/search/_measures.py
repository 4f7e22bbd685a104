"""How good a list of results is, against grades: nDCG@10, recall@20, nothing found."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.search._judged import Judged

AT, RECALL_AT = 10, 20


@dataclass(frozen=True)
class Answered:
    """A judged query, the names that the search gave for it, best first, and how long it took (seconds)."""

    query: Judged
    names: Sequence[str]
    took: float

    @property
    def ndcg(self) -> float:
        return ndcg(self.names, self.query.relevant)

    @property
    def recall(self) -> float:
        return recall(self.names, self.query.relevant)


def ndcg(names: Sequence[str], grades: Mapping[str, int]) -> float:
    """Gain 2^grade - 1 shared by the logarithm of the rank, over the best that the grades allow; 1 is perfect."""
    best = _gain(sorted(grades.values(), reverse=True))
    return _gain([grades.get(name, 0) for name in dict.fromkeys(names)]) / best


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades[:AT]))


def recall(names: Sequence[str], grades: Mapping[str, int]) -> float:
    """Share of the graded documents among the first twenty; where more are graded, twenty would be all."""
    return len(set(names[:RECALL_AT]) & set(grades)) / min(len(grades), RECALL_AT)


def table(answers: Sequence[Answered], classes: Sequence[str]) -> list[str]:
    """A line for each class and one for all."""
    lines = [f"{'class':12} {'queries':>8} {'nDCG@10':>8} {'recall@20':>10} {'nothing found':>14}"]
    for name in (*classes, ""):
        rows = [one for one in answers if name in ("", one.query.kind)]
        if rows:
            lines.append(
                f"{name or 'all':12} {len(rows):8} {_mean([one.ndcg for one in rows]):8.3f} "
                f"{_mean([one.recall for one in rows]):10.3f} {sum(not one.names for one in rows) / len(rows):14.1%}"
            )
    return lines


def worst(answers: Sequence[Answered], count: int) -> list[str]:
    """The queries that are answered worst: what came first, with its grade, and the best that did not come."""
    lines = []
    for one in sorted(answers, key=lambda row: row.ndcg)[:count]:
        grades = one.query.relevant
        lines.append(f"{one.ndcg:.2f}  [{one.query.kind}, {one.query.half}] {one.query.text}")
        lines += [f"        {grades.get(name, 0) or '-'}  {name}" for name in one.names[:5]]
        missed = [name for name in sorted(grades, key=lambda name: -grades[name]) if name not in one.names[:AT]]
        lines += [f"   not  {grades[name]}  {name}" for name in missed[:3]]
    return lines


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
