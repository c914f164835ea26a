"""In how many layers a gradient survives a floating-point type, in a few lines."""

from sim.measurements import Variant
from sim.plots.wording import count
from sim.summaries import profile


def lines(variant: Variant) -> tuple[str, ...]:
    """Count the layers with a gradient, with and without loss scaling."""
    facts, spec = variant.facts, variant.spec
    counts = [
        f"{what} in {facts[f'layers_with_{name}']} of {count(spec.depth, profile.part(spec))}, "
        f"{facts[f'layers_with_{name}_scaled']} with loss scaling"
        for what, name in (("a signal", "signal"), ("a weight gradient", "weight"))
    ]
    return (*counts, profile.factor(variant))
