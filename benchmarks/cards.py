"""Drawing and encoding the cards of every experiment, once matplotlib is warm."""

import numpy as np

from benchmarks.random_specs import random_spec
from benchmarks.report import between, number, table
from benchmarks.timing import Contestant, Spread, take_turns
from sim import experiments, plots
from sim.measurements import Measurements
from sim.plots import Plot
from sim.spec import Spec, parse_variants
from sim.support import EXPERIMENTS

SAMPLES = {
    "gradients": "sigmoid vs relu init=he",
    "differentiation": "6x8 seeds=4",
    "convexity": "arch=logistic data=blobs vs loss=mse",
    "speed": "4x16 data=blobs steps=100 seeds=4 lr=1",
}
"""What is drawn; an experiment that is not listed gets a configuration at random."""

_THEME = "dark"
_LONGEST_SECONDS = 2.0


def run(rounds: int) -> str:
    """Return one row per experiment."""
    rows: list[list[str]] = []
    for experiment in EXPERIMENTS:
        measurements = experiments.run(experiment, specs_of(experiment), lambda _fraction, _text: None)
        drawn = plots.draw(measurements, _THEME)
        times = take_turns([_drawing(measurements)], rounds)[experiment]
        spread = Spread.of([1e3 * seconds / len(drawn) for seconds in times])
        size = sum(len(plot.png) for plot in drawn) / len(drawn) / 2**10
        rows.append([experiment, str(len(drawn)), between(spread), number(size)])
    return f"{rounds} rounds\n\n" + table(["experiment", "cards", "ms per card (quartiles)", "KiB"], rows)


def specs_of(experiment: str) -> tuple[Spec, ...]:
    """Return what is measured to be drawn."""
    if experiment in SAMPLES:
        return parse_variants(SAMPLES[experiment])
    return (random_spec(np.random.default_rng(0), experiment, seconds=_LONGEST_SECONDS),)


def _drawing(measurements: Measurements) -> Contestant:
    def draw() -> tuple[Plot, ...]:
        return plots.draw(measurements, _THEME)

    return Contestant(name=measurements.experiment, run=draw, warm_up=draw)
