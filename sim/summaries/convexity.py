"""Whether a loss is convex and where training ends, in a few lines."""

from sim.measurements import Variant
from sim.plots.wording import count, finite, number, times


def lines(variant: Variant) -> tuple[str, ...]:
    """Say where the loss curves down, where training ended, what lies between, and whether weights grow."""
    found = (_curvature(variant), _ends(variant), _between(variant), _growth(variant))
    return tuple(line for line in found if line)


def _curvature(variant: Variant) -> str:
    facts = variant.facts
    negative, flat = (f"{finite(facts, name) or 0:,.0f}" for name in ("negative_points", "flat_points"))
    level = f", flat at {flat}" if flat != "0" else ""
    points = count(finite(facts, "points") or 0, "random point")
    smallest = number(finite(facts, "smallest"))
    return f"negative curvature at {negative} of {points}{level}; smallest eigenvalue {smallest}"


def _ends(variant: Variant) -> str:
    facts = variant.facts
    starts, steps = (
        count(finite(facts, "starts") or 0, "start"),
        count(finite(facts, "solution_steps") or 0, "step"),
    )
    distinct, loss = finite(facts, "distinct_ends"), finite(facts, "end_loss")
    if distinct is None or loss is None:
        return ""
    points = "1 point" if distinct == 1 else f"{distinct:g} points"
    return f"{starts} end at {points} after {steps}, with loss {number(loss)}"


def _between(variant: Variant) -> str:
    hump = finite(variant.facts, "segment_hump")
    if hump is None:
        return ""
    if not hump:
        return "on the way between two ends the loss never rises above the chord"
    return f"on the way between two ends the loss rises {number(hump)} above the chord"


def _growth(variant: Variant) -> str:
    growth = finite(variant.facts, "norm_growth")
    if growth is None:
        return ""
    if not variant.facts["weights_grow"]:
        return "under plain gradient descent the weights stop growing"
    return f"under plain gradient descent the weights grow {times(growth)} in the last tenfold of steps"
