"""How many parameters a network has, in a few lines."""

from sim.measurements import Variant
from sim.plots.wording import count, finite, times
from sim.summaries import profile
from sim.vocabulary import RECURRENT

_SHARED = 1.0


def lines(variant: Variant) -> tuple[str, ...]:
    """Count the parameters by kind, say what sharing saves, and what of the gradient."""
    facts = variant.facts
    kinds = [("weights", "weight"), ("biases", "bias"), ("norms", "parameter")]
    counts = [
        count(many, noun) + (" of norms" if kind == "norms" else "")
        for kind, noun in kinds
        if (many := finite(facts, kind))
    ]
    total = f"{count(finite(facts, 'parameters') or 0, 'parameter')}: {', '.join(counts)}"
    return (total, _hidden(variant), *profile.lines(variant))


def _hidden(variant: Variant) -> str:
    facts, spec = variant.facts, variant.spec
    hidden, fewer = count(finite(facts, "hidden_weights") or 0, "weight"), finite(facts, "fewer") or _SHARED
    told = f"hidden layers: {hidden}"
    if fewer <= _SHARED:
        return told
    place, without = (
        ("step", "with one set per step") if spec.arch in RECURRENT else ("pixel", "if fully connected")
    )
    used = count(finite(facts, "uses") or 0, place)
    return f"{told}, each used at {used}; {times(fewer)} as many {without}"
