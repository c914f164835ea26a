"""What a run will cost, before it runs, so that a request that is too big is refused with a way out.

`size` counts, `passes` and `memory` turn counts into work and bytes, `experiments` has one row per
experiment, `machine` says how long the work takes where it is done, and `way_out` finds what would fit.
Nearly all estimates are within a factor of two of what a job takes that has a core for itself; memory is
estimated high. What takes longer all the same, as `speed` can where no plateau is left, is stopped at its
deadline.
"""

from sim.cost.estimate import Allowance, Cost, estimate, require_affordable
from sim.cost.machine import REFERENCE, Machine, this_machine
from sim.cost.memory import CHUNK_BYTES, replica_bytes

__all__ = [
    "CHUNK_BYTES",
    "REFERENCE",
    "Allowance",
    "Cost",
    "Machine",
    "estimate",
    "replica_bytes",
    "require_affordable",
    "this_machine",
]
