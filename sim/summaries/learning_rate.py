"""Which learning rates help, in a line per way of choosing them."""

from collections.abc import Sequence
from typing import cast

from sim.measurements import Facts, Variant
from sim.plots.wording import STEADY, change, finite, listing, nested, number


def lines(variant: Variant) -> tuple[str, ...]:
    """Say which rates leave the plateau, which of them is best, and which diverge."""
    facts = variant.facts
    rates = variant.series["rates"].values.tolist()
    plateau = number(finite(facts, "plateau"))
    ways = {
        "one rate for all layers": nested(facts, "one_rate"),
        f"layer-wise rates{_growth(facts)}": nested(facts, "by_layer"),
    }
    return tuple(f"{way}: {_course(found, rates, plateau)}" for way, found in ways.items())


def _growth(facts: Facts) -> str:
    growth = finite(facts, "growth_by_layer")
    if growth is None or STEADY[0] <= growth <= STEADY[1]:
        return ""
    return f", {change(growth)} {'faster' if growth > 1 else 'slower'} per layer towards the input"


def _course(found: Facts, rates: Sequence[float], plateau: str) -> str:
    learn = cast("list[float]", found["rates_that_learn"])
    lost = cast("list[float]", found["rates_that_diverge"])
    best, rate = finite(found, "best_loss"), finite(found, "best_rate")
    if learn:
        leave = "leave" if len(learn) > 1 else "leaves"
        told = f"{_runs(learn, rates)} {leave} the plateau of {plateau}"
    else:
        told = f"none of {len(rates)} leaves the plateau of {plateau}"
    if best is not None and rate is not None:
        told += f", best loss {number(best)} at {rate:g}"
    if lost:
        told += f"; {_runs(lost, rates)} {'diverge' if len(lost) > 1 else 'diverges'}"
    return told


def _runs(some: Sequence[float], rates: Sequence[float]) -> str:
    """Write rates as runs of neighbours: 0.01 to 1 and 32."""
    runs: list[list[float]] = []
    for place, rate in enumerate(rates):
        if rate not in some:
            continue
        if place and rates[place - 1] in some:
            runs[-1].append(rate)
        else:
            runs.append([rate])
    return listing([f"{run[0]:g}" if len(run) == 1 else f"{run[0]:g} to {run[-1]:g}" for run in runs])
