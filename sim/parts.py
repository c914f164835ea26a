"""What a layer is called, by architecture."""

from sim.spec import Spec
from sim.vocabulary import RECURRENT

_PARTS = {"transformer": "block", **dict.fromkeys(RECURRENT, "step")}


def part(spec: Spec) -> str:
    """Name what the gradient is followed through: a layer, a block of a transformer, or a time step."""
    return _PARTS.get(spec.arch, "layer")
