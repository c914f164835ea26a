"""What is kept of a training run: which steps, and the loss in brief."""

from typing import Any

import numpy as np

from sim import losses
from sim.measurements import Array
from sim.quantiles import median
from sim.spec import Spec


def kept_steps(steps: int, most: int) -> dict[int, int]:
    """Choose at most `most` steps besides the first, evenly, each with its place in a series."""
    chosen = np.unique(np.linspace(0, steps, min(steps, most) + 1).round().astype(int))
    return {int(step): place for place, step in enumerate(chosen)}


def loss_facts(spec: Spec, loss: Array) -> dict[str, Any]:
    """Summarise a loss (replica, step) against the plateau of a network that knows nothing."""
    first, last = (float(median(loss)[step]) for step in (0, -1))
    return {"first": first, "last": last, "plateau": losses.plateau(spec), "steps": spec.steps}
