"""The experiment `parameters`: counts against torch's own modules, and the gradient beside them."""

import json

import numpy as np
import pytest
import torch
from network_oracles import Student
from sim_oracles import drawn, only, run
from torch import nn

from sim.measurements import Measurements

# What a hidden layer of each recurrent network is in torch.
CELLS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def entries(module: nn.Module, *, of: str = "") -> int:
    return sum(tensor.numel() for name, tensor in module.named_parameters() if of in name)


@pytest.mark.parametrize(
    "words",
    [
        "2x5",
        "relu 3x4 batch=4 data=digits loss=ce",
        "relu 3x4 batch=4 data=blobs skip=residual norm=batch",
        "2x5 skip=highway norm=layer order=post",
        "3x4 skip=dense norm=rms",
        "cnn 3x4 image=6 kernel=5 norm=batch",
        "cnn 2x4 data=digits loss=ce skip=residual",
        "cnn 2x4 skip=highway image=4",
    ],
)
def test_a_feed_forward_network_has_as_many_parameters_as_its_modules(words: str) -> None:
    text = f"{words} seeds=2 float64"
    spec, chunk = drawn(text)
    modules = Student(spec, chunk, 0).net
    facts = only("parameters", text).facts
    assert facts["parameters"] == entries(modules)
    norms = (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm)
    learnt = sum(entries(m) for m in modules.modules() if isinstance(m, norms) or "RMS" in type(m).__name__)
    linear = [m for m in modules.modules() if isinstance(m, nn.Linear | nn.Conv2d)]
    assert facts["norms"] == learnt
    assert facts["weights"] == sum(m.weight.numel() for m in linear)
    assert facts["biases"] == sum(m.bias.numel() for m in linear if m.bias is not None)
    assert facts["hidden_weights"] == facts["weights"] - linear[-1].weight.numel()


@pytest.mark.parametrize("arch", CELLS)
@pytest.mark.parametrize("data", ["gaussian", "recall"])
def test_a_recurrent_network_has_as_many_parameters_as_its_modules(arch: str, data: str) -> None:
    facts = only("parameters", f"{arch} 5x6 data={data} init=torch seeds=2 batch=4").facts
    cell = CELLS[arch](6 if data == "gaussian" else 1, 6)
    # The engine adds the two biases of torch's cells up where nothing stands between them.
    once = facts["biases"] - 1
    assert facts["weights"] == entries(cell, of="weight") + 6
    assert facts["hidden_weights"] == facts["layer_weights"] == entries(cell, of="weight")
    assert once == entries(cell, of="bias")
    assert (facts["uses"], facts["fewer"]) == (5, 5.0)
    assert facts["unshared_weights"] == 5 * entries(cell, of="weight")
    assert [part["name"] for part in facts["by_layer"]] == ["cell", "output layer"]


@pytest.mark.parametrize(("width", "image", "kernel"), [(2, 5, 3), (2, 4, 5), (3, 3, 1)])
def test_a_fully_connected_layer_between_the_same_maps_is_the_convolutions_matrix(
    width: int, image: int, kernel: int
) -> None:
    words = f"cnn 2x{width} image={image} kernel={kernel} padding=circular seeds=1 batch=2"
    facts = only("parameters", words).facts
    convolution = nn.Conv2d(width, width, kernel, padding="same", padding_mode="circular", bias=False)
    nn.init.ones_(convolution.weight)
    basis = torch.eye(width * image**2).reshape(-1, width, image, image)
    matrix = convolution(basis).flatten(1).detach()
    assert facts["unshared_layer_weights"] == matrix.numel()
    assert facts["fewer"] == matrix.numel() / convolution.weight.numel()
    assert facts["uses"] == image**2
    # Each weight is used as often as the matrix has it: kernels that overlap themselves add up.
    assert facts["uses"] * facts["layer_weights"] == round(float(matrix.sum()))


def test_the_saving_is_sharing_times_seeing_few_pixels() -> None:
    facts = only("parameters", "cnn 3x4 image=8 kernel=3 seeds=1 batch=2").facts
    assert facts["fewer"] == pytest.approx(facts["uses"] * 8**2 / 3**2)


def pair() -> Measurements:
    return run("parameters", "cnn depth=3 width=4 image=4 relu he seeds=3 batch=8 vs mlp width=64")


def test_the_pair_of_the_course_has_equally_many_units_and_fewer_weights() -> None:
    measurements = pair()
    convolution, full = measurements.variants
    assert convolution.facts["units"] == full.facts["units"] == 64
    assert measurements.facts["same_units"]
    assert convolution.facts["unshared_weights"] == full.facts["hidden_weights"] == 3 * 64**2
    assert measurements.facts["weights_over_first"] == [1.0, 3 * 64**2 / (3 * 4 * 4 * 9)]
    assert measurements.facts["parameters_over_first"][1] == (
        full.facts["parameters"] / convolution.facts["parameters"]
    )


def test_networks_of_other_sizes_are_not_called_equally_large() -> None:
    measurements = run("parameters", "relu 3x4 seeds=1 batch=2 vs width=8")
    assert not measurements.facts["same_units"]


def test_the_layers_add_up() -> None:
    variant = only("parameters", "cnn 3x4 data=digits skip=residual norm=batch seeds=2 batch=8")
    by_layer, facts = variant.facts["by_layer"], variant.facts
    assert [part["name"] for part in by_layer] == ["stem", "layer 1", "layer 2", "layer 3", "output layer"]
    for name in ("weights", "biases", "norms"):
        assert sum(part[name] for part in by_layer) == facts[name]
    assert facts["weights"] + facts["biases"] + facts["norms"] == facts["parameters"]
    hidden = by_layer[1:4]
    assert variant.series["layer_weights"].values.tolist() == [part["weights"] for part in hidden]
    assert variant.series["layer_biases"].values.tolist() == [part["biases"] for part in hidden]
    assert facts["layer_weights"] == hidden[-1]["weights"]


@pytest.mark.parametrize("words", ["cnn 3x4 image=4", "relu 3x4 steps=3", "gru 4x3"])
def test_the_gradient_is_that_of_the_experiment_that_measures_it(words: str) -> None:
    text = f"{words} seeds=3 batch=8"
    counted, measured = only("parameters", text), only("gradients", text)
    for name, series in measured.series.items():
        np.testing.assert_array_equal(counted.series[name].values, series.values)
    assert counted.facts["factor_per_layer"] == measured.facts["factor_per_layer"]


def test_what_was_counted_travels_as_json() -> None:
    measurements = pair()
    back = Measurements.from_json(json.loads(json.dumps(measurements.to_json())))
    assert back.facts == measurements.facts
    assert back.variants[0].facts == measurements.variants[0].facts
