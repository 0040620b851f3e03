"""Percentiles, ratios, goals and aligned tables."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

UNKNOWN = "-"


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least *share* (0 to 1) of the values do not exceed.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("no values have no percentile")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def median(values: Sequence[float]) -> float:
    """Return the middle value, the lower one of two."""
    return percentile(values, 0.5)


@dataclass(frozen=True)
class Goal:
    """What a figure is to reach.

    Attributes:
        limit: The figure that just reaches it.
        at_most: Whether less is better.
        unit: What the figure counts, for people.
    """

    limit: float
    at_most: bool = False
    unit: str = ""

    def __str__(self) -> str:
        """Return it as the table shows it."""
        return f"{'<=' if self.at_most else '>='} {shown(self.limit)} {self.unit}".rstrip()

    def verdict(self, value: float | None) -> str:
        """Return ``ok``, or by how much of the goal *value* misses it."""
        if value is None:
            return "not measured"
        missing = value - self.limit if self.at_most else self.limit - value
        return "ok" if missing <= 0 else f"missed by {100 * missing / self.limit:.0f} %"


def judged(goal: Goal | None, value: float | None) -> tuple[str, str]:
    """Return the cells for a goal and for whether *value* reaches it."""
    return ("", "") if goal is None else (str(goal), goal.verdict(value))


def shown(value: float | None) -> str:
    """Return a figure with about three digits that matter."""
    if value is None:
        return UNKNOWN
    if value >= 100:  # noqa: PLR2004
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"  # noqa: PLR2004


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an aligned text table: the first and the last column to the left, figures right."""
    lines = [list(heads), *([*row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join(_aligned(line, widths) for line in lines)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    last = len(cells) - 1
    padded = (
        cell.ljust(width) if place in {0, last} else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(padded).rstrip()
