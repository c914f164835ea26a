"""The same simulations on other networks and other data."""

from dataclasses import replace

from answers.entry import Entry, Simulation
from answers.pipeline import plan

FRESH_ROUNDS = 8
"""Sets of fresh seeds on which every claim has to hold: one that only holds for lucky seeds fails."""

_STEP = 1_000  # more than the replicas of one run, so that no two rounds share a network


def with_fresh_seeds(simulation: Simulation, round_: int = 1) -> Simulation:
    """Return the simulation on other networks and other data, the same for the same round."""
    variants = {
        name: replace(spec, seed=(spec.seed + _STEP * round_) % 2**31)
        for name, spec in simulation.variants.items()
    }
    return replace(simulation, variants=variants)


def rounds(entry: Entry, fresh: int = FRESH_ROUNDS) -> list[tuple[Simulation, ...]]:
    """Return the simulations of an entry as shipped, then on that many sets of fresh seeds."""
    return [
        tuple(with_fresh_seeds(simulation, number) for simulation in plan(entry)) if number else plan(entry)
        for number in range(fresh + 1)
    ]
