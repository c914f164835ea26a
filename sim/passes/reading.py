"""What one pass returns."""

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The numbers of one pass.

    `loss` is the batch loss of every replica, shape (replica,). `signal` is the root mean square over
    examples and units of δ_l = ∂(per-example loss)/∂h_l, `weight` that of ∂(batch loss)/∂W_l: float64,
    shape (replica, layer), input side first; None where they were not asked for.
    """

    loss: Tensor
    signal: Tensor | None = None
    weight: Tensor | None = None


class Pass(Protocol):
    """A network with its parameters on a batch, ready to run again and again."""

    gradient: Tensor
    """∂(batch loss)/∂parameters after a run that asked for it, laid out like `Parameters.flat`."""

    def run(self, *, layers: bool, parameters: bool) -> Reading:
        """Run forward and, if anything is asked for, backward.

        Args:
            layers: measure signal and weight gradient of every layer.
            parameters: fill `gradient`.
        """
        ...
