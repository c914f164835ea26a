"""The theory over time steps against closed forms and networks in plain torch."""

import math

import numpy as np
import pytest
import torch
from theory_oracles import slopes
from torch import Generator

from sim.measurements import Array
from sim.spec import Spec
from sim.theory import direct_path, predict


def factors(text: str, mean_square: float = 1.0) -> Array:
    spec = Spec.parse(text)
    found = predict(spec, input_mean_square=mean_square, input_units=spec.width)
    assert found is not None
    return found.factors


@pytest.mark.parametrize("gain", [0.5, 1.0, 1.5])
def test_an_orthogonal_linear_network_multiplies_by_its_gain(gain: float) -> None:
    np.testing.assert_allclose(factors(f"arch=rnn linear orthogonal gain={gain} 9x32"), gain, rtol=1e-12)


def test_a_relu_network_keeps_half_of_its_fan() -> None:
    np.testing.assert_allclose(factors("arch=rnn relu he 9x32"), 1.0, rtol=1e-12)
    np.testing.assert_allclose(factors("arch=rnn relu 9x32"), math.sqrt(0.5), rtol=1e-12)


def test_stronger_inputs_make_a_tanh_network_forget() -> None:
    # With inputs of a tenth the gradient explodes, with inputs of 1 it vanishes, at the same weights.
    found = [float(factors("arch=rnn tanh gain=1.573 50x256", scale**2)[-1]) for scale in (0.1, 1.0, 3.0)]
    assert found == sorted(found, reverse=True)
    assert found[0] > 1 > found[1]


@pytest.mark.parametrize(
    "words",
    [
        *("linear orthogonal", "tanh", "sigmoid", "relu he", "tanh init=torch", "tanh norm=layer"),
        *("tanh gain=1.5 input_scale=0.1", "selu norm=rms", "noisy_relu"),
    ],
)
def test_networks_in_plain_torch_meet_the_prediction(words: str) -> None:
    measured, predicted = slopes(f"arch=rnn 24x512 batch=32 {words}", seeds=12)
    assert measured == pytest.approx(predicted, abs=0.004)


@pytest.mark.parametrize("arch", ["lstm", "gru"])
@pytest.mark.parametrize(("bias", "init"), [(0, "lecun"), (1, "lecun"), (5, "lecun"), (0, "torch")])
def test_gates_in_plain_torch_let_through_what_is_predicted(arch: str, bias: float, init: str) -> None:
    generator = Generator().manual_seed(1)
    n, steps = 256, 12
    bound = 1 / math.sqrt(n)

    def linear(size: int = n) -> torch.nn.Linear:
        layer = torch.nn.Linear(size, n)
        for parameter in layer.parameters():
            if init == "torch":
                torch.nn.init.uniform_(parameter, -bound, bound, generator=generator)
            elif parameter.ndim > 1:
                torch.nn.init.normal_(parameter, std=bound, generator=generator)
            else:
                torch.nn.init.zeros_(parameter)
        return layer

    entering, recurrent = [linear() for _ in range(4)], [linear() for _ in range(4)]
    h = c = torch.zeros(128, n)
    kept: list[float] = []
    with torch.no_grad():
        for _ in range(steps):
            x = torch.randn(128, n, generator=generator)
            keep = torch.sigmoid(entering[0](x) + recurrent[0](h) + bias)
            second = torch.sigmoid(entering[1](x) + recurrent[1](h))
            if arch == "lstm":
                new = torch.tanh(entering[2](x) + recurrent[2](h))
                read = torch.sigmoid(entering[3](x) + recurrent[3](h))
                c = keep * c + second * new
                h = read * torch.tanh(c)
            else:
                h = (1 - keep) * torch.tanh(entering[2](x) + second * recurrent[2](h)) + keep * h
            kept.append(keep.square().mean().sqrt().item())
    spec = Spec.parse(f"arch={arch} tanh {steps}x{n} init={init} forget_bias={bias}")
    path = direct_path(spec)
    assert path is not None
    np.testing.assert_allclose(path, kept[1:], rtol=0.006)


def test_a_gate_without_a_signal_is_the_sigmoid_of_its_bias() -> None:
    path = direct_path(Spec.parse("arch=lstm tanh 5x32 normal std=0.000001 forget_bias=2"))
    assert path is not None
    np.testing.assert_allclose(path, 1 / (1 + math.exp(-2)), rtol=1e-6)


@pytest.mark.parametrize(
    "text", ["tanh", "arch=rnn", "arch=lstm norm=layer", "arch=lstm steps=1", "arch=gru zeros"]
)
def test_elsewhere_there_is_no_direct_path(text: str) -> None:
    assert direct_path(Spec.parse(text.replace(" zeros", " init=zeros"))) is None
