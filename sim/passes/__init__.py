"""Forward and backward passes of S replicas on fixed data, read layer by layer."""

from sim.data import Batch
from sim.networks import Network, Parameters
from sim.passes.automatic import AutomaticPass
from sim.passes.plain import PlainPass, is_plain
from sim.passes.reading import Pass, Reading
from sim.spec import Spec

__all__ = ["Pass", "Reading", "build_pass"]


def build_pass(spec: Spec, network: Network, parameters: Parameters, batch: Batch) -> Pass:
    """Return the fastest pass there is for this architecture; all of them give the same numbers."""
    if is_plain(spec):
        return PlainPass(spec, parameters, batch)
    return AutomaticPass(spec, network, parameters, batch)
