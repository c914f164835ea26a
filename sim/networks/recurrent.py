"""Recurrent networks: one cell applied to one time step after the other, S replicas at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from sim.activations import Phi
from sim.networks.network import Forward, OnLinear
from sim.networks.norms import normalise
from sim.networks.slots import Slot, bias_slot
from sim.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one time step leaves to the next, of shape (replica, batch, unit).

    `state` is h_t, `stream` where the signal of the step is read. `argument` is what the activation saw,
    None in a cell with several activations.
    """

    state: Tensor
    stream: Tensor
    argument: Tensor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What all time steps of one forward pass share; the gates' columns stand side by side.

    `entering` has the shape (replica, feature, gate·unit), `recurrent` (replica, unit, gate·unit) and `bias`
    (replica, 1, gate·unit); `inner_bias` (replica, 1, unit) belongs to the cell's `inner` gate. `norm`
    normalises every gate's argument by itself; it takes the number of the first gate that it is given.
    """

    entering: Tensor
    recurrent: Tensor
    bias: Tensor
    inner_bias: Tensor | None
    norm: Callable[[Tensor, int], Tensor]


class Cell(Protocol):
    """How the state of one time step follows from the state before."""

    gates: tuple[str, ...]
    """Everything with a matrix for the input and one for the state, in the order of the columns."""
    keeper: str | None
    """The gate that keeps the old state and so gets `forget_bias`."""
    inner: str | None
    """A gate whose recurrent part needs a bias of its own."""

    def __call__(self, shared: Shared, recurrent: Tensor, x: Tensor, last: Step) -> Step:
        """Take one step from `last` on x of shape (replica, batch, feature).

        `recurrent` is the step's own alias of `shared.recurrent`, to multiply with.
        """
        ...


class Simple:
    """h_t = φ(N(x_t W_x + h_{t−1} W_h + b)): Elman 1990, Finding structure in time."""

    gates: tuple[str, ...] = ("state",)
    keeper: str | None = None
    inner: str | None = None

    def __init__(self, phi: Phi) -> None:
        self._phi = phi

    def __call__(self, shared: Shared, recurrent: Tensor, x: Tensor, last: Step) -> Step:
        """See `Cell`."""
        entering = torch.baddbmm(shared.bias, x, shared.entering)
        argument = shared.norm(torch.baddbmm(entering, last.state, recurrent), 0)
        state = self._phi(argument)
        return Step(state=state, stream=state, argument=argument)


class Recurrent:
    """A cell over all time steps, from a state of zeros, and a linear output layer on the last h.

    Every gate has matrices of its own, each drawn by its own fans; with init=torch everything is drawn by the
    width, and there are two biases, as in `nn.RNN`, `nn.LSTM` and `nn.GRU`. A normalised gate's argument is
    N(x_t W_x + h_{t−1} W_h + b), scaled and shifted; `forget_bias` is then in the shift, because N would
    remove it.

    `Forward.weights[t-1]` is the recurrent matrices of all gates side by side, as step t used them. At the
    first step the state is zero, and so is the step's share of their gradient.
    """

    def __init__(self, spec: Spec, cell: Cell, *, inputs: int, outputs: int) -> None:
        self._spec = spec
        self._cell = cell
        self._slots = tuple(self._layout(inputs, outputs))

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The gates' weights, first for the input, then for the state; the head; scales and shifts; biases.

        As all steps share them, what belongs to the cell has the number of the last step.
        """
        return self._slots

    def __call__(
        self,
        tensors: Sequence[Tensor],
        inputs: Tensor,
        on_linear: OnLinear | None = None,  # noqa: ARG002  init=lsuv is not for shared or split weights
    ) -> Forward:
        """Run on inputs of shape (replica, batch, time, feature); `on_linear` is never called."""
        named = {slot.name: tensor for slot, tensor in zip(self._slots, tensors, strict=True)}
        shared = self._shared(named)
        zeros = inputs.new_zeros(*inputs.shape[:2], self._spec.width)
        last = Step(state=zeros, stream=zeros)
        steps: list[Step] = []
        weights: list[Tensor] = []
        # Each step multiplies its own input. One product for all steps would make lstm and gru some 1.4 times
        # as slow: result and gradient do not fit the cache, and fresh memory costs more than small products.
        for x in inputs.unbind(2):
            recurrent = shared.recurrent.view_as(shared.recurrent)  # an alias with a gradient of its own
            last = self._cell(shared, recurrent, x, last)
            steps.append(last)
            weights.append(recurrent)
        return Forward(
            outputs=torch.baddbmm(named["head.bias"].unsqueeze(1), last.state, named["head"]),
            streams=[step.stream for step in steps],
            weights=weights,
            states=[step.state for step in steps],
            arguments=[step.argument for step in steps if step.argument is not None],
        )

    def _layout(self, inputs: int, outputs: int) -> list[Slot]:
        spec, gates, n = self._spec, self._cell.gates, self._spec.width
        square = (n, n)
        entering = square if spec.init == "torch" else (inputs, n)
        top = spec.depth + 1
        slots = [
            Slot(name=f"{gate}.input", layer=spec.depth, shape=(inputs, n), fans=entering) for gate in gates
        ]
        slots += [
            Slot(name=f"{gate}.recurrent", layer=spec.depth, shape=square, fans=square) for gate in gates
        ]
        slots.append(Slot(name="head", layer=top, shape=(n, outputs), fans=(n, outputs)))
        for gate in gates:
            slots += self._norm_slots(gate)
        for gate in gates:
            unnormalised = spec.norm == "none"
            constant = self._forgetbias_slot(gate) if unnormalised else 0.0
            slots.append(bias_slot(f"{gate}.bias", spec.depth, n, entering, constant))
            if spec.init == "torch" or gate == self._cell.inner:
                slots.append(bias_slot(f"{gate}.recurrent_bias", spec.depth, n, square))
        slots.append(bias_slot("head.bias", top, outputs, (n, outputs)))
        return slots

    def _norm_slots(self, gate: str) -> list[Slot]:
        spec = self._spec
        if spec.norm == "none":
            return []
        shape = (spec.width,)
        slots = [Slot(name=f"{gate}.scale", layer=spec.depth, shape=shape, constant=1.0)]
        # The rms norm has no shift, but the forget bias needs one.
        if spec.norm != "rms" or gate == self._cell.keeper:
            constant = self._forgetbias_slot(gate)
            slots.append(Slot(name=f"{gate}.shift", layer=spec.depth, shape=shape, constant=constant))
        return slots

    def _forgetbias_slot(self, gate: str) -> float:
        return self._spec.forget_bias if gate == self._cell.keeper else 0.0

    def _shared(self, named: dict[str, Tensor]) -> Shared:
        """Put the gates side by side, so that one product per step does for all of them."""
        gates, inner = self._cell.gates, self._cell.inner
        biases = [
            named[f"{gate}.bias"] + named[f"{gate}.recurrent_bias"]
            if f"{gate}.recurrent_bias" in named and gate != inner
            else named[f"{gate}.bias"]
            for gate in gates
        ]
        return Shared(
            entering=torch.cat([named[f"{gate}.input"] for gate in gates], dim=2),
            recurrent=torch.cat([named[f"{gate}.recurrent"] for gate in gates], dim=2),
            bias=torch.cat(biases, dim=1).unsqueeze(1),
            inner_bias=named[f"{inner}.recurrent_bias"].unsqueeze(1) if inner else None,
            norm=self._norm(named),
        )

    def _norm(self, named: dict[str, Tensor]) -> Callable[[Tensor, int], Tensor]:
        spec, gates = self._spec, self._cell.gates
        if spec.norm == "none":
            return lambda argument, _first: argument
        scales = [named[f"{gate}.scale"] for gate in gates]
        shifts = [
            named.get(f"{gate}.shift", torch.zeros_like(scale))
            for gate, scale in zip(gates, scales, strict=True)
        ]
        scale, shift = (torch.stack(columns, dim=1).unsqueeze(1) for columns in (scales, shifts))

        def norm(argument: Tensor, first: int) -> Tensor:
            replicas, batch, columns = argument.shape
            count = columns // spec.width
            here = slice(first, first + count)
            rows = argument.reshape(replicas, batch * count, spec.width)
            apart = normalise(spec, rows).reshape(replicas, batch, count, spec.width)
            return (apart * scale[:, :, here] + shift[:, :, here]).flatten(2)

        return norm
