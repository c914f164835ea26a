"""How far the weights of a layer have moved, worked out by hand."""

import math

import numpy as np
import pytest
import torch
from sim_oracles import drawn
from torch import Tensor

from sim.measurements import Array
from sim.networks import Parameters
from sim.training.movement import Movement


def norm(*tensors: Tensor) -> float:
    return math.sqrt(sum(float(tensor.double().square().sum()) for tensor in tensors))


def shifted(parameters: Parameters, *names: str, by: float) -> None:
    for slot, tensor in zip(parameters.slots, parameters.tensors, strict=True):
        if slot.name in names:
            tensor.add_(by * slot.layer)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("mlp 4x3", ("weight",)),
        ("mlp 3x4 norm=layer skip=residual data=blobs", ("weight",)),
        ("cnn 3x2 image=3", ("weight",)),
        ("mlp 3x4 skip=highway data=blobs", ("weight", "gate")),
        ("mlp 3x2 skip=dense", ("weight",)),
    ],
)
@pytest.mark.parametrize("precision", ["float64", "float32", "bfloat16"])
def test_a_layer_moves_by_the_change_of_all_its_weights(
    text: str, names: tuple[str, ...], precision: str
) -> None:
    spec, chunk = drawn(f"{text} {precision} seeds=2 batch=4")
    before = chunk.parameters.clone()
    movement = Movement(chunk.parameters)
    shifted(chunk.parameters, *names, by=0.125)
    moved = movement.since_start().numpy()
    assert moved.shape == (2, spec.depth)
    pairs = [list(zip(chunk.parameters.named(name), before.named(name), strict=True)) for name in names]
    for replica in range(2):
        for layer in range(spec.depth):
            both = [(now[layer][0][replica], now[layer][1][replica]) for now in pairs]
            change = norm(*(new.double() - old.double() for new, old in both))
            assert moved[replica, layer] == pytest.approx(change / norm(*(old for _, old in both)), rel=1e-9)


def test_biases_scales_the_stem_and_the_head_do_not_count() -> None:
    _, chunk = drawn("mlp 3x4 skip=highway norm=layer data=blobs seeds=2 batch=4")
    movement = Movement(chunk.parameters)
    movement.remember()
    shifted(chunk.parameters, "bias", "gate_bias", "scale", "shift", "head", by=3.0)
    for stem in chunk.parameters.named("stem"):
        stem.mul_(2)
    assert not movement.since_start().any()
    assert not movement.last_update().any()


def test_an_update_is_relative_to_the_weights_just_before_it_and_the_whole_way_to_the_start() -> None:
    _, chunk = drawn("mlp 3x4 seeds=1 batch=4 float64")
    movement = Movement(chunk.parameters)
    weights = chunk.parameters.named("weight")
    for factor in (2.0, 3.0):
        movement.remember()
        weights[0].mul_(factor)
        weights[2].mul_(1 / factor)
    np.testing.assert_allclose(movement.last_update().numpy(), [[2.0], [2 / 3]], rtol=1e-12)
    np.testing.assert_allclose(movement.since_start().numpy(), [[5.0, 0.0, 5 / 6]], rtol=1e-12)


def test_a_network_of_one_layer_has_one_first_and_last_layer() -> None:
    _, chunk = drawn("mlp 1x4 seeds=3 batch=4 float64")
    movement = Movement(chunk.parameters)
    movement.remember()
    chunk.parameters.named("weight")[0].mul_(1.5)
    np.testing.assert_allclose(movement.last_update().numpy(), np.full((2, 3), 0.5), rtol=1e-12)


def relative(change: float, size: float) -> Array:
    """Move weights that are all `size` by `change`."""
    _, chunk = drawn("mlp 1x2 seeds=1 batch=2 float64")
    chunk.parameters.named("weight")[0].fill_(size)
    movement = Movement(chunk.parameters)
    chunk.parameters.named("weight")[0].add_(change)
    return movement.since_start().numpy()


def test_weights_of_any_size_can_move() -> None:
    for size in (1e-40, 1.0, 1e140):
        np.testing.assert_allclose(relative(size / 4, size), [[0.25]], rtol=1e-12)


def test_weights_of_zero_that_stay_have_not_moved_and_others_have_moved_infinitely_far() -> None:
    assert relative(0.0, 0.0).tolist() == [[0.0]]
    assert relative(1e-3, 0.0).tolist() == [[math.inf]]
    assert np.isnan(relative(math.nan, 1.0)).all()


def test_watching_changes_nothing() -> None:
    _, chunk = drawn("mlp 2x4 seeds=2 batch=4")
    before = chunk.parameters.flat.clone()
    movement = Movement(chunk.parameters)
    movement.remember()
    movement.last_update()
    movement.since_start()
    assert torch.equal(before, chunk.parameters.flat)
