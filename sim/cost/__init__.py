"""What a run will cost, before it runs, so that a request that is too big is refused with a way out.

`size` counts, `passes` and `memory` turn counts into seconds and bytes, `experiments` has one row per
experiment. Most estimates are within a factor of two of what a job takes; memory is estimated high. What
takes longer all the same is stopped at its deadline.
"""

from sim.cost.estimate import Allowance, Cost, estimate, require_affordable
from sim.cost.memory import CHUNK_BYTES, replica_bytes

__all__ = ["CHUNK_BYTES", "Allowance", "Cost", "estimate", "replica_bytes", "require_affordable"]
