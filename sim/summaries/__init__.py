"""What was measured of one configuration, in a few lines of text: one file per experiment.

These lines stand where no plot is seen: in a terminal, and beside a title on a card.
"""

from collections.abc import Callable, Mapping

from sim.measurements import Variant
from sim.summaries import (
    convexity,
    differentiation,
    learning_rate,
    parameters,
    precision,
    profile,
    speed,
    surface,
    training,
)

SUMMARIES: Mapping[str, Callable[[Variant], tuple[str, ...]]] = {
    "gradients": profile.lines,
    "through_time": profile.lines,
    "training": training.lines,
    "differentiation": differentiation.lines,
    "convexity": convexity.lines,
    "speed": speed.lines,
    "precision": precision.lines,
    "learning_rate": learning_rate.lines,
    "parameters": parameters.lines,
    "surface": surface.lines,
}
"""By experiment: from a variant to its lines, the main one first."""
