"""The gradient by layer in a line or two: what several experiments have in common."""

from typing import cast

from sim.measurements import Facts, Variant
from sim.parts import part
from sim.plots.wording import count, finite, from_to, nested, ranges

_EDGES = {"overflow_layers": "overflows", "underflow_layers": "is exactly 0"}


def lines(variant: Variant) -> tuple[str, ...]:
    """Say how much of the gradient a layer hands on, where it leaves the range, and what training did."""
    return tuple(line for line in (factor(variant), edges(variant), loss(variant)) if line)


def factor(variant: Variant) -> str:
    """Write the factor per layer, of a network that was trained with how long."""
    facts, one = variant.facts, part(variant.spec)
    trained = f" after {count(variant.spec.steps, 'training step')}" if "loss" in facts else ""
    found, theory = finite(facts, "factor_per_layer"), finite(facts, "theory_factor_per_layer")
    start = finite(nested(facts, "start"), "factor_per_layer")
    value = f"undefined (fewer than two usable {one}s)" if found is None else digits(found)
    beside = f" (theory {digits(theory)})" if theory is not None else ""
    beside = f" (before {digits(start)})" if start is not None else beside
    return f"factor per {one}{trained} {value}{beside}"


def digits(value: float) -> str:
    """Write four significant digits, so that a measurement and its theory can be compared."""
    return f"{value:#.4g}"


def edges(variant: Variant) -> str:
    """Name the layers whose signal overflows or is exactly zero; empty if there is none."""
    words: list[str] = []
    for edge, verb in _EDGES.items():
        if layers := cast("list[int]", variant.facts[edge]):
            one = f"{part(variant.spec)}{'s' * (len(layers) > 1)}"
            words.append(f"the gradient {verb} in {one} {ranges(layers)}")
    return "; ".join(words)


def loss(variant: Variant) -> str:
    """Write the loss before and after training; empty without training."""
    facts: Facts = nested(variant.facts, "loss")
    if not facts:
        return ""
    steps = count(variant.spec.steps, "step")
    return f"loss {from_to(facts['first'], facts['last'])} in {steps}"
