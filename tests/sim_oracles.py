"""What the tests of `sim` share: short ways to run, and the same networks written in plain torch."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from torch import Tensor, nn

from sim import experiments
from sim.data import Batch
from sim.knobs import Choice, Knob
from sim.measurements import Array, Measurements, Variant
from sim.networks import Parameters
from sim.passes import build_pass
from sim.replicas import Replicas, draw
from sim.spec import Spec, parse_variants
from sim.vocabulary import KNOBS

# torch compiles its forward-mode rules with a function that it has deprecated itself.
TORCH_JVP = "ignore:`torch.jit.script` is deprecated:DeprecationWarning"

THEORY_ACTIVATIONS = (
    *("linear", "sigmoid", "tanh", "relu", "leaky_relu slope=0.2", "elu", "selu"),
    *("gelu", "silu", "softplus", "softsign", "hardtanh"),
)
"""Every activation that runs, as it is written in a spec."""


def spec_of(**knobs: Any) -> Spec:
    """Make a spec of knobs whose names are only known at run time."""
    return Spec(**knobs)


def silent(_fraction: float, _text: str) -> None:
    """Report nothing."""


def run(experiment: str, text: str) -> Measurements:
    """Run an experiment on `SPEC [vs SPEC…]`."""
    return experiments.run(experiment, parse_variants(text), silent)


def only(experiment: str, text: str) -> Variant:
    """Run an experiment on one spec."""
    return run(experiment, text).variants[0]


def drawn(text: str) -> tuple[Spec, Replicas]:
    """Draw all networks and data of a small spec at once."""
    spec = Spec.parse(text)
    return spec, next(iter(draw(spec)))


def modules(spec: Spec) -> nn.Module:
    """Return the activation as torch's own module."""
    table: dict[str, Callable[[], nn.Module]] = {
        "linear": nn.Identity,
        "sigmoid": nn.Sigmoid,
        "tanh": nn.Tanh,
        "relu": nn.ReLU,
        "leaky_relu": lambda: nn.LeakyReLU(spec.slope),
        "elu": nn.ELU,
        "selu": nn.SELU,
        "gelu": nn.GELU,
        "silu": nn.SiLU,
        "softplus": nn.Softplus,
        "softsign": nn.Softsign,
        "hardtanh": nn.Hardtanh,
    }
    return table[spec.activation]()


class Plain:
    """One replica as an ordinary `nn.Sequential`, with hooks on its hidden layers."""

    def __init__(self, spec: Spec, drawn: Parameters, replica: int) -> None:
        weights, (head_weights,) = (
            [tensor[replica].clone() for tensor in drawn.named(name)] for name in ("weight", "head")
        )
        *biases, head_biases = (tensor[replica].clone() for tensor in drawn.named("bias"))
        self.spec = spec
        self.hidden = [_layer(spec, w, b) for w, b in zip(weights, biases, strict=True)]
        head = nn.Linear(head_weights.shape[0], head_weights.shape[1])
        head.weight, head.bias = nn.Parameter(head_weights.T), nn.Parameter(head_biases)
        parts = [part for layer in self.hidden for part in (layer, modules(spec))]
        self.net = nn.Sequential(*parts, nn.Flatten(), head)

    def loss(self, inputs: Tensor, labels: Tensor) -> Tensor:
        """Return the batch loss, by torch's loss modules."""
        outputs: Tensor = self.net(inputs)
        if self.spec.loss == "ce":
            return nn.CrossEntropyLoss()(outputs, labels)
        targets = labels.to(outputs.dtype).unsqueeze(1)
        if self.spec.loss == "mse":
            return nn.MSELoss()(torch.sigmoid(outputs), targets)
        return nn.BCEWithLogitsLoss()(outputs, targets)

    def signal_and_weight(self, inputs: Tensor, labels: Tensor) -> tuple[Array, Array]:
        """Return both profiles of the public interface, by hooks and one backward pass."""
        streams: list[Tensor] = []

        def catch(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
            output.retain_grad()
            streams.append(output)

        handles = [layer.register_forward_hook(catch) for layer in self.hidden]
        self.net.zero_grad()
        torch.autograd.backward(self.loss(inputs, labels))
        for handle in handles:
            handle.remove()
        # The batch loss is a mean, so an example's own gradient is the batch size times as large.
        signal = [rms(gradient(h)) * len(labels) for h in streams]
        return np.array(signal), np.array([rms(gradient(layer.weight)) for layer in self.hidden])


def _layer(spec: Spec, weights: Tensor, biases: Tensor) -> nn.Linear | nn.Conv2d:
    if spec.arch == "mlp":
        layer: nn.Linear | nn.Conv2d = nn.Linear(weights.shape[0], weights.shape[1])
    else:
        layer = nn.Conv2d(
            weights.shape[0],
            weights.shape[-1],
            spec.kernel,
            padding=spec.kernel // 2,
            padding_mode="circular" if spec.padding == "circular" else "zeros",
        )
    layer.weight, layer.bias = nn.Parameter(weights.movedim(-1, 0)), nn.Parameter(biases)
    return layer


def gradient(of: Tensor) -> Tensor:
    """Return what the backward pass left there."""
    assert of.grad is not None
    return of.grad


def rms(values: Tensor) -> float:
    """Return the root mean square, by numpy in float64."""
    return float(np.sqrt(np.mean(np.square(values.detach().double().numpy()))))


def by_layer(spec: Spec, chunk: Replicas) -> tuple[Array, Array]:
    """Return signal and weight of every replica, shape (replica, layer), as the engine measures them."""
    network = build_pass(spec, chunk.network, chunk.parameters, chunk.batch)
    reading = network.run(layers=True, parameters=False)
    assert reading.signal is not None
    assert reading.weight is not None
    return reading.signal.numpy(), reading.weight.numpy()


def plain_profiles(spec: Spec, drawn: Parameters, batch: Batch) -> tuple[Array, Array]:
    """Return signal and weight of every replica, shape (replica, layer), one network at a time."""
    rows = [
        Plain(spec, drawn, replica).signal_and_weight(batch.inputs[replica], batch.labels[replica])
        for replica in range(spec.seeds)
    ]
    return np.array([signal for signal, _ in rows]), np.array([weight for _, weight in rows])


def _values(knob: Knob) -> st.SearchStrategy[object]:
    if isinstance(knob, Choice):
        return st.sampled_from(knob.words)
    if knob.whole:
        numbers = st.integers(int(knob.low), int(knob.high))
        return numbers.filter(lambda value: value % 2 == 1) if knob.odd else numbers
    floats = st.floats(knob.low, knob.high, exclude_min=knob.exclusive_low, allow_nan=False)
    # An int where a float is expected is legal Python, and -0.0 equals 0.0; test_keys asks about both.
    floats = floats.map(lambda value: value + 0.0)
    return st.none() | floats if knob.none else floats


def specs() -> st.SearchStrategy[Spec]:
    """Draw any spec the grammar can write."""
    fields = {knob.key: _values(knob) for knob in KNOBS}
    return st.fixed_dictionaries({}, optional=fields).map(lambda knobs: spec_of(**knobs))


def finite_differences(function: Callable[[], Tensor], point: Tensor, step: float = 1e-5) -> Iterator[Tensor]:
    """Yield the central difference of `function` along every entry of `point`, which is moved in place."""
    flat = point.view(-1)
    for index in range(len(flat)):
        kept = float(flat[index])
        flat[index] = kept + step
        above = function()
        flat[index] = kept - step
        below = function()
        flat[index] = kept
        yield (above - below) / (2 * step)
