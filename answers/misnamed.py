"""Experiments and knobs that do not exist, by whatever else of a simulation can be read."""

from collections.abc import Sequence
from typing import NamedTuple

from sim.knobs import nearest
from sim.support import EXPERIMENTS
from sim.vocabulary import BY_KEY


class Misnamed(NamedTuple):
    """A word that names nothing; `key` is where it stands."""

    key: str
    message: str


def misnamed(simulation: str, experiment: str, knobs: Sequence[str]) -> list[Misnamed]:
    """Find the words of a simulation that name no experiment and no knob."""
    found: list[Misnamed] = []
    if experiment not in EXPERIMENTS:
        hint = nearest(experiment, list(EXPERIMENTS))
        found.append(Misnamed("experiment", f"{simulation}: there is no experiment {experiment!r}; {hint}"))
    for knob in knobs:
        if knob not in BY_KEY:
            hint = nearest(knob, list(BY_KEY))
            found.append(Misnamed("knobs", f"{simulation}: there is no knob {knob!r}; {hint}"))
    return found
