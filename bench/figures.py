"""One measured figure beside its target, and the table and JSON it is shown in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

HEADINGS = ("section", "figure", "measured", "target", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured; `bound` and `target` are empty for a figure that only informs."""

    section: str
    name: str
    value: float
    unit: str = ""
    bound: Literal["", "at least", "at most"] = ""
    target: float = 0.0

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without a target."""
        if not self.bound:
            return None
        return self.value >= self.target if self.bound == "at least" else self.value <= self.target

    def as_json(self) -> Mapping[str, Any]:
        """Give the figure as JSON-able values."""
        bound = {"bound": self.bound, "target": self.target, "reached": self.reached}
        return {
            "section": self.section,
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            **(bound if self.bound else {}),
        }


def at_most(section: str, name: str, value: float, target: float, unit: str = "") -> Figure:
    """Make a figure that must not be above its target."""
    return Figure(section, name, value, unit, "at most", target)


def at_least(section: str, name: str, value: float, target: float, unit: str = "") -> Figure:
    """Make a figure that must not be below its target."""
    return Figure(section, name, value, unit, "at least", target)


def table(figures: Iterable[Figure]) -> str:
    """Lay the figures out as lines under a heading."""
    rows = [HEADINGS, *(_row(figure) for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(figure: Figure) -> tuple[str, ...]:
    told = {None: "", True: "reached", False: "NOT REACHED"}[figure.reached]
    target = f"{figure.bound} {_number(figure.target, figure.unit)}" if figure.bound else ""
    return figure.section, figure.name, _number(figure.value, figure.unit), target, told


def _number(value: float, unit: str) -> str:
    if value == int(value) or abs(value) >= 1000:
        digits = f"{value:,.0f}"
    else:
        digits = f"{value:,.3f}" if abs(value) < 1 else f"{value:,.1f}"
    return f"{digits} {unit}".rstrip()
