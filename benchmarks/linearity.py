"""Does the time of training grow in proportion to depth, replicas and steps?"""
# matplotlib leaves the types of some keywords open:
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from benchmarks import engine
from benchmarks.report import number, table
from benchmarks.timing import Contestant, Spread, take_turns
from sim.spec import Spec

BASE = Spec(depth=10, width=32, batch=64, seeds=16, steps=50, lr=0.1)
SWEEPS = {
    "depth": (2, 5, 10, 20, 40),
    "seeds": (2, 4, 8, 16, 32, 64),
    "steps": (12, 25, 50, 100, 200),
}
PLOT = Path(__file__).with_name("linearity.png")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line through times by least squares."""

    intercept: float
    slope: float
    r_squared: float

    @classmethod
    def through(cls, values: Sequence[float], seconds: Sequence[float]) -> "Line":
        """Fit; `r_squared` is the share of the variance of the seconds that the line explains."""
        x, y = np.asarray(values, dtype=np.float64), np.asarray(seconds, dtype=np.float64)
        slope, intercept = (float(part) for part in np.polyfit(x, y, 1))
        line = intercept + slope * x
        unexplained = float(np.square(y - line).sum() / np.square(y - y.mean()).sum())
        return cls(intercept=intercept, slope=slope, r_squared=1 - unexplained)


def run(rounds: int) -> str:
    """Return the table of fits, and draw every point into `PLOT`."""
    swept = {knob: [replace(BASE, **{knob: value}) for value in values] for knob, values in SWEEPS.items()}
    specs = dict.fromkeys(spec for sweep in swept.values() for spec in sweep)
    contestants = [
        Contestant(
            name=spec.text,
            run=lambda spec=spec: engine.train_with_norms(spec),
            warm_up=lambda spec=spec: engine.train_with_norms(replace(spec, steps=2)),
        )
        for spec in specs
    ]
    times = take_turns(contestants, rounds)
    medians = {knob: [Spread.of(times[spec.text]).median for spec in sweep] for knob, sweep in swept.items()}
    lines = {knob: Line.through(SWEEPS[knob], seconds) for knob, seconds in medians.items()}
    draw(medians, lines)
    head = ["knob", "values", "R² of a line", "milliseconds per unit of the knob, at each value"]
    rows = [_row(knob, medians[knob], line) for knob, line in lines.items()]
    return f"`{BASE.text}`, {rounds} rounds\n\n{table(head, rows)}"


def _row(knob: str, seconds: Sequence[float], line: Line) -> list[str]:
    values = SWEEPS[knob]
    units = [number(1e3 * time / value) for time, value in zip(seconds, values, strict=True)]
    return [knob, ", ".join(map(str, values)), f"{line.r_squared:.4f}", ", ".join(units)]


def draw(medians: dict[str, list[float]], lines: dict[str, Line]) -> None:
    """Draw one panel per knob: the measured points and the fitted line."""
    figure = Figure(figsize=(9, 3), dpi=120, layout="constrained")
    for axes, (knob, seconds) in zip(figure.subplots(1, len(medians)), medians.items(), strict=True):
        values, line = SWEEPS[knob], lines[knob]
        ends = np.array([0, values[-1]])
        axes.plot(ends, line.intercept + line.slope * ends, color="0.6")
        axes.plot(values, seconds, "o", color="C0")
        axes.set(xlabel=knob, xlim=(0, None), ylim=(0, None), title=f"R² = {line.r_squared:.4f}")
    figure.axes[0].set_ylabel("seconds")
    figure.savefig(PLOT)
