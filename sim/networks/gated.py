"""The cells of gated recurrent networks."""

import torch
from torch import Tensor

from sim.activations import Phi
from sim.networks.recurrent import Shared, Step


class LSTM:
    """c_t = f∘c_{t−1} + i∘φ(g), h_t = o∘φ(c_t), with f, i and o the sigmoid of gates.

    The signal is read at c_t and is the whole ∂loss/∂c_t: along the direct path, where f alone multiplies,
    and through h_t and every gate that reads it. Hochreiter & Schmidhuber 1997, Long short-term memory; Gers,
    Schmidhuber & Cummins 2000, Learning to forget: continual prediction with LSTM.
    """

    gates: tuple[str, ...] = ("write", "forget", "read", "candidate")
    keeper: str | None = "forget"
    inner: str | None = None

    def __init__(self, phi: Phi) -> None:
        self._phi = phi

    def __call__(self, shared: Shared, recurrent: Tensor, x: Tensor, last: Step) -> Step:
        """See `Cell`."""
        entering = torch.baddbmm(shared.bias, x, shared.entering)
        argument = shared.norm(torch.baddbmm(entering, last.state, recurrent), 0)
        units = last.state.shape[2]
        gates, candidate = argument.split_with_sizes([3 * units, units], dim=2)
        write, forget, read = torch.sigmoid(gates).chunk(3, dim=2)
        cell = torch.addcmul(forget * last.stream, write, self._phi(candidate))
        return Step(state=read * self._phi(cell), stream=cell)


class GRU:
    """h_t = (1−z)∘φ(x_t W + b + r∘(h_{t−1} U + b')) + z∘h_{t−1}, with z and r the sigmoid of gates.

    z keeps the old state. Cho et al. 2014, Learning phrase representations using RNN encoder-decoder,
    arXiv:1406.1078, whose first version resets after the product, as `nn.GRU` does.
    """

    gates: tuple[str, ...] = ("update", "reset", "candidate")
    keeper: str | None = "update"
    inner: str | None = "candidate"

    def __init__(self, phi: Phi) -> None:
        self._phi = phi

    def __call__(self, shared: Shared, recurrent: Tensor, x: Tensor, last: Step) -> Step:
        """See `Cell`."""
        units = last.state.shape[2]
        parts = [2 * units, units]
        driven = torch.baddbmm(shared.bias, x, shared.entering)
        entering, entered = driven.split_with_sizes(parts, dim=2)
        recalling, recalled = torch.bmm(last.state, recurrent).split_with_sizes(parts, dim=2)
        update, reset = torch.sigmoid(shared.norm(entering + recalling, 0)).chunk(2, dim=2)
        if shared.inner_bias is not None:
            recalled = recalled + shared.inner_bias
        candidate = self._phi(shared.norm(torch.addcmul(entered, reset, recalled), 2))
        state = torch.lerp(candidate, last.state, update)
        return Step(state=state, stream=state)
