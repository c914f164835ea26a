"""Measured against what was promised."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.report import number, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One promise."""

    what: str
    goal: str
    measured: str
    met: bool
    peer: str = ""
    """The same measure of the process pool."""


def at_most(what: str, limit: float, measured: float, unit: str = "", peer: float | None = None) -> Goal:
    """Promise that something is no more than a limit; nothing measured breaks the promise."""
    return Goal(
        what=what,
        goal=f"≤ {limit:g}{_spaced(unit)}",
        measured=_written(measured, unit),
        met=measured <= limit,  # false for NaN
        peer="" if peer is None else _written(peer, unit),
    )


def exactly(what: str, wanted: int, measured: int, peer: str = "") -> Goal:
    """Promise a count."""
    return Goal(what=what, goal=str(wanted), measured=str(measured), met=measured == wanted, peer=peer)


def verdicts(goals: Sequence[Goal]) -> str:
    """Write which promises were kept."""
    rows = [[one.what, one.goal, one.measured, "met" if one.met else "**missed**", one.peer] for one in goals]
    return table(["", "goal", "measured", "", "process pool"], rows, texts=1)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least so many percent do not exceed; NaN of nothing."""
    if not values:
        return float("nan")
    ranked = sorted(values)
    place = -(-len(ranked) * percent // 100)  # rounded up
    return ranked[max(0, int(place) - 1)]


def _written(value: float, unit: str) -> str:
    return f"{number(value)}{_spaced(unit)}" if math.isfinite(value) else "never"


def _spaced(unit: str) -> str:
    return f" {unit}" if unit else ""
