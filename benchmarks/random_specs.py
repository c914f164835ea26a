"""Configurations nobody chose: at random over the whole grammar, as far as an experiment runs them."""

import math

import numpy as np

from sim.cost import estimate
from sim.errors import SimulationError
from sim.knobs import Choice
from sim.spec import Spec
from sim.support import require_runnable
from sim.vocabulary import KNOBS

_SIZES = {
    "depth": (1, 40),
    "width": (4, 160),
    "batch": (8, 256),
    "seeds": (1, 32),
    "steps": (10, 400),
    "image": (4, 12),
}
"""Whole numbers, uniform by their logarithm."""

_TRIES = 20_000


def random_spec(random: np.random.Generator, experiment: str, *, seconds: float) -> Spec:
    """Draw until the experiment runs the spec and is estimated to take at most these seconds.

    Raises:
        LookupError: Nothing was found.
    """
    for _ in range(_TRIES):
        try:
            spec = Spec.parse(" ".join(_words(random)))
            require_runnable(experiment, [spec])
        except SimulationError:
            continue
        if estimate(experiment, [spec]).seconds <= seconds:
            return spec
    raise LookupError(f"no random configuration suits the experiment {experiment!r}")


def _words(random: np.random.Generator) -> list[str]:
    words: list[str] = []
    for knob in KNOBS:
        if knob.key in _SIZES:
            low, high = map(math.log, _SIZES[knob.key])
            if random.random() < 0.75:  # noqa: PLR2004  the rest keep their default
                words.append(f"{knob.key}={round(math.exp(random.uniform(low, high)))}")
        elif isinstance(knob, Choice) and random.random() < 0.4:  # noqa: PLR2004  more are rarely runnable
            words.append(f"{knob.key}={random.choice(knob.words)}")
    return words
