"""How the papers' networks are measured: the engine's own draw and passes, read as plain arrays."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from sim.algebra import root_mean_squares
from sim.data import Batch
from sim.measurements import Array
from sim.passes import build_pass
from sim.passes.automatic import AutomaticPass
from sim.profiles import factor_per_layer
from sim.replicas import Replicas, draw
from sim.spec import Spec
from sim.theory import Prediction, predict


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """Root mean squares by layer, each of shape (replica, layer), and what theory predicts of `signal`.

    `signal` and `weight` are the two gradients of `sim.passes`, `state` what each layer passes on.
    """

    signal: Array
    weight: Array
    state: Array
    prediction: Prediction | None

    @property
    def factors(self) -> Array:
        """The mean norm factor of the signal per layer, shape (replica,)."""
        return factor_per_layer(self.signal)

    @property
    def theory(self) -> float:
        """The predicted factor per layer.

        Raises:
            LookupError: no theory applies to these networks.
        """
        factor = None if self.prediction is None else self.prediction.factor_per_layer
        if factor is None:
            msg = "no theory predicts the factor of these networks"
            raise LookupError(msg)
        return factor


def measure(text: str) -> Profiles:
    """Draw the networks of one configuration and measure them."""
    spec = Spec.parse(text)
    parts = [(chunk, measure_drawn(spec, chunk)) for chunk in draw(spec)]
    signal, weight, state = (
        np.concatenate([getattr(part, name) for _, part in parts]) for name in ("signal", "weight", "state")
    )
    squares = [float(chunk.batch.inputs.double().square().mean()) for chunk, _ in parts]
    prediction = predict(spec, input_mean_square=float(np.mean(squares)), input_units=parts[0][0].inputs)
    return Profiles(signal=signal, weight=weight, state=state, prediction=prediction)


def measure_drawn(spec: Spec, chunk: Replicas) -> Profiles:
    """Measure networks that are already drawn, and perhaps changed since; without a prediction."""
    reading = build_pass(spec, chunk.network, chunk.parameters, chunk.batch).run(
        layers=True, parameters=False
    )
    if reading.signal is None or reading.weight is None:
        msg = "a pass that is asked for layers returns their gradients"
        raise RuntimeError(msg)
    with torch.no_grad():
        states = chunk.network(chunk.parameters.tensors, chunk.batch.inputs).states
    return Profiles(
        signal=reading.signal.numpy(),
        weight=reading.weight.numpy(),
        state=root_mean_squares(states).numpy(),
        prediction=None,
    )


def chunks(text: str) -> Iterator[tuple[Spec, Replicas]]:
    """Draw the networks of one configuration, for measurements that only one paper makes."""
    spec = Spec.parse(text)
    for chunk in draw(spec):
        yield spec, chunk


def weight_gradient_of_one_example(text: str, examples: int) -> Array:
    """Return the root mean square of every layer's weight gradient when the loss has one example.

    In a batch the gradients of different labels cancel, the more so the more alike the examples have become;
    here each example stands alone, and the mean is over `examples` of them. Shape (replica, layer).
    """
    found: list[Array] = []
    for spec, chunk in chunks(text):
        squares: list[Array] = []
        for example in range(examples):
            here = slice(example, example + 1)
            batch = Batch(
                inputs=chunk.batch.inputs[:, here].contiguous(),
                labels=chunk.batch.labels[:, here].contiguous(),
            )
            automatic = AutomaticPass(replace(spec, batch=1), chunk.network, chunk.parameters, batch)
            weight = automatic.run(layers=True, parameters=False).weight
            if weight is not None:
                squares.append(weight.square().numpy())
        found.append(np.sqrt(np.mean(squares, axis=0)))
    return np.concatenate(found)
