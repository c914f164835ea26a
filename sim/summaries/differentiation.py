"""Whether ways to differentiate agree, and what each costs, in a few lines."""

from sim.measurements import Variant
from sim.plots.wording import finite, nested, number, times

_NAMES = {"forward": "forward mode", "finite": "finite differences"}


def lines(variant: Variant) -> tuple[str, ...]:
    """Say how far the gradients differ, how much they vanish, and what each way costs."""
    facts = variant.facts
    differences = [finite(nested(facts, "difference"), way) for way in _NAMES]
    largest = None if None in differences else max(one for one in differences if one is not None)
    verb = "agree" if facts["agree"] else "do not agree"
    agreement = (
        f"three ways to differentiate {verb}: largest difference {number(largest)} of a layer's gradient"
    )
    ratio = finite(facts, "first_over_last") if variant.spec.depth > 1 else None
    course = f"the first layer gets {number(ratio)} of the last layer's gradient" if ratio is not None else ""
    passes, slower = nested(facts, "passes"), nested(facts, "slower")
    costs = [
        f"{name} {passes[way]:,} passes ({_times(finite(slower, way))} the time)"
        for way, name in _NAMES.items()
    ]
    cost = f"backpropagation takes 1 pass, {', '.join(costs)}"
    return tuple(line for line in (agreement, course, cost) if line)


def _times(ratio: float | None) -> str:
    return number(None) if ratio is None else times(ratio) if ratio >= 1 else f"{number(ratio)}×"
