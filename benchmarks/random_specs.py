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

_RATES = -2.5, 1.0  # of learning, decades
_ARCHITECTURES = next(knob for knob in KNOBS if knob.key == "arch" and isinstance(knob, Choice)).words

_TRIES = 2_000  # for each architecture; some take few of the words


def random_spec(random: np.random.Generator, experiment: str, *, seconds: float) -> Spec:
    """Draw until the experiment runs the spec and is estimated to take at most these seconds.

    The architecture is drawn first, so that those are not rare which few words go with.

    Raises:
        LookupError: Nothing was found.
    """
    for arch in random.permutation(_ARCHITECTURES):
        for _ in range(_TRIES):
            try:
                spec = Spec.parse(" ".join((f"arch={arch}", *_words(random))))
                require_runnable(experiment, [spec])
            except SimulationError:
                continue
            if estimate(experiment, [spec]).seconds <= seconds:
                return spec
    raise LookupError(f"no random configuration suits the experiment {experiment!r}")


def _words(random: np.random.Generator) -> list[str]:
    words: list[str] = []
    often = random.choice((0.1, 0.4))  # with more words than these, a configuration is rarely runnable
    for knob in KNOBS:
        if knob.key in _SIZES:
            low, high = map(math.log, _SIZES[knob.key])
            if random.random() < 0.75:  # noqa: PLR2004  the rest keep their default
                words.append(f"{knob.key}={round(math.exp(random.uniform(low, high)))}")
        elif isinstance(knob, Choice) and knob.key != "arch" and random.random() < often:
            words.append(f"{knob.key}={random.choice(knob.words)}")
        elif knob.key == "lr" and random.random() < 0.75:  # noqa: PLR2004
            words.append(f"lr={10 ** random.uniform(*_RATES):.2g}")
    return words
