"""The estimate of a run, and the refusal of one that is too big, with a way out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.cost.experiments import PRECISIONS, ROWS
from sim.cost.machine import REFERENCE, Machine
from sim.cost.way_out import way_out
from sim.cost.work import Work
from sim.errors import SpecError, TooExpensive
from sim.spec import Spec
from sim.support import require_runnable


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """An estimate: seconds of computing on one thread, without drawing cards, and bytes at the peak."""

    seconds: float
    bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one run may take, and on which machine.

    The reference machine is the default, so that what is refused does not depend on who asks.
    """

    seconds: float = 30.0
    bytes: float = 1.5 * 2**30
    machine: Machine = REFERENCE

    def covers(self, cost: Cost) -> bool:
        """Say whether a cost is within it."""
        return cost.seconds <= self.seconds and cost.bytes <= self.bytes


def estimate(experiment: str, specs: Sequence[Spec], machine: Machine = REFERENCE) -> Cost:
    """Estimate what an experiment costs on specs that it can run."""
    row = ROWS[experiment]
    if experiment == "precision" and len(specs) == 1:
        specs = [replace(specs[0], precision=precision) for precision in PRECISIONS]
    work = sum((row.work(spec) for spec in specs), Work())
    return Cost(seconds=work.seconds(machine), bytes=max(row.bytes(spec) for spec in specs))


def require_affordable(experiment: str, specs: Sequence[Spec], allowance: Allowance) -> None:
    """Raise TooExpensive, naming the knob to turn, unless the experiment fits the allowance."""
    cost = estimate(experiment, specs, allowance.machine)
    if allowance.covers(cost):
        return
    if cost.seconds > allowance.seconds:
        excess = f"about {_rounded(cost.seconds)} s of computing, and the limit is {allowance.seconds:g} s"
    else:
        needed, limit = (round(value / 2**20) for value in (cost.bytes, allowance.bytes))
        excess = f"about {needed} MB of memory, and the limit is {limit} MB"

    def fits(smaller: Sequence[Spec]) -> bool:
        return _runs(experiment, smaller) and allowance.covers(
            estimate(experiment, smaller, allowance.machine)
        )

    msg = f"This run needs {excess}; {way_out(specs, fits)}."
    raise TooExpensive(msg)


def _runs(experiment: str, specs: Sequence[Spec]) -> bool:
    """Say whether smaller specs still make sense: the digits, say, are 8 or 64 time steps and no others."""
    try:
        require_runnable(experiment, specs)
    except SpecError:
        return False
    return True


def _rounded(seconds: float) -> str:
    return f"{math.ceil(seconds)}" if seconds < 100 else f"{float(f'{seconds:.1e}'):,.0f}"  # noqa: PLR2004
